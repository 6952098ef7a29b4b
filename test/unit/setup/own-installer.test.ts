import path from 'node:path';

import { expect, test } from 'vitest';

import type { Config } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { toDevsetupError } from '../../../src/django/companion-errors.ts';
import { startProblem } from '../../../src/setup/start-problem.ts';
import { findRequirements } from '../../../src/project/find-requirements.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const FAILURE = toDevsetupError(
  { code: 'DJANGO_MISSING', type: null, message: '', traceback: '', place: null, data: { module: 'stripe' } },
  { python: '/venv/bin/python', managePy: 'manage.py' },
);

/** The advice about a package that is missing in a backend of these files. */
const adviceIn = async (tree: Tree, installer: Config['backend']['installer']): Promise<unknown> => {
  const root = await makeTree({ ...tree, 'api/manage.py': 'django' });
  const config: Config = { ...DEFAULTS, file: null, backend: { ...DEFAULTS.backend, installer } } as Config;
  const directory = path.join(root, 'api');
  const requirements = await findRequirements({ root, config, backendDirectory: directory });
  const python = { interpreter: '/venv/bin/python' };
  const project = { root, frontends: [], backend: { managePy: '', directory, python, requirements } } as never;
  const problem = await startProblem(FAILURE, { project, config, environment: undefined as never }, () =>
    Promise.reject(new Error('not asked')),
  );
  return problem instanceof Error && 'hint' in problem ? String(problem.hint).replaceAll(root, 'ROOT') : undefined;
};

test.each([
  ['uv', { 'uv.lock': 'name = "django"' }, 'Install it with uv: `cd ROOT && uv sync`; if uv.lock does not list it'],
  ['Poetry', { 'api/poetry.lock': 'name = "django"' }, 'Install it with poetry: `cd ROOT/api && poetry install`;'],
  [
    'Pipenv',
    { 'api/Pipfile': '[packages]\ndjango = "*"' },
    'Install it with pipenv: `cd ROOT/api && pipenv sync --dev`;',
  ],
  ['PDM', { 'pdm.lock': 'name = "django"' }, 'Install it with pdm: `cd ROOT && pdm sync`;'],
  [
    'pip',
    { 'api/requirements/base.txt': 'django' },
    'Install it with pip: `cd ROOT/api && /venv/bin/python -m pip install -r requirements/base.txt`;',
  ],
  [
    'nothing that devsetup knows',
    {},
    'Install it into the environment of /venv/bin/python by the means of this project.',
  ],
] satisfies [string, Tree, string][])(
  'with backend.installer none, a missing package is answered with the command of %s',
  async (_tool, tree, advice) => {
    const hint = await adviceIn(tree, 'none');
    expect(hint).toContain('`backend.installer` is `none`');
    expect(hint).toContain(advice);
    expect(hint).not.toContain('backend-dependencies');
  },
);

test('without a requirement file, a missing package is not answered with a step that installs nothing', async () => {
  const hint = await adviceIn({}, null);
  expect(hint).toMatch(
    /^devsetup found no requirement file and installs nothing\. Name the file .*write a requirements\.txt/,
  );
  expect(hint).not.toMatch(/backend-dependencies|pip install/);
});

test('where devsetup installs the packages, its own command stays the advice', async () => {
  expect(await adviceIn({ 'api/requirements.txt': 'django' }, null)).toContain('devsetup --only backend-dependencies');
});
