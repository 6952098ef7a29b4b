import { appendSettings, editProjectFile, writeProjectFile } from '../../../support/sample-project.ts';
import { brokenSettings, missingEnv } from '../../../support/variations.ts';
import type { Row } from '../support/row.ts';

/** What keeps Django from starting. */
export const DJANGO_START_ROWS: readonly Row[] = [
  {
    name: 'settings read variables that nobody set',
    breaks: ({ project }) => missingEnv('os')(project),
    code: 'environment-missing',
    severity: 'error',
    mends: /^Copy \.env\.example \(`cp \.env\.example \.env`\)/,
  },
  {
    name: 'settings read a variable that only the sample env file has',
    breaks: async ({ project }) => {
      await appendSettings(project, 'import os\nMAIL_SENDER = os.environ["MAIL_SENDER"]');
      await editProjectFile(project, '.env.example', /$/, 'MAIL_SENDER=library@localhost\n');
    },
    code: 'environment-missing',
    severity: 'error',
    mends: /^Copy \.env\.example, which has a value for each of them/,
    fixable: true,
  },
  {
    name: 'settings import a package that nobody installed',
    breaks: ({ project }) => brokenSettings('missing-package')(project),
    code: 'django-missing',
    severity: 'error',
    mends: /^devsetup found no requirement file and installs nothing\. Name the file /,
  },
  {
    name: 'settings raise',
    breaks: ({ project }) => brokenSettings('raises')(project),
    code: 'settings-failed',
    severity: 'error',
    mends: /^Fix the settings at backend\/[\w/]+\.py:\d+/,
  },
  {
    name: 'settings are no Python',
    breaks: ({ project }) => brokenSettings('syntax')(project),
    code: 'settings-failed',
    severity: 'error',
    mends: /^Fix the code at backend\/[\w/]+\.py:\d+\.$/,
  },
  {
    name: 'models import what does not exist',
    breaks: ({ project }) => brokenSettings('app')(project),
    code: 'apps-failed',
    severity: 'error',
    mends: /^Fix the code at backend\/[\w/]+\.py:\d+\.$/,
  },
  {
    name: 'the router of django-tenants is left out',
    breaks: ({ project }) => appendSettings(project, 'DATABASE_ROUTERS = []'),
    code: 'apps-failed',
    severity: 'error',
    mends: /^The package django_tenants [\d.]+ raises this, not the code of the project/,
  },
  {
    name: 'manage.py raises',
    breaks: ({ project }) =>
      editProjectFile(project, 'backend/manage.py', /^/, 'raise RuntimeError("django is not to be started")\n'),
    code: 'manage-py-failed',
    severity: 'error',
    mends: /^See for yourself: backend\/manage\.py/,
  },
  {
    name: 'manage.py never calls Django',
    breaks: async ({ project }) => {
      await writeProjectFile(project, 'backend/manage.py', 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "x"\n');
    },
    code: 'manage-py-no-django',
    severity: 'error',
    mends: /set `backend\.managePy` in devsetup\.config\.jsonc/,
  },
  {
    name: 'manage.py becomes another program',
    breaks: ({ project }) =>
      editProjectFile(project, 'backend/manage.py', /^/, 'import os\nos.execv("/bin/true", ["/bin/true"])\n'),
    code: 'manage-py-replaced',
    severity: 'error',
    mends: /set `backend\.python` in devsetup\.config\.jsonc/,
  },
  {
    name: 'settings end the process',
    breaks: ({ project }) => appendSettings(project, 'os._exit(3)'),
    code: 'companion-gone',
    severity: 'error',
    mends: /search for os\._exit and run devsetup again/,
  },
];
