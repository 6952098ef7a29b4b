import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../support/needs.ts';
import type { UpReport } from '../../src/core/up-report.ts';
import { cleanEnvironment, runProgram, type ProgramRun } from '../e2e/support/run-program.ts';
import { createCheckout } from './support/checkout.ts';
import { report } from './support/report.ts';

const provided = inject('containers');
const HOOK = /"postCreateCommand": "npx --no-install devsetup .*"/;
const FAILING = '"postCreateCommand": "echo this will not do; exit 7"';

// One container: its first creation fails in a hook, the next `up` heals it.
describe('devsetup up, without any editor', needs(provided.ok, 'no container engine answers'), () => {
  let folder: string;
  let devsetup: (...args: readonly string[]) => Promise<ProgramRun>;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    if (!provided.ok) return;
    const { suite } = provided;
    folder = (await createCheckout(`up ${suite.id}`, suite)).folder;
    env = cleanEnvironment(suite.env);
    devsetup = (...args) => runProgram(process.execPath, [suite.cli, ...args], { cwd: folder, env });
  });

  it('names the hook that failed, what it printed, and the way into the container that is there', async () => {
    const file = path.join(folder, '.devcontainer/devcontainer.json');
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(HOOK);
    await writeFile(file, text.replace(HOOK, FAILING));
    const { exitCode, stdout, stderr } = await devsetup('up', '--json');
    await writeFile(file, text);
    expect(exitCode, stderr).toBe(1);
    const failed = JSON.parse(stdout) as UpReport;
    report('devsetup up that fails', failed.milliseconds / 1000);
    expect(failed).toMatchObject({
      outcome: 'failed',
      error: { code: 'LIFECYCLE_COMMAND_FAILED', output: ['this will not do'] },
    });
    expect(stderr).toContain('The postCreateCommand failed: echo this will not do; exit 7');
    expect(stderr).toContain('npx devsetup doctor');
    const inside = await enter(failed.enter, 'id --user --name');
    expect(inside.stdout.trim()).toBe('vscode');
  });

  it('heals it with the next, and ends with how to get in', async () => {
    const { exitCode, stdout, stderr } = await devsetup('up');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('Running the postStartCommand');
    expect(stdout).toMatch(/^The container runs: user vscode, folder \/workspaces\/up \w+ \(/);
    const command = /Next\n {2}(.*)\n/.exec(stdout)?.[1] ?? null;
    const inside = await enter(command, 'backend/.venv/bin/python backend/manage.py showmigrations --plan customers');
    expect(inside.exitCode, inside.stderr).toBe(0);
    expect(inside.stdout).toContain('[X]');
  });

  it('knows how the set-up inside stands', async () => {
    const { stdout } = await devsetup('up', '--json');
    const again = JSON.parse(stdout) as UpReport;
    report('devsetup up with nothing to do', again.milliseconds / 1000);
    expect(again).toMatchObject({
      outcome: 'success',
      devcontainer: { outcome: 'success', remoteUser: 'vscode' },
      setup: { outcome: 'succeeded', step: null },
    });
  });

  /** As somebody who types it, but for the terminal that a test has not. */
  const enter = (command: string | null, words: string): Promise<ProgramRun> =>
    runProgram('sh', ['-c', `${(command ?? 'false').replace(' --interactive --tty', '')} -c '${words}'`], {
      cwd: folder,
      env,
    });
});
