import type { DatabaseTarget } from '../postgres/target.ts';

/** A variable by which a project finds its database, and what it says of it. */
export interface DatabaseVariable {
  readonly name: string;
  readonly role: 'url' | 'engine' | 'host' | 'port' | 'name' | 'user' | 'password';
}

export interface DatabaseValues {
  readonly target: DatabaseTarget;
  /** Of the database, where the settings name it themselves: for programs that read no settings. */
  readonly actualName: string;
  /** The variables of the project's settings, or those that settings usually read. */
  readonly variables: readonly DatabaseVariable[];
  /** Gets the URL in any case. */
  readonly urlVariable: string;
  /** Of the settings, e.g. `django_tenants.postgresql_backend`. */
  readonly engine: string;
  /** What the variables hold now. */
  readonly current: (name: string) => string | undefined;
}

/** What psql, pg_dump and the driver take where nobody tells them. */
export const LIBPQ = [
  { name: 'PGHOST', role: 'host' },
  { name: 'PGPORT', role: 'port' },
  { name: 'PGUSER', role: 'user' },
  { name: 'PGPASSWORD', role: 'password' },
  { name: 'PGDATABASE', role: 'name' },
] as const satisfies readonly DatabaseVariable[];

/** The environment in which a project uses this database and no other. */
export const databaseValues = ({
  target,
  actualName,
  variables,
  urlVariable,
  engine,
  current,
}: DatabaseValues): Record<string, string> => {
  const own: readonly DatabaseVariable[] = [{ name: urlVariable, role: 'url' }, ...variables];
  const given = own.flatMap(({ name, role }) => {
    const value = role === 'engine' ? engineFor(current(name), engine) : valuesOf(target)[role];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(given), ...libpqValues({ ...target, database: actualName }) };
};

/** The environment of psql and pg_dump. */
export const libpqValues = (target: DatabaseTarget): Record<string, string> =>
  Object.fromEntries(LIBPQ.map(({ name, role }) => [name, valuesOf(target)[role]]));

/** `postgresql://user:password@host:port/database` */
export const urlOf = ({ host, port, database, user, password }: DatabaseTarget): string =>
  `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`;

const valuesOf = (target: DatabaseTarget): Record<Exclude<DatabaseVariable['role'], 'engine'>, string> => ({
  url: urlOf(target),
  host: target.host,
  port: String(target.port),
  name: target.database,
  user: target.user,
  password: target.password,
});

/** undefined: what is set is right already. Some settings complete a short name, such as `postgresql`. */
const engineFor = (current: string | undefined, engine: string): string | undefined => {
  if (current === undefined || current === '') return engine;
  if (/postg/i.test(current)) return undefined;
  return current.includes('.') ? engine : 'postgresql';
};
