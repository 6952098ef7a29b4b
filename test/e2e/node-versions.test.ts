import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase } from '../support/postgres.ts';
import { runDevsetup } from '../support/run-devsetup.ts';
import { createSampleProject } from '../support/sample-project.ts';
import { DJANGO_52, ensureVenv } from '../support/venv.ts';
import { installPackage, type InstalledPackage } from './support/installed-package.ts';
import { ensureNode, NODE_MAJORS } from './support/node-release.ts';
import { runToSuccess } from './support/run-program.ts';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

describe.each(NODE_MAJORS)('the installed package under Node %i', (major) => {
  let node: string;

  beforeAll(async () => {
    node = await ensureNode(major);
  });

  it('is run by that Node', async () => {
    const { stdout } = await runToSuccess(node, ['--version'], { cwd: installed.project });
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  it.each(['--version', '--help'])('answers %s without a warning', async (flag) => {
    const { stdout, stderr } = await runToSuccess(node, [installed.cli, flag], { cwd: installed.project });
    expect(stdout).toMatch(flag === '--version' ? /^\d+\.\d+\.\d+\n$/ : /^Usage: devsetup/);
    expect(stderr).toBe('');
  });

  it('sets the sample up, and finds nothing to do afterwards', async () => {
    const python = await ensureVenv(DJANGO_52);
    const database = await createDatabase();
    const project = await createSampleProject();
    try {
      const env = { DATABASE_URL: database.url };
      const program = [node, installed.cli] as const;
      const first = await runDevsetup(['--json'], { cwd: project.root, python, env, program });
      expect(first, first.stderr).toMatchObject({ exitCode: 0, json: { outcome: 'done', djangoStarts: 1 } });
      const second = await runDevsetup(['--json'], { cwd: project.root, python, env, program });
      expect(second, second.stderr).toMatchObject({ exitCode: 0, json: { outcome: 'unchanged' } });
      expect(first.stderr + second.stderr).not.toMatch(/DeprecationWarning|ExperimentalWarning/);
    } finally {
      await project.remove();
      await database.drop();
    }
  });
});
