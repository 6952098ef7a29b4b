import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { appendSettings, writeProjectFile, type SampleProject } from '../../../support/sample-project.ts';
import type { Row } from '../support/row.ts';
import { ownedByRole } from './database-role.ts';

const git = async (project: SampleProject, ...args: readonly string[]): Promise<void> => {
  await promisify(execFile)('git', [...args], { cwd: project.root });
};

/** A spelling of 127.0.0.1 that looks like any other host. */
const FAR_HOST = '2130706433';

/** As Django makes them, which is nobody's. */
const STRONG_KEY = 'k3Zr4wLmC2vT9bKxQ7nPdY5sHfJ1gAeUiOqW6tRzXc8MuV0pBo4';

export const ENVIRONMENT_ROWS: readonly Row[] = [
  {
    name: 'nothing is installed, and the settings need two variables',
    breaks: async ({ project }) => {
      await appendSettings(project, 'import os\nMAIL_KEY = os.environ["MAIL_KEY"]\nPAY_KEY = os.environ["PAY_KEY"]');
    },
    code: 'variables-missing',
    severity: 'error',
    mends: /backend\/\.env/,
    also: ['backend-dependencies-needed', 'frontend-dependencies-needed'],
    site: { dependencies: true },
  },
  {
    name: 'a variable of the sample is not in .env, and the settings have None',
    breaks: async ({ project }) => {
      await appendSettings(project, 'MAIL_FROM = os.environ.get("MAIL_FROM")');
      await writeProjectFile(project, '.env', 'DJANGO_DEBUG=1\n');
      await writeProjectFile(project, '.env.example', 'DJANGO_DEBUG=1\n\n# Who writes.\nMAIL_FROM=library@localhost\n');
    },
    code: 'env-file-out-of-step',
    severity: 'warning',
    mends: /^Add MAIL_FROM to \.env/,
    fixable: true,
  },
  {
    name: 'a .env with a real key is in git',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.env', 'PAYMENT_API_KEY=q8Zr4wLmC2vT9bKx\n');
      await git(project, 'init', '-q');
      await git(project, 'add', '-f', '.env');
    },
    code: 'env-file-committed',
    severity: 'warning',
    mends: 'git rm --cached .env && echo .env >> .gitignore',
  },
  {
    name: 'a line of .env has a colon',
    breaks: async ({ project }) => {
      await writeProjectFile(project, '.env', '# Mail\nMAIL_FROM: library@localhost\n');
    },
    code: 'env-file-syntax',
    severity: 'warning',
    mends: /NAME=value/,
  },
  {
    name: 'a reference of a pipeline arrived as it is written',
    breaks: async ({ project }) => {
      await appendSettings(project, 'MAIL_KEY = os.environ.get("MAIL_KEY", "")');
      return { MAIL_KEY: '${{ secrets.MAIL_KEY }}' };
    },
    code: 'variable-unusable',
    severity: 'error',
    mends: /^Set it to the value itself/,
  },
  {
    name: 'the host of the dev container has no value for a variable',
    breaks: async ({ project }) => {
      const text = {
        // Names no Python: the one of the tests would differ from it.
        image: 'mcr.microsoft.com/devcontainers/base:debian-12',
        remoteUser: 'vscode',
        postCreateCommand: 'npx --no-install devsetup',
        postStartCommand: 'npx --no-install devsetup --if-needed',
      };
      await writeProjectFile(
        project,
        '.devcontainer/devcontainer.json',
        JSON.stringify({ ...text, containerEnv: { MAIL_KEY: '${localEnv:MAIL_KEY}' } }),
      );
      await appendSettings(project, 'MAIL_KEY = os.environ.get("MAIL_KEY", "standard")');
      return { REMOTE_CONTAINERS: 'true', MAIL_KEY: '' };
    },
    code: 'local-env-empty',
    severity: 'warning',
    mends: /^Set MAIL_KEY where the container is started/,
  },
  {
    name: 'DEBUG is on with a database elsewhere',
    breaks: ({ database }) => Promise.resolve({ DATABASE_URL: database.url.replace(/@[^:/]+/, `@${FAR_HOST}`) }),
    code: 'database-remote',
    severity: 'error',
    mends: /"allowRemote": \["2130706433"\]/,
  },
  {
    name: 'a server with the SECRET_KEY of development',
    breaks: () => Promise.resolve({ DJANGO_DEBUG: '0' }),
    code: 'secret-key-weak',
    severity: 'error',
    mends: 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
    site: { config: { development: false } },
  },
  {
    name: 'a server whose database has the password everybody tries first',
    breaks: async (site) => {
      const { role, env } = await ownedByRole(site);
      await site.sql(`ALTER ROLE ${role} PASSWORD 'changeme'`);
      const url = new URL(env.DATABASE_URL);
      url.password = 'changeme';
      return { DJANGO_DEBUG: '0', SECRET_KEY: STRONG_KEY, DATABASE_URL: url.href };
    },
    code: 'database-password-weak',
    severity: 'error',
    mends: /ALTER ROLE/,
    site: { config: { development: false } },
  },
];
