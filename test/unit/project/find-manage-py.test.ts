import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { describeChoice, findManagePy, looksLikeDjango } from '../../../src/project/find-manage-py.ts';
import { makeTree, type Tree } from './make-tree.ts';

const DJANGO = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n";
const FLASK = 'from flask_script import Manager\n';
const VENV = 'home = /usr/bin\n';

const tree = (...files: readonly string[]): Tree => Object.fromEntries(files.map((file) => [file, DJANGO]));

const find = (root: string, cwd?: string) =>
  findManagePy({ root, config: DEFAULTS, ...(cwd === undefined ? {} : { cwd: path.join(root, cwd) }) });

describe('manage.py is found', () => {
  it.each<[string, Tree, string]>([
    ['in the root', tree('manage.py'), 'manage.py'],
    ['in the root before backend/', tree('manage.py', 'backend/manage.py'), 'manage.py'],
    ['in backend/', tree('backend/manage.py'), 'backend/manage.py'],
    ['in backend/ before another folder', tree('api/manage.py', 'backend/manage.py'), 'backend/manage.py'],
    ['one folder down', tree('server/manage.py'), 'server/manage.py'],
    ['one folder down before two', tree('server/manage.py', 'apps/other/manage.py'), 'server/manage.py'],
    ['two folders down', tree('services/api/manage.py'), 'services/api/manage.py'],
    ['in a folder with a space', tree('my project/manage.py'), 'my project/manage.py'],
    [
      'through a link to a folder',
      { 'real/x/api/manage.py': DJANGO, backend: { link: 'real/x/api' } },
      'backend/manage.py',
    ],
    ['beside one of tests', tree('api/manage.py', 'tests/manage.py'), 'api/manage.py'],
    ['deeper than one of an example', tree('example/manage.py', 'src/api/manage.py'), 'src/api/manage.py'],
    ['beside an example project', tree('api/manage.py', 'api_example/manage.py'), 'api/manage.py'],
    ['in the tests of a library, if nowhere else', tree('tests/manage.py'), 'tests/manage.py'],
    ['and one of another framework is not it', { 'a/manage.py': FLASK, 'b/manage.py': DJANGO }, 'b/manage.py'],
    [
      'outside a virtual environment',
      { 'v/pyvenv.cfg': VENV, 'v/manage.py': DJANGO, ...tree('x/manage.py') },
      'x/manage.py',
    ],
    ['outside node_modules', tree('node_modules/manage.py', 'x/manage.py'), 'x/manage.py'],
    ['outside hidden folders', tree('.cache/manage.py', 'x/manage.py'), 'x/manage.py'],
    ['outside site-packages', tree('lib/site-packages/manage.py', 'x/y/manage.py'), 'x/y/manage.py'],
    [
      'and a template of one is not it',
      { 'a/manage.py': `${DJANGO}# {{ project_name }}`, 'b/manage.py': DJANGO },
      'b/manage.py',
    ],
    ['outside templates of projects', tree('{{cookiecutter.slug}}/manage.py', 'x/manage.py'), 'x/manage.py'],
  ])('%s', async (_, files, expected) => {
    const root = await makeTree(files);
    expect(await find(root)).toMatchObject({
      managePy: path.join(root, expected),
      directory: path.join(root, path.dirname(expected)),
    });
  });

  it.each([
    ['services/a', 'services/a/manage.py'],
    ['services/a/app/models', 'services/a/manage.py'],
    ['deep/er/than/two', 'deep/er/than/two/manage.py'],
  ])('around the folder the user is in: %s', async (cwd, expected) => {
    const files = tree('services/a/manage.py', 'services/b/manage.py', 'deep/er/than/two/manage.py');
    const root = await makeTree({ ...files, 'services/a/app/models/x.py': '' });
    expect((await find(root, cwd)).managePy).toBe(path.join(root, expected));
  });

  it('where configuration says', async () => {
    const root = await makeTree(tree('a/manage.py', 'b/manage.py', 'w/x/y/z/run.py'));
    const managePy = path.join(root, 'w/x/y/z/run.py');
    const config = { ...DEFAULTS, backend: { ...DEFAULTS.backend, managePy } };
    expect(await findManagePy({ root, config })).toEqual({ managePy, directory: path.dirname(managePy) });
  });
});

describe('where there are several, the choice and its reason are said', () => {
  it.each<[string, readonly string[], string]>([
    [
      'an example',
      ['api/manage.py', 'examples/shop/manage.py'],
      'Project: api/manage.py, because the others are examples, tests or templates. Not used: examples/shop/manage.py. To use another, start devsetup in its folder or set "backend": { "managePy": "examples/shop/manage.py" } in devsetup.config.jsonc.',
    ],
    [
      'a project for tests',
      ['manage.py', 'tests/testproject/manage.py'],
      'Project: manage.py, because the others are examples, tests or templates. Not used: tests/testproject/manage.py.',
    ],
    ['backend', ['backend/manage.py', 'api/manage.py'], 'Project: backend/manage.py, because it is in backend.'],
    [
      'one that is deeper',
      ['server/manage.py', 'apps/other/manage.py'],
      'Project: server/manage.py, because it is nearer to the root.',
    ],
  ])('%s', async (_, files, expected) => {
    const root = await makeTree(tree(...files));
    const choice = describeChoice(root, await find(root));
    expect(choice?.slice(0, expected.length)).toBe(expected);
  });

  it('around the folder the user is in', async () => {
    const root = await makeTree({ ...tree('a/manage.py', 'b/manage.py'), 'a/app/x.py': '' });
    const choice = describeChoice(root, await find(root, 'a/app'));
    expect(choice).toMatch(/^Project: a\/manage\.py, because it is around this folder\. Not used: b\/manage\.py\./);
  });

  it.each<[string, Tree]>([
    ['where there is one', tree('backend/manage.py')],
    ['where a link leads to it', { 'real/manage.py': DJANGO, linked: { link: 'real' } }],
    ['where the other is a copy in a package', tree('backend/manage.py', 'node_modules/x/manage.py')],
  ])('but not %s', async (_, files) => {
    const root = await makeTree(files);
    expect(describeChoice(root, await find(root))).toBeNull();
  });

  it('a copy in a package is not chosen by being in its folder', async () => {
    const root = await makeTree({ ...tree('backend/manage.py', 'node_modules/x/manage.py') });
    expect((await find(root, 'node_modules/x')).managePy).toBe(path.join(root, 'backend/manage.py'));
  });
});

describe('an error', () => {
  it('names several of the same rank and the key that chooses', async () => {
    const root = await makeTree(tree('a/manage.py', 'b/manage.py'));
    await expect(find(root)).rejects.toMatchObject({
      code: 'MANAGE_PY_AMBIGUOUS',
      exitCode: 2,
      message: 'Several manage.py were found: a/manage.py, b/manage.py.',
      hint: expect.stringContaining('"managePy": "a/manage.py"'),
    });
  });

  it.each<[string, Tree, string]>([
    ['there is none', { 'README.md': '' }, 'No manage.py'],
    ['all are too deep', tree('a/b/c/manage.py'), 'No manage.py'],
    ['the only one is of another framework', { 'manage.py': FLASK }, '(manage.py does not mention Django'],
    ['it is a folder', { 'manage.py/x': '' }, 'No manage.py'],
  ])('says so where %s', async (_, files, message) => {
    await expect(find(await makeTree(files))).rejects.toMatchObject({
      code: 'MANAGE_PY_MISSING',
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining('--project'),
    });
  });

  it('says that the configured one does not exist', async () => {
    const root = await makeTree(tree('manage.py'));
    const config = { ...DEFAULTS, backend: { ...DEFAULTS.backend, managePy: path.join(root, 'nope.py') } };
    await expect(findManagePy({ root, config })).rejects.toMatchObject({
      code: 'MANAGE_PY_MISSING',
      message: expect.stringContaining('nope.py'),
    });
  });
});

it.each([
  ['from django.core.management import execute_from_command_line', true],
  ['from configurations.management import execute_from_command_line', true],
  ['os.environ["DJANGO_SETTINGS_MODULE"] = "x"', true],
  ['import flask', false],
  ['', false],
])('%j is of Django: %s', (text, expected) => {
  expect(looksLikeDjango(text)).toBe(expected);
});
