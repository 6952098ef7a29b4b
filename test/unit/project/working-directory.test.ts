import path from 'node:path';

import { expect, test } from 'vitest';

import { requirementsOf } from './requirements-of.ts';

const PACKAGE = '[project]\nname = "shared"\nversion = "1"\n';

test.each([
  [
    '`-e .` is the folder that has a package',
    { 'requirements/dev.txt': '-e .\ndjango', 'pyproject.toml': PACKAGE },
    '.',
  ],
  ['`-e .` in the backend is the backend', { 'api/requirements.txt': '-e .\ndjango', 'api/setup.py': '' }, 'api'],
  [
    'a path that is written from the root is read from the root',
    { 'api/requirements.txt': 'django\n-e ./libs/shared', 'libs/shared/pyproject.toml': PACKAGE },
    '.',
  ],
  [
    'a path in a file that another file includes counts as well',
    {
      'api/requirements/dev.txt': '-r base.txt',
      'api/requirements/base.txt': 'django\n./libs/x',
      'libs/x/setup.py': '',
    },
    '.',
  ],
  [
    'an archive, and a package by its address',
    {
      'api/requirements.txt': 'django\nwheels/x-1-py3-none-any.whl\nshared @ file:libs/shared',
      'wheels/x-1-py3-none-any.whl': '',
      'libs/shared/setup.py': '',
    },
    '.',
  ],
  ['without a path it is the folder of the file', { 'api/requirements.txt': 'django' }, 'api'],
  ['a path that is nowhere changes nothing', { 'api/requirements.txt': 'django\n-e ./gone' }, 'api'],
] as const)('pip runs in the folder that relative paths are relative to: %s', async (_what, tree, folder) => {
  const { root, found } = await requirementsOf(tree, 'api');
  expect(path.relative(root, found?.directory ?? '') || '.').toBe(folder);
});

test('configured requirements run where their relative paths lead', async () => {
  const tree = { 'requirements/dev.txt': '-e .', 'setup.py': '' };
  const { root, found } = await requirementsOf(tree, 'api', { requirements: ['requirements/dev.txt'] });
  expect(found?.directory).toBe(root);
});
