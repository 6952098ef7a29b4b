import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { writeProjectFile } from '../../../support/sample-project.ts';
import type { Row } from '../support/row.ts';

export const CHECKOUT_ROWS: readonly Row[] = [
  {
    name: 'a key of the configuration is mistyped',
    breaks: async ({ project }) =>
      void (await writeProjectFile(project, 'devsetup.config.jsonc', '{ "databse": { "create": true } }\n')),
    code: 'config-invalid',
    severity: 'error',
    mends: /devsetup\.config\.jsonc/,
  },
  {
    name: 'two configurations',
    breaks: async ({ project }) => {
      await writeProjectFile(project, 'devsetup.config.jsonc', '{}\n');
      await writeProjectFile(project, 'devsetup.config.json', '{}\n');
    },
    code: 'config-ambiguous',
    severity: 'error',
    mends: /Keep one/,
  },
  {
    name: 'manage.py is gone',
    breaks: async ({ project }) => rm(project.managePy),
    code: 'manage-py-missing',
    severity: 'error',
    mends: /--project DIR/,
  },
  {
    name: 'two backends side by side',
    breaks: async ({ project }) => {
      const managePy = await readFile(project.managePy, 'utf8');
      await rm(project.managePy);
      for (const name of ['north', 'south']) await writeProjectFile(project, `${name}/manage.py`, managePy);
    },
    code: 'manage-py-ambiguous',
    severity: 'error',
    mends: /managePy/,
  },
  {
    name: 'the configured interpreter does not exist',
    breaks: async ({ project }) =>
      void (await writeProjectFile(
        project,
        'devsetup.config.json',
        JSON.stringify({ backend: { python: path.join(project.root, 'python3.99') } }),
      )),
    code: 'python-missing',
    severity: 'error',
    mends: /python/i,
  },
  {
    name: 'a requirement file that is named is not there',
    breaks: async ({ project }) =>
      void (await writeProjectFile(
        project,
        'devsetup.config.json',
        JSON.stringify({ backend: { requirements: ['requirements/dev.txt'] } }),
      )),
    code: 'requirements-missing',
    severity: 'error',
    mends: /requirements/,
  },
];
