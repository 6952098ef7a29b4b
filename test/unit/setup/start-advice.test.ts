import { expect, test } from 'vitest';

import type { CompanionError } from '../../../src/django/protocol.ts';
import type { Project } from '../../../src/project/types.ts';
import { startAdvice } from '../../../src/setup/start-advice.ts';

const PROJECT: Project = {
  root: '/nowhere',
  backend: {
    managePy: '/nowhere/manage.py',
    directory: '/nowhere',
    python: { interpreter: 'python', venv: null, exists: true, source: 'PATH', basePython: 'python' },
    requirements: null,
  },
  frontends: [],
};

const failed = (last: string, place: string | null = null): CompanionError => {
  const [type = '', message = ''] = last.split(/: (.*)/s);
  return {
    code: 'APPS_FAILED',
    type,
    message,
    traceback: `Traceback (most recent call last):\n  File "/venv/lib/python3.13/site-packages/old/__init__.py", line 1, in <module>\n    import x\n${last}\n`,
    place: place === null ? null : { file: place, line: 3, function: '<module>', source: 'import old' },
    data: {},
  };
};

test.each([
  [
    "ModuleNotFoundError: No module named 'cgi'",
    /^Python 3\.13 has removed `cgi`; it is imported at shop\/models\.py:3\.$/,
    /"python3\.12".*or upgrade the package/,
  ],
  ["ModuleNotFoundError: No module named 'distutils'", /^Python 3\.12 has removed `distutils`/, /add `setuptools`/],
  ["ModuleNotFoundError: No module named 'imp'", /^Python 3\.12 has removed `imp`/, /"python3\.11"/],
  ["ModuleNotFoundError: No module named 'pkg_resources'", /part of setuptools/, /`setuptools<81`/],
  [
    'ImportError: libpq.so.5: cannot open shared object file: No such file or directory',
    /^The system library PostgreSQL client is not installed/,
    /apt-get install libpq5`/,
  ],
  [
    "OSError: cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file",
    /^The system library Pango/,
    /libpango-1\.0-0 /,
  ],
  [
    'ImportError: failed to find libmagic.  Check your installation',
    /^The system library libmagic/,
    /apt-get install libmagic1`/,
  ],
  [
    "ModuleNotFoundError: No module named 'psycopg2._psycopg'",
    undefined,
    /native part of a package does not fit this Python/,
  ],
  ['ImportError: /venv/lib/x.so: undefined symbol: _PyUnicode_Ready', undefined, /does not fit this Python/],
  [
    "RuntimeError: Model class shop.models.Item doesn't declare an explicit app_label and isn't in an application in INSTALLED_APPS.",
    undefined,
    /Add `shop` to INSTALLED_APPS/,
  ],
  [
    "ImportError: cannot import name 'X' from partially initialized module 'shop.models' (most likely due to a circular import)",
    undefined,
    /`shop\.models` is imported while it is being imported/,
  ],
  ["django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.", undefined, /before the apps are loaded/],
])('%s', async (last, message, hint) => {
  const advice = await startAdvice(failed(last, '/nowhere/shop/models.py'), PROJECT);
  if (message === undefined) expect(advice?.message).toBe(undefined);
  else expect(advice?.message).toMatch(message);
  expect(advice?.hint).toMatch(hint);
});

test('nothing is said about a failure that is not known', async () => {
  expect(await startAdvice(failed('ValueError: no such colour'), PROJECT)).toBe(undefined);
});
