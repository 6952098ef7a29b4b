import type { DatabaseRole, DatabaseVariable } from '../../look/database-variables.ts';
import type { PipelineVariables } from '../look-at-variables.ts';

/** The database of the `postgres` service of the job `test-backend`. */
export const TEST_DATABASE = 'app';

interface Facts {
  readonly variables: PipelineVariables;
  /** `database.urlVariable` of the configuration, for settings that cannot be read. */
  readonly urlVariable: string;
  readonly engine: string;
  /** Further secrets, by name. */
  readonly secrets?: readonly string[];
}

const databaseOf = ({ variables, urlVariable }: Facts): readonly DatabaseVariable[] =>
  variables.database ?? [{ name: urlVariable, role: 'url' }];

/** For `test-backend`: names and values. */
export const testEnvironment = (facts: Facts): Readonly<Record<string, string>> => {
  const byRole: Readonly<Record<DatabaseRole, string>> = {
    url: `postgresql://postgres:postgres@localhost:5432/${TEST_DATABASE}`,
    engine: facts.engine,
    host: 'localhost',
    port: '5432',
    name: TEST_DATABASE,
    user: 'postgres',
    password: 'postgres',
  };
  return Object.fromEntries([
    ...databaseOf(facts).map(({ name, role }) => [name, byRole[role]]),
    ...facts.variables.required.flatMap(({ name, sample }) => (sample === null ? [] : [[name, sample]])),
  ]);
};

/** What `migrate` is given by its GitHub environment. */
export interface NamedInput {
  readonly name: string;
  readonly kind: 'secret' | 'variable';
  readonly purpose: string;
}

export const migrateInputs = (facts: Facts): readonly NamedInput[] => {
  const needed = [
    ...databaseOf(facts)
      .filter(({ role }) => role !== 'engine')
      .map(({ name, role }): NamedInput => ({
        name,
        kind: role === 'url' || role === 'password' ? 'secret' : 'variable',
        purpose: PURPOSES[role],
      })),
    ...facts.variables.required.map(({ name, isSecret }): NamedInput => ({
      name,
      kind: isSecret ? 'secret' : 'variable',
      purpose: 'the settings cannot do without it',
    })),
  ];
  const further = (facts.secrets ?? []).filter((secret) => needed.every(({ name }) => name !== secret));
  return [
    ...needed,
    ...further.map((name): NamedInput => ({ name, kind: 'secret', purpose: 'asked for by --secret' })),
  ];
};

const PURPOSES: Readonly<Record<DatabaseRole, string>> = {
  url: 'the database: postgresql://user:password@host:port/name',
  engine: '',
  host: 'host of the database',
  port: 'port of the database',
  name: 'name of the database',
  user: 'user of the database',
  password: 'password of that user',
};

export const migrateEnvironment = (facts: Facts): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...databaseOf(facts).flatMap(({ name, role }) => (role === 'engine' ? [[name, facts.engine]] : [])),
    ...migrateInputs(facts).map(({ name, kind }) => [name, reference(kind, name)]),
  ]);

export const reference = (kind: NamedInput['kind'], name: string): string =>
  `\${{ ${kind === 'secret' ? 'secrets' : 'vars'}.${name} }}`;
