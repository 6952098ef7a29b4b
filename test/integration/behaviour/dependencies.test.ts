import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { editProjectFile } from '../../support/sample-project.ts';
import { outOfStepFrontendLock, uninstallableRequirements } from '../../support/variations.ts';
import { openSite, withSite, type Site } from './support/site.ts';

const BACKEND = ['--only', 'backend-dependencies'];
const FRONTEND = ['--only', 'frontend-dependencies'];

describe('a backend', () => {
  let site: Site;
  const venvs = (): readonly string[] =>
    [site.project.root, site.project.backend].map((folder) => path.join(folder, '.venv')).filter(existsSync);

  beforeAll(async () => {
    site = await openSite({ dependencies: true });
  });
  afterAll(() => site.remove());

  test('is installed into a virtual environment of its own, and then left alone', async () => {
    const first = await site.run();
    expect(first.exitCode).toBe(0);
    expect(first.status('backend-dependencies')).toBe('changed');
    expect(first.status('frontend-dependencies')).toBe('changed');
    expect(first.report.djangoStarts).toBe(1);
    expect(existsSync(path.join(site.project.frontend, 'node_modules/mitt'))).toBe(true);
    const again = await site.run();
    expect(again.report.outcome).toBe('unchanged');
    expect(again.report.djangoStarts).toBeLessThanOrEqual(1);
    expect(venvs()).toHaveLength(1);
  });

  test('is installed again when a requirement file has changed, and with --force', async () => {
    await editProjectFile(site.project, 'backend/requirements.txt', /$/, '\n# A comment is a change, too.\n');
    const changed = await site.run(BACKEND);
    expect(changed.status('backend-dependencies')).toBe('changed');
    expect((await site.run(BACKEND)).status('backend-dependencies')).toBe('unchanged');
    expect((await site.run([...BACKEND, '--force'])).status('backend-dependencies')).toBe('changed');
  });

  test('requirements that cannot be installed are named, not taken for installed, and tried again', async () => {
    const before = await readFile(path.join(site.project.backend, 'requirements.txt'), 'utf8');
    await uninstallableRequirements(site.project);
    for (const attempt of [1, 2]) {
      const failed = await site.run(BACKEND);
      expect(failed.exitCode, `attempt ${attempt}`).toBe(1);
      const { message, hint, output } = failed.failure('backend-dependencies');
      expect(`${message}\n${output.join('\n')}`).toContain('packages/left-out');
      expect(hint).not.toBeNull();
    }
    await writeFile(path.join(site.project.backend, 'requirements.txt'), before);
    // The failed attempts may have left anything behind.
    expect((await site.run(BACKEND)).status('backend-dependencies')).toBe('changed');
    expect((await site.run(BACKEND)).status('backend-dependencies')).toBe('unchanged');
  });

  test('is installed again when its virtual environment was deleted', async () => {
    for (const venv of venvs()) await rm(venv, { recursive: true });
    const run = await site.run(BACKEND);
    expect(run.exitCode).toBe(0);
    expect(run.status('backend-dependencies')).toBe('changed');
    expect(venvs()).toHaveLength(1);
  });
});

describe('a frontend', () => {
  test('is installed again when node_modules was deleted, the lock file changed, or with --force', async () => {
    await withSite({ dependencies: true }, async (site) => {
      const modules = path.join(site.project.frontend, 'node_modules');
      const install = async (args: readonly string[] = []): Promise<string> =>
        (await site.run([...FRONTEND, ...args])).status('frontend-dependencies');
      expect(await install()).toBe('changed');
      expect(await install()).toBe('unchanged');
      await rm(modules, { recursive: true });
      expect(await install()).toBe('changed');
      expect(existsSync(path.join(modules, 'mitt'))).toBe(true);
      await editProjectFile(site.project, 'frontend/package-lock.json', /\n$/, '\n\n');
      expect(await install()).toBe('changed');
      expect(await install()).toBe('unchanged');
      expect(await install(['--force'])).toBe('changed');
    });
  });

  test('a lock file out of step with package.json is a failure that says how to update it', async () => {
    await withSite({ variations: [outOfStepFrontendLock] }, async (site) => {
      const lock = await readFile(path.join(site.project.frontend, 'package-lock.json'), 'utf8');
      const failed = await site.run(FRONTEND);
      expect(failed.exitCode).toBe(1);
      const { code, hint, output } = failed.failure('frontend-dependencies');
      expect(code).toBe('LOCK_OUT_OF_STEP');
      expect(output.join('\n')).toContain('mitt@2.1.0');
      expect(hint).toContain('npm install');
      expect(hint).toContain(site.project.frontend);
      expect(await readFile(path.join(site.project.frontend, 'package-lock.json'), 'utf8')).toBe(lock);
      expect((await site.run(FRONTEND)).exitCode).toBe(1);
    });
  });

  test('a package manager that is not there is named', async () => {
    await withSite({ variations: [outOfStepFrontendLock] }, async (site) => {
      await rm(path.join(site.project.frontend, 'package-lock.json'));
      await writeFile(path.join(site.project.frontend, 'bun.lock'), '');
      const empty = path.join(site.project.root, 'no-programs');
      await mkdir(empty);
      const failed = await site.run(FRONTEND, { PATH: empty });
      expect(failed.exitCode).toBe(1);
      const { code, message } = failed.failure('frontend-dependencies');
      expect(code).toBe('TOOL_MISSING');
      expect(message).toContain('bun');
    });
  });
});
