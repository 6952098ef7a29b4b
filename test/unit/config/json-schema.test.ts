import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { configJsonSchema } from '../../../src/config/json-schema.ts';
import { listConfigKeys } from '../../../src/config/list-config-keys.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { seeded } from '../../support/random.ts';
import { violations } from '../ui/support/json-schema.ts';

/** Defaults that the resolved configuration has and a user need not see: null stands for "find it" or "none". */
const resolvedDefault = (key: string): unknown =>
  key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], DEFAULTS);

describe('the JSON Schema', () => {
  // To write it anew after a change of the keys: npx vitest run test/unit/config/json-schema.test.ts -u
  it('that is shipped is the one of the validator', async () => {
    const text = await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot('../../../schemas/devsetup.config.schema.json');
  });
});

const SCHEMAS = path.resolve(import.meta.dirname, '../../../schemas');

it('every schema has the address it is published at as its $id', async () => {
  const names = await readdir(SCHEMAS);
  const texts = await Promise.all(names.map((name) => readFile(path.join(SCHEMAS, name), 'utf8')));
  const ids = texts.map((text) => (JSON.parse(text) as { $id?: string }).$id);
  expect(ids).toEqual(names.map((name) => `https://unpkg.com/django-devsetup/schemas/${name}`));
});

/** Every key once, as a user may write it. */
const FULL = {
  $schema: './schema.json',
  backend: {
    managePy: 'a',
    python: 'b',
    venv: 'c',
    withoutVenv: true,
    requirements: ['d'],
    installer: 'uv',
    groups: ['e'],
    extras: [],
  },
  frontends: [{ directory: 'web', packageManager: 'pnpm' }],
  database: {
    urlVariable: 'DB_URL',
    create: 'auto',
    allowRemote: ['db'],
    waitSeconds: 0,
    maintenanceDatabase: 'postgres',
    use: 'embedded',
    start: 'compose',
  },
  tenants: {
    super: {
      schema: 'public',
      name: 'n',
      domain: 'd',
      fields: { a: [1, null] },
      type: 't',
      command: false,
      args: ['x'],
    },
    guest: {
      schema: 'guest',
      name: 'n',
      domain: 'd',
      fields: {},
      type: 't',
      command: 'create',
      args: [],
      outsideDevelopment: true,
    },
    withoutSchema: ['a*'],
  },
  migrations: { fakeInitial: 'auto', concurrency: 2, lockTimeoutSeconds: 0, failFast: false },
  superuser: { schemas: ['public'] },
  steps: [
    {
      id: 'seed',
      title: 'Seed',
      manage: ['seed'],
      inspect: { command: ['./check'] },
      after: 'database',
      directory: '.',
      env: { A: '' },
      timeoutSeconds: 1,
      pipeline: true,
    },
    { id: 'more', command: ['./more'], inspect: { manage: ['check'] }, after: 'seed' },
  ],
  doctor: {
    skip: { 'env-file': 'why' },
    checks: [
      { id: 'queue', title: 'Queue', command: ['./q'], timeoutSeconds: 1 },
      { id: 'file', file: 'f.json' },
    ],
  },
  audit: {
    roles: { 'ship-*': 'deploy' },
    sequence: ['a', ['b', 'c']],
    migrateCommands: ['m'],
    tenantCommands: [],
    vars: { A: '1' },
    ignore: [{ rules: ['image/*'], files: ['a'], reason: 'why' }],
    baseline: 'b.json',
  },
  timeouts: { dependenciesSeconds: 1, commandSeconds: 1 },
  logFile: 'log',
  envFiles: ['.env'],
  development: 'auto',
  environments: {
    prod: {
      fakeInitial: false,
      lockTimeoutSeconds: 1,
      lockRetries: 0,
      databaseUrlVariable: 'A',
      databaseUrlSecret: 'B',
      settingsModule: 'c',
      superTenantDomain: 'd',
      concurrency: 'auto',
      failFast: true,
      sharedWaitSeconds: 0,
    },
  },
};

const SCHEMA = configJsonSchema();

/** What a JSON Schema cannot say: that a step is listed before another, and that ids are different. */
const BEYOND = /which is no step|which is not listed before this step|there is another (?:step|check) with the id/;

const refusedBy = (config: unknown): { readonly program: boolean; readonly schema: boolean } => {
  const { mistakes } = parseConfig(JSON.stringify(config), { at: [], strictJson: true });
  return {
    program: mistakes.some(({ text }) => !BEYOND.test(text)),
    schema: violations(SCHEMA, config).length > 0,
  };
};

describe('the schema and the program', () => {
  it('are tried with every key there is', () => {
    const isGiven = (value: unknown, [name, ...rest]: readonly string[]): boolean => {
      if (name === undefined) return value !== undefined;
      if (Array.isArray(value)) return value.some((item) => isGiven(item, [name, ...rest]));
      if (typeof value !== 'object' || value === null) return false;
      const items = name === 'NAME' ? Object.values(value) : [(value as Record<string, unknown>)[name]];
      return items.some((item) => isGiven(item, rest));
    };
    const missing = listConfigKeys().filter(({ key }) => !isGiven(FULL, key.replaceAll('[]', '').split('.')));
    expect(missing.map(({ key }) => key)).toEqual([]);
  });

  it('accept a configuration with every key', () => {
    expect(refusedBy(FULL)).toEqual({ program: false, schema: false });
  });

  const step = { id: 'seed', manage: ['seed'] };
  it.each<[string, unknown]>([
    ['a key that does not exist', { databse: {} }],
    ['a step that does nothing', { steps: [{ id: 'seed' }] }],
    ['a step with a program and a management command', { steps: [{ ...step, command: ['x'] }] }],
    ['a step with an empty command', { steps: [{ id: 'seed', manage: [] }] }],
    ['a step with the id of a built-in one', { steps: [{ ...step, id: 'database' }] }],
    ['a step with an id that is not in kebab-case', { steps: [{ ...step, id: 'Seed It' }] }],
    ['a step of the pipeline without inspect', { steps: [{ ...step, pipeline: true }] }],
    ['an inspect with two commands', { steps: [{ ...step, inspect: { command: ['a'], manage: ['b'] } }] }],
    ['an inspect without a command', { steps: [{ ...step, inspect: {} }] }],
    ['a check with a program and a file', { doctor: { checks: [{ id: 'a', command: ['a'], file: 'b' }] } }],
    ['a check without either', { doctor: { checks: [{ id: 'a' }] } }],
    ['a reason that says nothing', { doctor: { skip: { 'env-file': ' ' } } }],
    ['a time limit of 0', { timeouts: { commandSeconds: 0 } }],
    ['half a worker', { migrations: { concurrency: 1.5 } }],
    ['no worker', { migrations: { concurrency: 0 } }],
    ['a variable with a dash', { database: { urlVariable: 'DB-URL' } }],
    ['an environment with a space in its name', { environments: { 'my env': {} } }],
    ['a rule there is not', { audit: { ignore: [{ rules: ['nonsense/*'], reason: 'why' }] } }],
    ['guest: true', { tenants: { guest: true } }],
    ['a list', []],
    ['null', null],
  ])('refuse %s', (_, config) => {
    expect(refusedBy(config)).toEqual({ program: true, schema: true });
  });

  it('agree on every value with a part exchanged or left out', () => {
    const random = seeded(13);
    const junk = [
      null,
      '',
      ' ',
      'x',
      'A_B',
      '*',
      0,
      -1,
      1,
      1.5,
      true,
      false,
      [],
      [''],
      ['x'],
      {},
      { x: 1 },
      { x: 'y' },
    ] as const;
    const disagreements: unknown[] = [];
    for (let count = 0; count < 600; count += 1) {
      const config: unknown = structuredClone(FULL);
      let parent = config as Record<string, unknown>;
      for (;;) {
        const name = random.pick(Object.keys(parent) as [string, ...string[]]);
        const value = parent[name];
        const isDeep = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
        if (isDeep && random.below(6) > 0) {
          parent = value as Record<string, unknown>;
          continue;
        }
        if (!Array.isArray(parent) && random.below(5) === 0) delete parent[name];
        else parent[name] = random.pick(junk);
        break;
      }
      const { program, schema } = refusedBy(config);
      if (program !== schema) disagreements.push({ program, schema, config });
    }
    expect(disagreements.slice(0, 3)).toEqual([]);
  });
});

describe('the table of keys', () => {
  const rows = listConfigKeys();

  it('describes every key in a sentence', () => {
    expect(rows.filter(({ description }) => !/^\S.*\.$/s.test(description))).toEqual([]);
  });

  it('shows the defaults that hold without a configuration', () => {
    const ofTop = rows.filter(({ key }) => !/\[\]|\.NAME\./.test(key) && key !== '$schema' && key !== 'tenants.guest');
    for (const row of ofTop) {
      expect([row.key, row.default]).toEqual([
        row.key,
        resolvedDefault(row.key) === null ? null : JSON.stringify(resolvedDefault(row.key)),
      ]);
    }
  });

  it.each([
    ['backend.managePy', 'string'],
    ['backend.requirements', 'string[]'],
    ['backend.installer', '"uv" | "poetry" | "pipenv" | "pdm" | "pip" | "none"'],
    ['frontends', 'false | object[]'],
    ['frontends[].directory', 'string'],
    ['database.allowRemote', 'boolean | string[]'],
    ['tenants.guest', 'false | object'],
    ['tenants.guest.command', 'string | false'],
    ['steps[].inspect.command', 'string[]'],
    ['environments', 'object'],
    ['environments.NAME.lockRetries', 'integer'],
    ['development', 'boolean | "auto"'],
  ])('gives the type of %s', (key, type) => {
    expect(rows.find((row) => row.key === key)?.type).toBe(type);
  });
});
