import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { DEFAULTS } from '../../../src/config/defaults.ts';
import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { isDevsetupError } from '../../../src/core/errors.ts';
import type { MissingEnvironment } from '../../../src/django/protocol.ts';
import { startCompanion } from '../../../src/django/start-companion.ts';
import { startProblem } from '../../../src/setup/start-problem.ts';
import { sampleOf } from '../../support/thoroughness.ts';
import { createProject, SETTINGS, type Files } from './support/django-project.ts';

const NOTHING: MissingEnvironment = { variables: [], remaining: null };

/** What devsetup says about a project that does not start. */
const problemOf = async (files: Files, env: Readonly<Record<string, string>> = {}) => {
  const { launch, directory } = await createProject(files, {}, env);
  let missing = NOTHING;
  const failure: unknown = await startCompanion({ ...launch, onMissing: (found) => void (missing = found) }).then(
    async (client) => client.close(),
    (reason: unknown) => reason,
  );
  const requirements = path.join(directory, 'requirements.txt');
  const project = {
    root: directory,
    backend: {
      managePy: path.join(directory, 'manage.py'),
      directory,
      python: { interpreter: launch.python, venv: null, exists: true, source: '.venv', basePython: launch.python },
      requirements: { tool: 'pip', directory, files: [requirements], inputs: [requirements], reason: '' },
    },
    frontends: [],
  } as const;
  const problem = await startProblem(
    failure,
    {
      project,
      environment: loadEnvironment({ processEnv: env, root: directory }),
      config: { ...DEFAULTS, file: null } as never,
    },
    async () => missing,
  );
  if (!isDevsetupError(problem)) throw new Error('the companion started', { cause: problem });
  return problem;
};

const settings = (text: string): Files => ({ 'mysite/settings.py': `import os\n${SETTINGS}\n${text}\n` });
const LOGGING = (file: string): string =>
  `LOGGING = {'version': 1, 'handlers': {'file': {'class': 'logging.FileHandler', 'filename': ${file}}}, 'root': {'handlers': ['file']}}`;

type Row = readonly [string, Files, RegExp, RegExp];

const ROWS: readonly Row[] = [
  [
    'a log folder that is not in the checkout',
    settings(LOGGING("BASE_DIR / 'logs' / 'app.log'")),
    /^The log handler `file` of LOGGING cannot open logs\/app\.log: the folder logs does not exist\.$/,
    /^Create the folder: `mkdir -p logs`/,
  ],
  [
    'a log folder outside the checkout',
    settings(LOGGING("'/var/log/no-such-app/app.log'")),
    /the folder \/var\/log\/no-such-app does not exist/,
    /sudo install -d -o "\$\(id -u\)" \/var\/log\/no-such-app`/,
  ],
  [
    'a file that has a sample next to it',
    { ...settings("import json\nSECRETS = json.load(open(BASE_DIR / 'secrets.json'))"), 'secrets.example.json': '{}' },
    /^mysite\/settings\.py:\d+ cannot open secrets\.json, which does not exist\.$/,
    /`cp secrets\.example\.json secrets\.json`/,
  ],
  [
    'an app of the checkout with a typo',
    { ...settings("INSTALLED_APPS += ['catalogue']"), 'catalog/__init__.py': '', 'catalog/models.py': '' },
    /^INSTALLED_APPS names `catalogue`, and the checkout has `catalog`\.$/,
    /write `catalog`/,
  ],
  [
    'an app in a package, with a typo',
    { ...settings("INSTALLED_APPS += ['apps.ordres']"), 'apps/__init__.py': '', 'apps/orders/__init__.py': '' },
    /^INSTALLED_APPS names `apps\.ordres`, and the checkout has `apps\.orders`\.$/,
    /write `apps\.orders`/,
  ],
  [
    'an app in a folder that is not on the path',
    { ...settings("INSTALLED_APPS += ['billing']"), 'apps/billing/__init__.py': '' },
    /^INSTALLED_APPS names `billing`, and the checkout has it in apps\/billing, which is not on Python's path\.$/,
    /Write `apps\.billing`/,
  ],
  [
    'a package of the requirement files that is not installed, although a folder has a similar name',
    {
      ...settings("INSTALLED_APPS += ['widgetry']"),
      'widgets/__init__.py': '',
      'requirements.txt': 'django-widgetry\n',
    },
    /^The Python package `widgetry` is not installed/,
    /backend-dependencies/,
  ],
  [
    'settings that import a file kept out of git, with a sample',
    { ...settings('from .settings_secret import *'), 'mysite/settings_secret.py.template': '' },
    /^mysite\/settings_secret\.py does not exist; it is imported at mysite\/settings\.py:\d+\.$/,
    /`cp mysite\/settings_secret\.py\.template mysite\/settings_secret\.py`/,
  ],
  [
    'settings that import a file kept out of git, without a sample',
    { ...settings('from local_settings import *'), '.gitignore': '*.pyc\nlocal_settings.py\n' },
    /^local_settings\.py does not exist, and \.gitignore keeps it out of git; it is imported at mysite\/settings\.py/,
    /let the settings do without/,
  ],
  [
    'a system library that cannot be loaded',
    settings(
      "GDAL_LIBRARY_PATH = '/nowhere/libgdal.so'\nDATABASES['default']['ENGINE'] = 'django.contrib.gis.db.backends.spatialite'",
    ),
    /^The system library GDAL is not installed: /,
    /apt-get install gdal-bin/,
  ],
  [
    'the model of the users in no app',
    settings("AUTH_USER_MODEL = 'people.User'"),
    /people\.User/,
    /label `people` to INSTALLED_APPS/,
  ],
  [
    'models that are imported by the settings',
    settings('from django.contrib.auth.models import User'),
    /Apps aren't loaded yet|settings/,
    /`ready\(\)`|SECRET_KEY|circular|before the apps are loaded/,
  ],
  [
    'a name that the installed Django no longer has',
    settings('from django.utils.encoding import force_text'),
    /force_text/,
    /Django has no `django\.utils\.encoding\.force_text`/,
  ],
  [
    'an installed package whose native part is of another Python',
    settings("import sys\nsys.path.insert(0, str(BASE_DIR / 'site-packages'))\nimport fastpart"),
    /No module named 'fastpart\._native'/,
    /does not fit this Python/,
  ],
];

describe('what keeps Django from starting is reported with what fixes it', () => {
  test.each(sampleOf(ROWS, 3))('%s', async (_title, files, message, hint) => {
    const problem = await problemOf({ 'site-packages/fastpart/__init__.py': 'from ._native import run\n', ...files });
    expect(problem.message).toMatch(message);
    expect(problem.hint).toMatch(hint);
  });
});
