import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

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
  expect(await frontendStep()).toMatchObject({ status: 'not-applicable' });
});

it('is brought up to a changed lock without being taken away', async () => {
  await writeFile(witness(), '');
  const lock = path.join(installed.project, 'package-lock.json');
  await writeFile(lock, `${await readFile(lock, 'utf8')}\n`);
  expect(await frontendStep()).toMatchObject({ status: 'changed' });
  expect(existsSync(witness())).toBe(true);
  expect(await frontendStep()).toMatchObject({ status: 'not-applicable' });
});

it('is installed first in a fresh clone, by the devsetup that npx has fetched', async () => {
  const { project } = installed;
  // As npx keeps what it has fetched.
  const cache = await mkdtemp(path.join(os.tmpdir(), 'devsetup-npx-'));
  onTestFinished(() => rm(cache, { recursive: true }));
  const fetched = path.join(cache, '_npx/0c1f');
  await mkdir(fetched, { recursive: true });
  await rename(path.join(project, 'node_modules'), path.join(fetched, 'node_modules'));
  // That the configuration names no frontend keeps devsetup from none of its own.
  await writeFile(path.join(project, 'devsetup.config.json'), '{ "frontends": [] }');
  const program = path.join(fetched, 'node_modules/.bin/django-devsetup');
  const run = (...args: string[]) =>
    runProgram(process.execPath, [program, ...args], { cwd: project, env: cleanEnvironment() });
  expect((await run('--only', 'nonsense')).stderr).not.toContain('npx devsetup');
  expect((await run('rnu')).stderr).toContain('`npx django-devsetup run`');
  const { exitCode, stdout, stderr } = await run('--only', 'frontend-dependencies');
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('are not installed yet: this run installs them first');
  expect(stderr + stdout).toContain('npx devsetup');
  expect(existsSync(path.join(project, 'node_modules/django-devsetup/dist/cli.js'))).toBe(true);
  expect((await run('rnu')).stderr).toContain('`npx devsetup run`');
});
