import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { needs } from '../../support/needs.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { CLI, runDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, type SampleProject } from '../../support/sample-project.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { sampleOf } from '../../support/thoroughness.ts';

let python: Venv;
let project: SampleProject;
let url: string;
let home: string;

beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
  const database = await createReadyDatabase(python);
  project = await createSampleProject();
  ({ url } = database);
  // What is remembered and logged is the same in all tests; so is HOME.
  ({ home } = await runDevsetup([], { cwd: project.root, env: { DATABASE_URL: url }, python }));
  return async () => {
    await project.remove();
    await database.drop();
  };
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the CLI with one of its streams on a device that takes nothing, or with a reader that reads nothing. */
const runWith = (args: readonly string[], streams: { readonly stdout?: string; readonly stderr?: string }): Ended => {
  const open = (file: string | undefined): number | 'pipe' => (file === undefined ? 'pipe' : openSync(file, 'w'));
  const [stdout, stderr] = [open(streams.stdout), open(streams.stderr)];
  const { status, ...output } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: project.root,
    encoding: 'utf8',
    stdio: ['ignore', stdout, stderr],
    env: { PATH: process.env['PATH'], HOME: home, DATABASE_URL: url, VIRTUAL_ENV: python.directory },
  });
  for (const stream of [stdout, stderr]) if (stream !== 'pipe') closeSync(stream);
  return { exitCode: status, stdout: output.stdout ?? '', stderr: output.stderr ?? '' };
};

const COMMANDS: readonly (readonly string[])[] = [
  [],
  ['--json'],
  ['--dry-run'],
  ['--version'],
  ['--help'],
  ['status'],
  ['status', '--json'],
  ['doctor', '--only', 'toolchain'],
  ['doctor', '--list', '--json'],
  ['audit', '--list'],
  ['db', 'status'],
  ['init', '--dry-run'],
  ['shell-hook', 'bash'],
];

describe('a device without space', needs(existsSync('/dev/full'), 'there is no /dev/full', true), () => {
  it.each(sampleOf(COMMANDS, 2).map((words) => [words.join(' '), words] as const))(
    'as stdout of `devsetup %s`: one line says so, the exit code is 1',
    (_, words) => {
      const { exitCode, stderr } = runWith(words, { stdout: '/dev/full' });
      const said = stderr.split('\n').filter((line) => line.startsWith('devsetup: the result could not be written'));
      expect(said).toEqual([
        'devsetup: the result could not be written to stdout: there is no space left on the device (ENOSPC)',
      ]);
      expect(stderr).not.toMatch(/^\s+at |node:internal/m);
      expect(exitCode).toBe(1);
    },
  );

  it('as stderr: the result is complete and counts', () => {
    const { exitCode, stdout } = runWith(['--json'], { stderr: '/dev/full' });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unchanged' });
    expect(exitCode).toBe(0);
  });

  it('as stdout of a command that fails: its own exit code stays', () => {
    expect(runWith(['--only', 'nonsense'], { stdout: '/dev/full' }).exitCode).toBe(2);
    expect(runWith(['--only', 'nonsense', '--json'], { stdout: '/dev/full' }).exitCode).toBe(2);
  });

  it('as the file of a report: the failure names it', () => {
    const { exitCode, stderr } = runWith(['doctor', '--only', 'toolchain', '--report', '/dev/full'], {});
    expect(stderr).toContain('/dev/full');
    expect(stderr).not.toMatch(/^\s+at |node:internal/m);
    expect(exitCode).not.toBe(0);
  });
});

it('a reader that closes early (`| head -1`) is no failure and no noise', () => {
  const line = `"${process.execPath}" "${CLI}" doctor --list | head -1; echo "\${PIPESTATUS[0]}"`;
  const run = spawnSync('bash', ['-c', line], {
    cwd: project.root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, DATABASE_URL: url, VIRTUAL_ENV: python.directory },
  });
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('0');
  expect(run.stderr).toBe('');
});
