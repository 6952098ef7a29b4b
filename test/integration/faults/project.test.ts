import { mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile } from '../../support/sample-project.ts';
import {
  brokenSettings,
  configure,
  MISSING_VARIABLES,
  missingEnv,
  withNoneInSettings,
} from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf, stepOf } from './support/faults.ts';

let python: Venv;
let database: TestDatabase;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
  database = await createDatabase();
  return () => database.drop();
});
const keep = cleanUpAfterEach();

describe('manage.py', () => {
  it('is nowhere: the error says where it was looked for and what names it', async () => {
    const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-empty-')));
    keep({ remove: () => rm(root, { recursive: true, force: true }) });
    await mkdir(path.join(root, '.git'));
    const run = await runDevsetup([], { cwd: root });
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/manage\.py/);
    expect(run.stderr).toContain('What to do:');
    expect(run.stderr).toMatch(/--project|managePy/);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('is there several times: all are named, with the key that chooses, and choosing works', async () => {
    const project = keep(await createSampleProject());
    await rename(project.backend, path.join(project.root, 'site'));
    await writeProjectFile(project, 'shop/manage.py', '#!/usr/bin/env python\nimport django\n');
    const run = await runDevsetup([], { cwd: project.root });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('site/manage.py');
    expect(run.stderr).toContain('shop/manage.py');
    expect(run.stderr).toMatch(/"managePy"/);

    await configure({ backend: { managePy: 'site/manage.py' } })(project);
    const env = { DATABASE_URL: database.url };
    const chosen = await runDevsetup(['--json', '--only', 'database'], { cwd: project.root, env, python });
    expect(chosen.exitCode).toBe(0);
  });
});

describe('settings that cannot be loaded', () => {
  it.each([
    ['import-error', /ImportError.*cache_from_environment/, /backend\/config\/settings\.py:\d+/],
    ['syntax', /SyntaxError/, /backend\/config\/settings\.py:\d+/],
    ['raises', /ImproperlyConfigured.*MEDIA_ROOT is not a folder/, /backend\/config\/settings\.py:\d+/],
    ['missing-package', /a_package_nobody_installed/, /backend\/config\/settings\.py:\d+/],
    ['app', /ImportError.*Guest/, /backend\/notices\/models\.py:1/],
  ] as const)('%s: the exception and its place are named', async (kind, what, where) => {
    const project = keep(await createSampleProject({ variations: [brokenSettings(kind)] }));
    const env = { DATABASE_URL: database.url };
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { message, hint } = failureOf(run, 'database');
    expect(message).toMatch(what);
    expect(message).toMatch(where);
    expect(hint).not.toBe('');
    expect(run.stdout).not.toContain('BUG');
    expect(stepOf(run, 'shared-migrations').status).toBe('not-attempted');
  });
});

describe('environment variables that settings need', () => {
  it.each(['os', 'environ', 'decouple'] as const)('are all named in one error (read with %s)', async (library) => {
    const project = keep(await createSampleProject({ variations: [missingEnv(library)] }));
    const env = { DATABASE_URL: database.url };
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = failureOf(run, 'database');
    expect(code).toBe('ENVIRONMENT_MISSING');
    for (const name of MISSING_VARIABLES) expect(message).toContain(name);
    expect(message).toMatch(/settings\.py:\d+/);
    expect(hint).toContain('.env.example');
    expect(hint).toMatch(/Copy \.env\.example.*`cp \.env\.example \.env`/);
  });

  it('are to be added where there is a .env file already', async () => {
    const project = keep(await createSampleProject({ variations: [missingEnv('os'), withNoneInSettings] }));
    await writeProjectFile(project, '.env', `DATABASE_URL=${database.url}\n${MISSING_VARIABLES[0]}=something\n`);
    const run = await runDevsetup(['--json'], { cwd: project.root, python });
    const { message, hint } = failureOf(run, 'database');
    expect(message).not.toContain(MISSING_VARIABLES[0]);
    expect(message).toContain(MISSING_VARIABLES[1]);
    // What a system check would raise about next.
    expect(message).toMatch(/ {2}FRONT_URL {2}\(.*settings\.py:\d+; without it CSRF_TRUSTED_ORIGINS holds None\)/);
    expect(hint).toMatch(/Add them to \.env; \.env\.example shows how/);
  });

  it('are taken from a .env file that follows the hint', async () => {
    const project = keep(await createSampleProject({ variations: [missingEnv('os')] }));
    await writeProjectFile(project, '.env', MISSING_VARIABLES.map((name) => `${name}=something-or-other\n`).join(''));
    const env = { DATABASE_URL: database.url };
    const run = await runDevsetup(['--json', '--only', 'database'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(0);
  });
});

it('--verbose says where every variable came from, without its secrets', async () => {
  const project = keep(await createSampleProject());
  await writeProjectFile(
    project,
    '.env',
    `DATABASE_URL=${database.url}\nSECRET_KEY=from-file-horse\nALLOWED_HOSTS=a\n`,
  );
  await writeProjectFile(project, '.env.local', 'SECRET_KEY=from-local-horse\n');
  const env = { ALLOWED_HOSTS: 'localhost' };
  const run = await runDevsetup(['--verbose', '--ui', 'plain', '--only', 'database'], {
    cwd: project.root,
    env,
    python,
  });
  expect(run).toMatchObject({ exitCode: 0 });
  const told = run.stderr + run.stdout;
  expect(told).toMatch(/DATABASE_URL comes from \.env: .*:\*\*\*@/);
  expect(told).toMatch(/SECRET_KEY comes from \.env\.local/);
  expect(told).toMatch(/ALLOWED_HOSTS comes from the process environment/);
  for (const secret of [database.password, 'from-file-horse', 'from-local-horse']) expect(told).not.toContain(secret);
});

describe('Python', () => {
  it('configured as one that does not exist', async () => {
    const project = keep(await createSampleProject({ variations: [configure({ backend: { python: 'python9.9' } })] }));
    const env = { DATABASE_URL: database.url };
    const run = await runDevsetup(['--json'], { cwd: project.root, env });
    expect(run.exitCode).not.toBe(0);
    expect(run.exitCode).not.toBe(3);
    expect(run.stdout + run.stderr).toContain('python9.9');
  });
});
