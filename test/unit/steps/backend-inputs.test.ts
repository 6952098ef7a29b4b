import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BackendConfig } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { findRequirements } from '../../../src/project/find-requirements.ts';
import type { PythonTool, Requirements } from '../../../src/project/types.ts';
import { openStateStore } from '../../../src/state/state-store.ts';
import { whyNotInstalled } from '../../../src/steps/backend-dependencies.ts';
import { writeInstalled } from '../../../src/steps/backend-stamp.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

/** An installation by devsetup in this tree, and what the step says about it later. */
const installedIn = async (tree: Tree, variables: Readonly<Record<string, string>> = {}) => {
  const root = await makeTree({ 'manage.py': 'django', ...tree });
  const config = { ...DEFAULTS };
  const environment = { get: (name: string) => variables[name] } as never;
  const find = async (): Promise<Requirements> => {
    const found = await findRequirements({ root, config, backendDirectory: root, environment });
    if (found === null) throw new Error('nothing to install was found');
    return found;
  };
  const python = {
    interpreter: process.execPath,
    venv: null,
    exists: true,
    source: 'PATH',
    basePython: process.execPath,
  } as const;
  const state = openStateStore(path.join(root, '.state'));
  const before = await find();
  await writeInstalled(state, { requirements: before, python, config: config.backend });
  return {
    tool: before.tool,
    write: async (file: string, text: string) => {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    },
    why: async (backend: Partial<BackendConfig> = {}) => {
      const requirements = await find();
      const changed = { ...config, backend: { ...config.backend, ...backend } };
      const project = { root, backend: { managePy: '', directory: root, python, requirements }, frontends: [] };
      return whyNotInstalled({ project, state, config: changed }, requirements, python);
    },
  };
};

const UV = '[[package]]\nname = "django"\n';
const PROJECT = '[project]\nname = "site"\nversion = "1"\ndependencies = ["django"]\n';
const LIBRARY = '[project]\nname = "library"\nversion = "1"\n';
const POETRY = '[tool.poetry.dependencies]\ndjango = "^5"\n';
const PIPFILE = '[packages]\ndjango = "*"\n';

const uv: Tree = { 'uv.lock': UV, 'pyproject.toml': PROJECT };
const poetry: Tree = { 'poetry.lock': UV, 'pyproject.toml': POETRY };
const pdm: Tree = { 'pdm.lock': UV, 'pyproject.toml': PROJECT };
const pipenv: Tree = { 'Pipfile.lock': '{"default": {"django": {}}}', Pipfile: PIPFILE };
const pip = (lines: string, more: Tree = {}): Tree => ({ 'requirements.txt': `django\n${lines}\n`, ...more });

type Row = readonly [tool: PythonTool, what: string, tree: Tree, changed: string];

const ROWS: readonly Row[] = [
  ['pip', 'a requirement file', pip(''), 'requirements.txt'],
  ['pip', 'an included requirement file', pip('-r more/base.txt', { 'more/base.txt': '' }), 'more/base.txt'],
  [
    'pip',
    'a file that an included file includes, relative to that file',
    pip('-r more/base.txt', { 'more/base.txt': '-r deep/pins.txt', 'more/deep/pins.txt': '' }),
    'more/deep/pins.txt',
  ],
  ['pip', 'a constraint file', pip('-c pins.txt', { 'pins.txt': '' }), 'pins.txt'],
  [
    'pip',
    'a constraint file that a constraint file includes',
    pip('--constraint=pins.txt', { 'pins.txt': '-c more.txt', 'more.txt': '' }),
    'more.txt',
  ],
  ['pip', 'an editable package', pip('-e ./library', { 'library/pyproject.toml': LIBRARY }), 'library/pyproject.toml'],
  ['pip', 'a package by its path', pip('./library[extra]', { 'library/setup.py': '' }), 'library/setup.py'],
  [
    'pip',
    'a package by a file address',
    pip('library @ file:./library', { 'library/setup.cfg': '' }),
    'library/setup.cfg',
  ],
  [
    'pip',
    'a wheel of the checkout',
    pip('wheels/x-1-py3-none-any.whl', { 'wheels/x-1-py3-none-any.whl': '1' }),
    'wheels/x-1-py3-none-any.whl',
  ],
  ['pip', 'a new wheel in a folder of links', pip('--find-links wheels', { 'wheels/a.whl': '' }), 'wheels/b.whl'],
  [
    'pip',
    'a file that setup.py of a package opens',
    pip('-e library', { 'library/setup.py': 'setup(version=open("VERSION.txt").read())', 'library/VERSION.txt': '1' }),
    'library/VERSION.txt',
  ],
  [
    'pip',
    'a requirement file that setup.cfg of a package names',
    pip('-e ./library', {
      'library/setup.cfg': '[options]\ninstall_requires = file: requirements/base.txt\n',
      'library/requirements/base.txt': '',
    }),
    'library/requirements/base.txt',
  ],
  [
    'pip',
    'the module that setup.cfg of a package takes its version from',
    pip('-e ./library', {
      'library/setup.cfg': '[metadata]\nversion = attr: library.about.VERSION\n',
      'library/src/library/about.py': '',
    }),
    'library/src/library/about.py',
  ],
  [
    'pip',
    'a requirement file of dynamic dependencies',
    pip('-e ./library', {
      'library/pyproject.toml': '[tool.setuptools.dynamic]\ndependencies = { file = ["base.in"] }\n',
      'library/base.in': '',
    }),
    'library/base.in',
  ],
  [
    'pip',
    'the version file of hatch',
    pip('-e ./library', { 'library/pyproject.toml': '[tool.hatch.version]\npath = "v.py"\n', 'library/v.py': '' }),
    'library/v.py',
  ],
  [
    'pip',
    'the build script of hatch',
    pip('-e ./library', { 'library/pyproject.toml': LIBRARY }),
    'library/hatch_build.py',
  ],
  ['pip', 'settings of uv', pip(''), 'uv.toml'],
  ['pip', 'settings of uv in pyproject.toml', pip('', { 'pyproject.toml': '[tool.uv]\n' }), 'pyproject.toml'],
  ['uv', 'the lock file', uv, 'uv.lock'],
  ['uv', 'the manifest', uv, 'pyproject.toml'],
  ['uv', 'settings that appear', uv, 'uv.toml'],
  ['uv', 'the Python version', uv, '.python-version'],
  ['uv', 'setup.py of the project', uv, 'setup.py'],
  [
    'uv',
    'the manifest of a workspace member',
    {
      ...uv,
      'pyproject.toml': `${PROJECT}[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
      'packages/a/pyproject.toml': LIBRARY,
    },
    'packages/a/pyproject.toml',
  ],
  [
    'uv',
    'a new workspace member',
    { ...uv, 'pyproject.toml': `${PROJECT}[tool.uv.workspace]\nmembers = ["packages/*"]\n` },
    'packages/b/pyproject.toml',
  ],
  [
    'uv',
    'a package among the sources',
    {
      ...uv,
      'pyproject.toml': `${PROJECT}[tool.uv.sources]\nlibrary = { path = "../library" }\n`.replace('../', './'),
      'library/pyproject.toml': LIBRARY,
    },
    'library/pyproject.toml',
  ],
  [
    'uv',
    'a file among the cache keys',
    { ...uv, 'pyproject.toml': `${PROJECT}[tool.uv]\ncache-keys = [{ file = "base.in" }]\n`, 'base.in': '' },
    'base.in',
  ],
  ['poetry', 'the lock file', poetry, 'poetry.lock'],
  ['poetry', 'the manifest', poetry, 'pyproject.toml'],
  ['poetry', 'settings that appear', poetry, 'poetry.toml'],
  [
    'poetry',
    'a dependency by its path',
    {
      ...poetry,
      'pyproject.toml': `${POETRY}library = { path = "library", develop = true }\n`,
      'library/pyproject.toml': LIBRARY,
    },
    'library/pyproject.toml',
  ],
  [
    'poetry',
    'the build script of a dependency by its path',
    {
      ...poetry,
      'pyproject.toml': `${POETRY}library = { path = "library" }\n`,
      'library/pyproject.toml': '[tool.poetry.build]\nscript = "tools/build.py"\n',
      'library/tools/build.py': '',
    },
    'library/tools/build.py',
  ],
  ['pipenv', 'the lock file', pipenv, 'Pipfile.lock'],
  ['pipenv', 'the Pipfile', pipenv, 'Pipfile'],
  ['pipenv', 'a pylock.toml that appears', pipenv, 'pylock.toml'],
  [
    'pipenv',
    'a package by its path',
    { ...pipenv, Pipfile: `${PIPFILE}library = { path = "./library", editable = true }\n`, 'library/setup.py': '' },
    'library/setup.py',
  ],
  ['pdm', 'the lock file', pdm, 'pdm.lock'],
  ['pdm', 'the manifest', pdm, 'pyproject.toml'],
  ['pdm', 'settings that appear', pdm, 'pdm.toml'],
  [
    'pdm',
    'a package in the folder of the project',
    {
      ...pdm,
      'pyproject.toml': `${PROJECT}[dependency-groups]\ndev = ["-e file:///\${PROJECT_ROOT}/library#egg=library"]\n`,
      'library/pyproject.toml': LIBRARY,
    },
    'library/pyproject.toml',
  ],
];

describe('dependencies are installed again after a change of', () => {
  it.each(ROWS)('%s: %s', async (tool, _, tree, changed) => {
    const site = await installedIn(tree);
    expect(site.tool).toBe(tool);
    expect(await site.why()).toBeUndefined();
    await site.write(changed, `${typeof tree[changed] === 'string' ? tree[changed] : ''}\n# changed\n`);
    expect(await site.why()).toContain('has changed');
  });

  it.each<readonly [string, string]>([
    ['PIP_CONSTRAINT', 'pins/all.txt'],
    ['PIP_CONFIG_FILE', 'pip.conf'],
    ['UV_OVERRIDE', 'overrides.txt'],
  ])('pip: a file that %s names', async (variable, file) => {
    const site = await installedIn(pip('', { [file]: '' }), { [variable]: file });
    expect(await site.why()).toBeUndefined();
    await site.write(file, '# changed');
    expect(await site.why()).toContain('has changed');
  });

  it.each<Partial<BackendConfig>>([{ groups: ['dev'] }, { extras: ['pdf'] }])(
    'the configuration: %o',
    async (backend) => {
      const site = await installedIn(uv);
      expect(await site.why(backend)).toContain('has changed');
    },
  );
});

describe('dependencies are not installed again after a change of', () => {
  it.each<readonly [string, Tree, string]>([
    ['settings of a linter beside requirements.txt', pip('', { 'pyproject.toml': '[tool.ruff]\n' }), 'pyproject.toml'],
    [
      'the description of a package',
      pip('-e ./library', {
        'library/pyproject.toml': '[project]\nname = "x"\nreadme = { file = "README.md" }\n',
        'library/README.md': '',
      }),
      'library/README.md',
    ],
    ['a requirement file that nothing includes', pip('', { 'more/base.txt': '' }), 'more/base.txt'],
    [
      'what an editable installation writes',
      pip('-e ./library', { 'library/setup.py': '' }),
      'library/library.egg-info/PKG-INFO',
    ],
  ])('%s', async (_, tree, changed) => {
    const site = await installedIn(tree);
    await site.write(changed, `${typeof tree[changed] === 'string' ? tree[changed] : ''}\n# changed\n`);
    expect(await site.why()).toBeUndefined();
  });
});

it.each<readonly [PythonTool, Tree, string]>([
  ['poetry', { 'pyproject.toml': POETRY }, 'poetry.lock'],
  ['pipenv', { Pipfile: PIPFILE }, 'Pipfile.lock'],
])('a lock file that %s has written is no change', async (tool, tree, lock) => {
  const { Pipfile = null, 'pyproject.toml': manifest = null } = tree;
  const text = typeof Pipfile === 'string' ? Pipfile : typeof manifest === 'string' ? manifest : '';
  const withLock = await installedIn({ ...tree, [lock]: '{"default": {"django": {}}}' });
  expect(withLock.tool).toBe(tool);
  // The hash is taken after the installation, over names that do not depend on whether the lock was there before it.
  const root = await makeTree({ 'manage.py': 'django', ...tree });
  const before = await findRequirements({ root, config: DEFAULTS, backendDirectory: root });
  await writeFile(path.join(root, lock), text);
  const after = await findRequirements({ root, config: DEFAULTS, backendDirectory: root });
  expect(after?.inputs).toEqual(before?.inputs);
});
