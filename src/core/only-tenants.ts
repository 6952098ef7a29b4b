import { shellWord } from './shell-word.ts';

/** Flags that name these schemas, to be pasted into a shell: PostgreSQL allows any character in a name, the comma of a list too. */
export const onlyTenants = (names: readonly string[]): string => {
  const isPlain = (name: string): boolean => /^[^\s,-](?:[^,]*[^\s,])?$/.test(name);
  const list = names.filter(isPlain);
  return [
    ...(list.length === 0 ? [] : [`--only-tenants ${shellWord(list.join(','))}`]),
    ...names.filter((name) => !isPlain(name)).map((name) => `--only-tenant=${shellWord(name)}`),
  ].join(' ');
};
