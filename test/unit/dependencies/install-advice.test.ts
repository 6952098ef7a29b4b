import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { installProblem } from '../../../src/dependencies/install-problem.ts';
import type { Circumstances } from '../../../src/dependencies/known-problem.ts';
import { lockQuestion, outdatedLock, unusedLock } from '../../../src/dependencies/lock-warnings.ts';
import { takes } from '../../../src/dependencies/search-results.ts';
import { findRequirement } from '../../../src/dependencies/source-files.ts';

const said = (
  tool: string,
  lines: readonly string[],
  circumstances: Partial<Circumstances> = {},
  args: readonly string[] = ['install'],
) => {
  const { code, message, hint } = installProblem(
    { program: `/usr/bin/${tool}`, tool: tool as 'pip', args, directory: '/site', env: {} },
    { exitCode: 1, missing: false, timedOut: false, aborted: false, tail: lines.join('\n'), stdout: '' },
    { files: [], ...circumstances },
  );
  return { code, message, hint: hint ?? '' };
};

const file = (name: string, ...lines: readonly string[]) => ({ name, text: lines.join('\n') });

/** As pip 23.2 prints it, of numba and of whatever fails. */
const IGNORED =
  'ERROR: Ignored the following versions that require a different python version: 0.52.0 Requires-Python >=3.6,<3.9; 0.53.0rc2 Requires-Python >=3.6,<3.10; 0.55.1 Requires-Python >=3.7,<3.11';
const failing = (requirement: string) => [
  'Collecting numba (from -r requirements.txt (line 1))',
  IGNORED,
  `ERROR: Could not find a version that satisfies the requirement ${requirement} (from versions: none)`,
  `ERROR: No matching distribution found for ${requirement}`,
];

describe('versions that pip ignores because of their Python', () => {
  test.each(['coveragecoverage==7.13.1', 'numba>=99', 'numba[all]==0.54', 'numba~=1.0'])(
    'are not the reason where none of them is asked for: %s',
    (requirement) => {
      expect(said('pip', failing(requirement)).code).toBe('PACKAGE_NOT_FOUND');
    },
  );

  test.each([
    ['numba==0.52.0', '>=3.6,<3.9'],
    ['numba<0.54', '>=3.6,<3.10'],
    ['numba~=0.53', '>=3.7,<3.11'],
  ])('are the reason where one of them is asked for, with its own range: %s', (requirement, range) => {
    const files = [file('backend/requirements.txt', '# pins', requirement)];
    const { code, message, hint } = said('pip', failing(requirement), { files, python: '3.11.7' });
    expect(code).toBe('PYTHON_UNSUITABLE');
    expect(message).toContain(
      `\`${requirement}\` (backend/requirements.txt:2) needs another Python (${range}), and this is Python 3.11.7.`,
    );
    expect(hint).toContain('correct numba in backend/requirements.txt:2');
  });

  test('say nothing about a name without a version: both reasons are named, and the command that tells them apart', () => {
    const { code, message, hint } = said('pip', failing('namegenerator'));
    expect(code).toBe('PACKAGE_NOT_FOUND');
    expect(message).toContain('The package registry has no `namegenerator`');
    expect(hint).toContain('`python3 -m pip index versions namegenerator --ignore-requires-python`');
  });

  test('a wrong pin is named with file and line', () => {
    const files = [
      file('backend/requirements.txt', 'numba'),
      file('backend/requirements-dev.txt', 'ruff', 'coveragecoverage==7.13.1'),
    ];
    const { message, hint } = said('pip', failing('coveragecoverage==7.13.1'), { files });
    expect(message).toContain('no `coveragecoverage==7.13.1` (backend/requirements-dev.txt:2)');
    expect(hint).toContain('right in backend/requirements-dev.txt:2?');
  });

  test.each([
    ['pipenv', 'Warning: Your Pipfile requires "python_version" 3.9, but you are using 3.11.7'],
    ['npm', 'npm warn EBADENGINE Unsupported engine {\nnpm warn EBADENGINE   required: { node: ">=99" },'],
    ['pnpm', ' WARN  Unsupported engine: wanted: {"node":">=99"} (current: {"node":"v20.20.2"})'],
  ])('a warning of %s about a version is not the reason where another is named', (tool, warning) => {
    const end = { pipenv: 'ERROR: No matching distribution found for demmo==1.0', npm: 'npm error code E404' };
    const last = end[tool as 'npm'] ?? ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for demo@99';
    expect(said(tool, [warning, last]).code).toBe('PACKAGE_NOT_FOUND');
  });

  test('a Python that uv cannot download is not taken for a package', () => {
    const url = 'https://github.com/astral-sh/python-build-standalone/releases/download/20261110/cpython-3.15.2.tar.gz';
    const { code, message } = said('uv', [
      'error: Request failed after 3 retries in 5.2s',
      `  cause: Failed to download \`${url}\``,
      '  cause: dns error',
      '  cause: failed to lookup address information: Name or service not known',
    ]);
    expect([code, message]).toEqual([
      'PYTHON_UNSUITABLE',
      'No Python of this machine fits the project, and uv cannot download one. (/usr/bin/uv install)',
    ]);
  });

  test('a locked version whose file the registry does not have is named, and not looked for in package.json', () => {
    const address = 'https://registry.example/@uiw%2freact-demo/-/react-demo-2.9.1.tgz';
    const lines = [
      'npm error code E404',
      `npm error 404 Not Found - GET ${address} - Not found`,
      `npm error 404  The requested resource '@uiw/react-demo@${address}' could not be found or you do not have permission to access it.`,
    ];
    const { message, hint } = said('npm', lines, {}, ['ci']);
    expect(message).toContain('package-lock.json locks `@uiw/react-demo` 2.9.1, and the registry has no file');
    expect(hint).toContain('`cd /site && npm update @uiw/react-demo`');
    expect(said('npm', lines).message).toContain('The registry has no file of `@uiw/react-demo` 2.9.1');
  });

  test('a command of a tool that devsetup has brought runs in any shell and from any folder', () => {
    const lines = ['error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.'];
    expect(said('uv', lines, { typed: '/state/tools/uv/bin/uv' }).hint).toContain(
      '`cd /site && /state/tools/uv/bin/uv lock`',
    );
    const { hint } = installProblem(
      {
        program: '/my tools/uv',
        args: ['sync', '--locked'],
        directory: '/my site',
        env: { UV_PYTHON: '/usr/bin/python3' },
      },
      { exitCode: 9, missing: false, timedOut: false, aborted: false, tail: '', stdout: '' },
    );
    expect(hint).toContain("`cd '/my site' && UV_PYTHON=/usr/bin/python3 '/my tools/uv' sync --locked`");
  });

  test('a version that uv finds none of is named, as uv 0.13 says it', () => {
    const { code, message } = said(
      'uv',
      [
        'error: No solution found when resolving dependencies',
        '  cause: Because only six<=1.17.0 is available and your project depends on six>=99, we can conclude that …',
      ],
      { files: [file('pyproject.toml', '[project]', 'dependencies = [', '  "six>=99",', ']')] },
    );
    expect([code, message]).toEqual([
      'PACKAGE_NOT_FOUND',
      'There is no such version: `six>=99` (pyproject.toml:3). (/usr/bin/uv install)',
    ]);
  });
});

test.each([
  ['==1.0', '1.0.0', true],
  ['==1.*', '1.9', true],
  ['==1.0', '1.0rc1', false],
  ['~=1.4.2', '1.4.9', true],
  ['~=1.4.2', '1.5', false],
  ['>=2,!=2.1', '2.1', false],
  ['>1,<2', '1.5', true],
  ['', '0.1', true],
])('%s takes %s: %j', (specifier, version, expected) => {
  expect(takes(specifier, version)).toBe(expected);
});

/** As Poetry 2.5 prints it. */
const candidates = (name: string, count: number) => [
  `  | Unable to find installation candidates for ${name}`,
  '  | This is likely not a Poetry issue.',
  `  |   - ${count} candidate(s) were identified for the package`,
];

describe('Poetry finds no candidates', () => {
  test('none at all is a fault of the index, with a way out that leaves poetry.lock alone', () => {
    const { code, message, hint } = said('poetry', [
      ...candidates('django (5.1.4)', 0),
      ...candidates('six (1.16)', 0),
    ]);
    expect(code).toBe('PACKAGE_NOT_FOUND');
    expect(message).toContain('no file at all of `django (5.1.4)` in its package index');
    expect(hint).toMatch(/mirror or a proxy.*several packages.*"installer": "pip".*poetry\.lock then stays as it is/);
    expect(hint).not.toContain('poetry lock');
    const files = [file('pyproject.toml', '[tool.poetry.dependencies]', 'six = "*"')];
    expect(said('poetry', candidates('six (1.16)', 0), { files }).hint).toMatch(
      /`poetry export .*`backend\.requirements`/,
    );
  });

  test('some that do not fit are files for another system, of the package that has them', () => {
    const { code, message } = said('poetry', [...candidates('django (5.1.4)', 0), ...candidates('alien (1.0)', 1)]);
    expect([code, message]).toEqual(['NO_WHEEL', expect.stringContaining('`alien (1.0)`')]);
  });
});

describe('a registry that cannot be reached is named, and where it is set', () => {
  const refused = "connection broken by 'NewConnectionError('…: Failed to establish a new connection')': /simple/six/";
  test.each([
    [
      'pip',
      `Looking in indexes: https://old.invalid/simple\n${refused}`,
      file('requirements.txt', '-i https://old.invalid/simple', 'six'),
    ],
    [
      'pip',
      `Looking in indexes: https://****@old.invalid/simple\n${refused}`,
      file('requirements.txt', '--extra-index-url=https://me:x@old.invalid/simple'),
    ],
    [
      'uv',
      'error: Failed to fetch: `https://old.invalid/simple/six/`\n  cause: error sending request for url',
      file('pyproject.toml', 'url = "https://old.invalid/simple"'),
    ],
    [
      'poetry',
      'All attempts to connect to old.invalid failed.',
      file('pyproject.toml', 'url = "https://old.invalid/simple"'),
    ],
    [
      'pdm',
      '[ConnectError]: [Errno -2] Name or service not known',
      file('pyproject.toml', 'url = "https://old.invalid/simple"'),
    ],
    [
      'pipenv',
      `HTTPSConnectionPool(host='old.invalid', port=443): Max retries exceeded`,
      file('Pipfile', 'url = "https://old.invalid/simple"'),
    ],
    [
      'npm',
      'npm error network request to https://old.invalid/six failed, reason: getaddrinfo ENOTFOUND old.invalid',
      file('.npmrc', 'registry=https://old.invalid/'),
    ],
    ['yarn', 'error Error: connect ECONNREFUSED 10.0.0.1:443', file('.npmrc', '@corp:registry=https://old.invalid/')],
    [
      'bun',
      'error: ConnectionRefused downloading package manifest demo',
      file('bunfig.toml', 'registry = "https://old.invalid"'),
    ],
  ])('%s: %s', (tool, output, source) => {
    const { code, message, hint } = said(tool, [output], { files: [source] });
    expect(code).toBe('REGISTRY_UNREACHABLE');
    expect(message).toContain(`The package registry old.invalid (${source.name}:1) cannot be reached.`);
    expect(hint).toMatch(/^Is the address in \S+:1 right\?.*network and the proxy/);
  });

  test.each(['https://me:hun/ter2@old.invalid/simple', 'https://me:123/ter2@old.invalid/simple'])(
    'never with a part of its login: %s',
    (address) => {
      const files = [file('pyproject.toml', `url = "${address}"`)];
      const { message, hint } = said('pdm', ['[ConnectError]: [Errno 111] Connection refused'], { files });
      expect(message + hint).not.toMatch(/me:|hun|123|ter2/);
    },
  );

  test('by a variable, or by no file of the checkout', () => {
    const output = [`Looking in indexes: https://old.invalid/simple`, refused];
    const variable = {
      name: 'the variable PIP_INDEX_URL',
      text: 'https://old.invalid/simple',
      isVariable: true,
    } as const;
    expect(said('pip', output, { files: [variable] }).message).toContain('old.invalid (the variable PIP_INDEX_URL)');
    expect(said('pip', output).hint).toContain('`pip config list`');
  });
});

test.each([
  [
    'npm',
    'npm error code EBADENGINE\nnpm error notsup Not compatible with your version of node/npm: site@0.0.0\nnpm error notsup Required: {"node":"^24.0.0"}\nnpm error notsup Actual:   {"node":"v20.20.2"}',
  ],
  ['npm', 'npm error EBADDEVENGINES Invalid semver version "^24.0.0" does not match "v20.20.2" for "runtime"'],
  [
    'pnpm',
    'ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment\nYour Node version is incompatible with "/site".\nExpected version: ^24.0.0\nGot: v20.20.2',
  ],
  [
    'yarn',
    'error site@0.0.0: The engine "node" is incompatible with this module. Expected version "^24.0.0". Got "20.20.2"',
  ],
  [
    'yarn',
    'info There appears to be trouble with your network connection. Retrying...\nerror site@0.0.0: The engine "node" is incompatible with this module. Expected version "^24.0.0". Got "20.20.2"',
  ],
])('another Node: the advice names the version, the one that runs, the file, and the way out: %s', (tool, output) => {
  const files = [file('web/package.json', '{', '  "engines": { "node": "^24.0.0" }', '}')];
  const { message, hint } = said(tool, output.split('\n'), { files });
  expect(message).toContain('web/package.json:2 asks for another Node (^24.0.0), and this is Node 20.20.2.');
  expect(hint).toMatch(/`nvm install 24`.*`npx devsetup --skip frontend-dependencies`/);
});

test('the package that has to be compiled is named, with file and line and what is missing', () => {
  const output = [
    'Collecting six (from -r requirements.txt (line 1))',
    'Collecting mysqlclient==2.2.0 (from -r requirements.txt (line 3))',
    '  Getting requirements to build wheel: started',
    "  Command 'pkg-config --exists mysqlclient' returned non-zero exit status 1.",
    '  Exception: Can not find valid pkg-config name.',
  ];
  const { message, hint } = said('pip', output, { files: [file('requirements.txt', 'six', '', 'mysqlclient==2.2.0')] });
  expect(message).toContain(
    '`mysqlclient` (requirements.txt:3) has to be compiled, and the headers of the MySQL client are missing.',
  );
  expect(hint).toMatch(/^Install them: `sudo apt-get install default-libmysqlclient-dev pkg-config`/);
});

describe('a build that fails', () => {
  const output = ['  ERROR: Failed building wheel for psycopg2-binary', 'Failed to build psycopg2-binary'];
  const files = [file('requirements.txt', 'six', 'psycopg2-binary==2.8.3')];

  test('names file and line, and advises more than to read the output', () => {
    const { message, hint } = said('pip', output, { files });
    expect(message).toContain('`psycopg2-binary` (requirements.txt:2)');
    expect(hint).toMatch(/^Try a newer version of psycopg2-binary in requirements\.txt:2/);
  });

  test('of a package that the run has warned of is answered with the Python it works on', () => {
    const pythonAdvice = (name: string) => (name === 'psycopg2-binary' ? 'Use Python 3.10.' : undefined);
    expect(said('pip', output, { files, pythonAdvice }).hint).toMatch(/^Use Python 3\.10\. Or: Try a newer version/);
  });
});

test.each([
  [file('requirements.txt', 'Django_Tenants>=3'), 'django-tenants', 'requirements.txt:1'],
  [file('pyproject.toml', 'name = "demo"', 'dependencies = ["six", "demo[x]==1"]'), 'demo', 'pyproject.toml:2'],
  [file('pyproject.toml', '[tool.poetry.dependencies]', 'demo = "^1"'), 'demo', 'pyproject.toml:2'],
  [file('requirements.txt', '# demo', 'demo-more'), 'demo', undefined],
  [file('web/package.json', '{ "dependencies": {', '  "@scope/demo": "1" } }'), '@scope/demo', 'web/package.json:2'],
])('where a package is asked for: %j, %s', (source, name, expected) => {
  expect(findRequirement([source], name)).toBe(expected);
});

describe('a lock file', () => {
  const plan = { directory: '/site', files: ['/site/pyproject.toml'] };
  const has = (name: string) => (found: string) => found === `/site/${name}`;

  test.each(['poetry.lock', 'uv.lock', 'pdm.lock'])('that pip does not read is named: %s', (lock) => {
    expect(unusedLock({ ...plan, tool: 'pip' }, has(lock))).toMatch(new RegExp(`^${lock} is not used: pip `));
  });

  test('nothing is said where the tool reads its own, or where a requirement file is what is installed', () => {
    expect(unusedLock({ ...plan, tool: 'uv', files: ['/site/uv.lock'] }, has('poetry.lock'))).toBeUndefined();
    expect(unusedLock({ ...plan, tool: 'poetry' }, has('poetry.lock'))).toBeUndefined();
    expect(
      unusedLock({ ...plan, tool: 'pip', files: ['/site/requirements.txt'] }, has('Pipfile.lock')),
    ).toBeUndefined();
  });

  test('that is behind its manifest is named where the tool installs it with exit code 0', () => {
    const records = JSON.parse(readFileSync(path.join(import.meta.dirname, 'installer-records.json'), 'utf8')) as {
      tool: string;
      kind: string;
      output: string[];
    }[];
    const { output } = records.find(({ tool, kind }) => tool === 'pdm' && kind === 'lock behind the manifest') ?? {};
    expect(outdatedLock({ tool: 'pdm', directory: '/site' }, output?.join('\n') ?? '')).toMatch(
      /^pdm\.lock does not match pyproject\.toml.*`cd \/site && pdm lock --update-reuse`/,
    );
    // As Pipenv 2026.10 answers `pipenv verify`.
    expect(
      outdatedLock({ tool: 'pipenv', directory: '/site' }, 'Pipfile.lock is out-of-date. Run $ pipenv lock to update.'),
    ).toMatch(/^Pipfile\.lock does not match Pipfile.*`cd \/site && pipenv lock`/);
    expect(outdatedLock({ tool: 'pipenv', directory: '/site' }, 'Pipfile.lock is up-to-date.')).toBeUndefined();
  });

  test('Pipenv is asked, after `sync` alone', () => {
    const install = { program: 'pipenv', args: ['sync', '--dev'], directory: '/site', env: {} };
    expect(lockQuestion({ ...install, tool: 'pipenv' })?.args).toEqual(['verify']);
    expect(lockQuestion({ ...install, tool: 'pipenv', args: ['install'] })).toBeNull();
    expect(lockQuestion({ ...install, tool: 'pdm' })).toBeNull();
  });
});
