import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { DevsetupError } from '../../../src/core/errors.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const failure = async (tree: Tree, file?: string): Promise<DevsetupError> => {
  const root = await makeTree(tree);
  const error: unknown = await loadConfig({ root, ...(file === undefined ? {} : { file }) }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DevsetupError);
  return error as DevsetupError;
};

const NAME = 'devsetup.config.jsonc';

describe('a project without configuration', () => {
  it.each<[string, Tree]>([
    ['has no file at all', {}],
    ['has a package.json that does not mention devsetup', { 'package.json': '{"name": "x"}' }],
    ['has devsetup among its packages', { 'package.json': '{"devDependencies": {"devsetup": "1.0.0"}}' }],
    ['has a broken package.json', { 'package.json': '{"name": ' }],
  ])('gets the defaults: it %s', async (_, tree) => {
    expect(await loadConfig({ root: await makeTree(tree) })).toEqual(DEFAULTS);
  });
});

describe('a configuration', () => {
  const text = '{ "logFile": "log/setup.log" }';

  it.each<[string, Tree]>([
    ['devsetup.config.jsonc', { 'devsetup.config.jsonc': `// why\n${text}` }],
    ['devsetup.config.json', { 'devsetup.config.json': text }],
    ['package.json', { 'package.json': `{ "name": "x", "devsetup": ${text} }` }],
    ['a file with a byte order mark', { [NAME]: `\uFEFF${text}` }],
  ])('is read from %s', async (_, tree) => {
    const root = await makeTree(tree);
    expect((await loadConfig({ root })).logFile).toBe(path.join(root, 'log/setup.log'));
  });

  it('is read from the file that --config names', async () => {
    const root = await makeTree({ 'ci/setup.jsonc': text, [NAME]: '{}' });
    expect(await loadConfig({ root, file: 'ci/setup.jsonc' })).toMatchObject({
      file: path.join(root, 'ci/setup.jsonc'),
      logFile: path.join(root, 'log/setup.log'),
    });
  });

  it('that --config names and does not exist is a usage error', async () => {
    expect(await failure({}, 'nowhere.jsonc')).toMatchObject({ code: 'CONFIG_MISSING', exitCode: 2 });
  });

  it('in a folder cannot be read', async () => {
    expect(await failure({ [NAME]: null })).toMatchObject({ code: 'CONFIG_UNREADABLE', exitCode: 2 });
  });

  it('in several places is a usage error that names them', async () => {
    const error = await failure({ [NAME]: '{}', 'package.json': '{"devsetup": {}}' });
    expect(error).toMatchObject({ code: 'CONFIG_AMBIGUOUS', exitCode: 2 });
    expect(error.message).toContain('devsetup.config.jsonc, package.json');
  });

  it('fills in what is left out and makes paths absolute', async () => {
    const root = await makeTree({
      [NAME]: `{
        "$schema": "./node_modules/django-devsetup/schemas/devsetup.config.schema.json",
        "backend": { "managePy": "src/manage.py", "python": "python3.12", "venv": "/venvs/a", "groups": ["dev"] },
        "frontends": [{ "directory": "web" }],
        "tenants": { "super": { "name": "Head office", "fields": { "plan": 3, "tags": ["a", null] } }, "guest": false },
        "migrations": { "concurrency": 4 },
        "steps": [
          { "id": "load-data", "manage": ["loaddata", "x.json"], "inspect": { "command": ["test", "-e", "done"] } },
          { "id": "more", "command": ["make"], "after": "load-data", "directory": "web", "env": { "A": "1" } },
        ],
        "envFiles": ["base.env", "/etc/own.env"],
      }`,
    });
    const config = await loadConfig({ root });
    expect(config).toEqual({
      ...DEFAULTS,
      file: path.join(root, NAME),
      backend: {
        ...DEFAULTS.backend,
        managePy: path.join(root, 'src/manage.py'),
        python: 'python3.12',
        venv: '/venvs/a',
        groups: ['dev'],
      },
      frontends: [{ directory: path.join(root, 'web'), packageManager: null }],
      tenants: {
        super: { ...DEFAULTS.tenants.super, name: 'Head office', fields: { plan: 3, tags: ['a', null] } },
        guest: false,
        withoutSchema: [],
      },
      migrations: { ...DEFAULTS.migrations, concurrency: 4 },
      steps: [
        {
          id: 'load-data',
          title: 'load-data',
          run: { kind: 'manage', words: ['loaddata', 'x.json'] },
          inspect: { kind: 'program', words: ['test', '-e', 'done'] },
          after: 'superuser',
          directory: root,
          env: {},
          timeoutSeconds: null,
          pipeline: false,
        },
        {
          id: 'more',
          title: 'more',
          run: { kind: 'program', words: ['make'] },
          inspect: null,
          after: 'load-data',
          directory: path.join(root, 'web'),
          env: { A: '1' },
          timeoutSeconds: null,
          pipeline: false,
        },
      ],
      envFiles: [path.join(root, 'base.env'), '/etc/own.env'],
    });
  });
});

describe('mistakes', () => {
  it('are reported all at once, in order, each at its line and column', async () => {
    const error = await failure({
      [NAME]: [
        '{',
        '  "backend": { "manage_py": "x", "python": 3 },',
        '  "managePy": "x",',
        '  "steps": [{ "id": "a" }],',
        '}',
      ].join('\n'),
    });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect(error.message.split('\n')).toEqual([
      'The configuration has 4 mistakes:',
      '  devsetup.config.jsonc:2:16  unknown key "manage_py" in backend: did you mean "managePy"?',
      '  devsetup.config.jsonc:2:44  backend.python must be text in quotes, not a number',
      '  devsetup.config.jsonc:3:3  unknown key "managePy": did you mean "backend.managePy"?',
      '  devsetup.config.jsonc:4:13  steps[0] needs exactly one of "command" and "manage"',
    ]);
  });

  it.each([
    ['{ "fronteds": [] }', '1:3  unknown key "fronteds": did you mean "frontends"?'],
    ['{ "xyzzy": 1 }', '1:3  unknown key "xyzzy"; known are $schema, backend, '],
    ['{ "backend": { "installer": "poetri" } }', '1:29  backend.installer must be one of '],
    ['{ "backend": { "installer": "poetri" } }', 'did you mean "poetry"?'],
    ['{ "backend": [] }', '1:14  backend must be an object in { }, not a list in [ ]'],
    [
      '{ "backend": { "requirements": "a.txt" } }',
      '1:32  backend.requirements must be a list in [ ], not text in quotes',
    ],
    [
      '{ "backend": { "requirements": ["a", 1] } }',
      '1:38  backend.requirements[1] must be text in quotes, not a number',
    ],
    [
      '{ "tenants": { "guest": { "schma": "x" } } }',
      '1:27  unknown key "schma" in tenants.guest: did you mean "schema"?',
    ],
    ['{ "tenants": { "guest": true } }', '1:25  tenants.guest must be false or an object in { }, not true or false'],
    ['{ "database": { "create": "atuo" } }', 'database.create must be true or false or "auto"; did you mean "auto"?'],
    ['{ "database": { "waitSeconds": -1 } }', '1:32  database.waitSeconds must not be negative'],
    ['{ "database": { "urlVariable": "a b" } }', 'must be the name of an environment variable'],
    ['{ "migrations": { "concurrency": 0 } }', 'migrations.concurrency must be 1 or more'],
    ['{ "migrations": { "concurrency": 1.5 } }', '1:34  migrations.concurrency must be a whole number'],
    ['{ "frontends": [{}] }', '1:17  frontends[0].directory is missing'],
    ['{ "logFile": "a", "logFile": "b" }', '1:19  "logFile" is here a second time'],
    ['{ "logFile": "" }', '1:14  logFile must not be empty'],
    ['[]', '1:1  the configuration must be an object in { }, not a list in [ ]'],
    ['{ "steps": [{ "id": "Load Data", "manage": ["x"] }] }', '1:21  steps[0].id must be in kebab-case'],
    ['{ "steps": [{ "id": "database", "manage": ["x"] }] }', '1:21  steps[0].id is the id of a built-in step'],
    ['{ "steps": [{ "id": "a", "manage": [] }] }', '1:36  steps[0].manage needs at least the name'],
    ['{ "steps": [{ "id": "a", "manage": ["x"], "command": ["y"] }] }', '1:13  steps[0] needs exactly one of'],
    ['{ "steps": [{ "id": "a", "manage": ["x"], "inspect": {} }] }', '1:54  steps[0].inspect needs exactly one of'],
    ['{ "steps": [{ "id": "a", "manage": ["x"], "after": "databse" }] }', 'is no step; did you mean "database"?'],
    [
      '{ "steps": [{ "id": "a", "manage": ["x"], "after": "a" }] }',
      '1:52  steps[0].after names "a", which is not listed',
    ],
    [
      '{ "steps": [{ "id": "a", "manage": ["x"] }, { "id": "a", "manage": ["x"] }] }',
      '1:53  there is another step with the id "a"',
    ],
    ['{ "logFile" "a" }', '1:13  a colon is missing here'],
    ['{ "logFile": "a" "development": true }', '1:18  a comma is missing before this'],
    ["{ 'logFile': 1 }", '1:3  '],
    ['{ "logFile": "a"', 'a closing } is missing'],
    ['', '1:1  a value is expected here'],
  ])('%s', async (text, expected) => {
    expect((await failure({ [NAME]: text })).message).toContain(expected);
  });

  it('in package.json are placed in package.json', async () => {
    const error = await failure({ 'package.json': '{\n  "name": "x",\n  "devsetup": { "logfile": "x" }\n}' });
    expect(error.message).toContain('package.json:3:17  unknown key "logfile": did you mean "logFile"?');
  });

  it('of package.json itself are not passed over where it configures devsetup', async () => {
    const error = await failure({ 'package.json': '{\n  // no\n  "devsetup": {}\n}' });
    expect(error.message).toContain('package.json:2:3  comments are not allowed in this file');
  });
});
