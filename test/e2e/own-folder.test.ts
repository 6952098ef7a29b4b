import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { RunReport } from '../../src/core/report.ts';
import { installPackage, type InstalledPackage } from './support/installed-package.ts';
import { cleanEnvironment, runProgram } from './support/run-program.ts';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
  const manage = 'from django.core.management import execute_from_command_line\n';
  await writeFile(path.join(installed.project, 'manage.py'), manage);
});
afterAll(() => installed?.remove());

const frontendStep = async (): Promise<RunReport['steps'][number] | undefined> => {
  const { stdout, stderr } = await runProgram(
    'npx',
    ['--no-install', 'devsetup', '--only', 'frontend-dependencies', '--json'],
    { cwd: installed.project, env: cleanEnvironment() },
  );
  expect(stdout, stderr).toContain('schemaVersion');
  return (JSON.parse(stdout) as RunReport).steps.find(({ id }) => id === 'frontend-dependencies');
};

/** A file that `npm ci` would take away. */
const witness = (): string => path.join(installed.directory, 'witness');

it('is not installed anew right after a hook has installed it', async () => {
  expect(await frontendStep()).toMatchObject({ status: 'unchanged' });
});

it('is brought up to a changed lock without being taken away', async () => {
  await writeFile(witness(), '');
  const lock = path.join(installed.project, 'package-lock.json');
  await writeFile(lock, `${await readFile(lock, 'utf8')}\n`);
  expect(await frontendStep()).toMatchObject({ status: 'changed' });
  expect(existsSync(witness())).toBe(true);
  expect(await frontendStep()).toMatchObject({ status: 'unchanged' });
});
