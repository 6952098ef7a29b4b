import { parseDatabaseUrl, type DatabaseTarget } from '../../src/postgres/target.ts';

/** The target of a PostgreSQL URL, with some of its fields replaced. */
export const targetOf = (url: string, over: Partial<DatabaseTarget> = {}): DatabaseTarget => {
  const address = parseDatabaseUrl(url);
  if (address.kind !== 'postgresql') throw new Error(`${address.kind} is not PostgreSQL`);
  return { ...address.target, ...over };
};
