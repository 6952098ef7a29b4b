import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { beforeAll, expect, onTestFinished, test } from 'vitest';

import { runDevsetup } from '../../support/run-devsetup.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';

const MANAGE_PY = 'from django.core.management import execute_from_command_line\n';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});

const arrange = async (folders: readonly string[]): Promise<string> => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'devsetup-several-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(path.join(root, '.git'));
  for (const folder of folders) {
    await mkdir(path.join(root, folder), { recursive: true });
    await writeFile(path.join(root, folder, 'manage.py'), MANAGE_PY);
  }
  return root;
};

const CHOICE =
  'Project: api/manage.py, because the others are examples, tests or templates. Not used: examples/shop/manage.py, tests/testproject/manage.py. To use another, start devsetup in its folder or set "backend": { "managePy": "examples/shop/manage.py" } in devsetup.config.jsonc.';

test('run, doctor, init and status name the same project, why, and how to choose another', async () => {
  const root = await arrange(['api', 'examples/shop', 'tests/testproject']);
  const options = { cwd: root, python };

  const run = await runDevsetup(['--only', 'frontend-dependencies'], options);
  expect(run.stderr.split('\n')[0]).toBe(CHOICE);

  const status = await runDevsetup(['status'], options);
  expect(status.stdout).toContain(CHOICE);

  const doctor = await runDevsetup(['doctor', '--only', 'checkout'], options);
  expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain(CHOICE);

  const init = await runDevsetup(['init', '--dry-run'], options);
  expect((init.stdout + init.stderr).replaceAll(/\s+/g, ' ')).toContain(CHOICE);

  const other = await runDevsetup(['--json', '--dry-run', '--only', 'frontend-dependencies'], {
    ...options,
    cwd: path.join(root, 'examples/shop'),
  });
  expect(other.json).toMatchObject({
    backend: {
      managePy: 'examples/shop/manage.py',
      choice: expect.stringMatching(/^Project: examples\/shop\/manage\.py, because it is around this folder\./),
    },
  });
});
