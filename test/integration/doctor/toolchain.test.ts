import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { CLI } from '../../support/run-devsetup.ts';
import { needsRoot } from '../../support/needs.ts';
import { removeKept, TOOLCHAIN_ROWS } from './rows/toolchain.ts';
import { testRows } from './support/row.ts';

testRows(TOOLCHAIN_ROWS);
afterAll(removeKept);

/** Nobody. */
const OTHER = 65534;

test('node_modules that root has made is found by another user', needsRoot, async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'devsetup-owned-'));
  try {
    const modules = path.join(root, 'frontend/node_modules');
    await mkdir(path.join(modules, 'mitt'), { recursive: true });
    await writeFile(path.join(root, 'manage.py'), '');
    await writeFile(path.join(root, 'frontend/package.json'), '{"dependencies": {"mitt": "3.0.1"}}');
    for (const folder of [root, path.join(root, 'frontend')]) await chown(folder, OTHER, OTHER);
    const [healthy, locked] = [await doctorAs(OTHER, root, [modules]), await doctorAs(OTHER, root, [])];
    expect(healthy).toEqual([]);
    expect(locked).toMatchObject([
      {
        code: 'files-of-another-user',
        severity: 'warning',
        message: 'frontend/node_modules belongs to root, and you may not write there.',
        remedy: { command: 'sudo chown -R "$(id -u):$(id -g)" frontend/node_modules' },
      },
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});

/** The findings about ownership; `open`: folders that everybody may write to meanwhile, with what is in them. */
const doctorAs = async (
  user: number,
  root: string,
  open: readonly string[],
): Promise<DoctorReport['checks'][number]['findings']> => {
  const allow = async (mode: number): Promise<void> => {
    for (const folder of open) for (const file of [folder, path.join(folder, 'mitt')]) await chmod(file, mode);
  };
  await allow(0o777);
  const stdout = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'doctor', '--only', 'file-ownership', '--json'],
      { cwd: root, uid: user, gid: user, env: { PATH: process.env['PATH'], HOME: root, DEVSETUP_STATE_DIR: root } },
      (_, output) => resolve(output),
    );
  });
  await allow(0o755);
  return (JSON.parse(stdout) as DoctorReport).checks.flatMap(({ findings }) => findings);
};
