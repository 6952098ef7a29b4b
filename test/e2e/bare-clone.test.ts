import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunReport } from '../../src/core/report.ts';
import { STEP_IDS } from '../../src/core/step.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { BUILT_IN_STEPS } from '../../src/steps/index.ts';
import { REPOSITORY } from './support/installed-package.ts';
import { cleanEnvironment, runProgram, runToSuccess, type ProgramRun } from './support/run-program.ts';

let work: string;
let clone: string;
let env: NodeJS.ProcessEnv;
let demo: ProgramRun;

beforeAll(async () => {
  work = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-clone-')));
  clone = path.join(work, 'clone');
  const state = path.join(work, 'state');
  await mkdir(state);
  env = cleanEnvironment({ DEVSETUP_STATE_DIR: state, DEVSETUP_LOG_FILE: path.join(work, 'devsetup.log') });
  await runToSuccess('git', ['clone', '--quiet', '--no-hardlinks', REPOSITORY, clone], { cwd: work });
  demo = await runProgram('npm', ['run', 'demo'], { cwd: clone, env });
}, 600_000);
afterAll(() => rm(work, { recursive: true, force: true }));

/** The commands the last screen says to type, line by line. */
const commandsToType = (screen: string): readonly string[] =>
  (screen.split('What you can do now:')[1] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.trim());

const readLastReport = async (): Promise<RunReport> => {
  const root = path.join(clone, '.demo');
  const directory = stateDirectory({ env, home: os.homedir(), root });
  return JSON.parse(await readFile(path.join(directory, 'last-run.json'), 'utf8')) as RunReport;
};

type Ending = number | NodeJS.Signals | null;

/** As a terminal does it: a Ctrl-C goes to all processes of the group. */
const interrupt = (child: ChildProcess, closed: Promise<Ending>): Promise<Ending> => {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    process.kill(-child.pid, 'SIGINT');
  return closed;
};

const waitUntil = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 100));
};

describe('npm run demo in a bare clone', () => {
  it('ends with 0 and leaves the checkout clean', async () => {
    expect(demo.exitCode, demo.stdout + demo.stderr).toBe(0);
    const { stdout } = await runToSuccess('git', ['status', '--porcelain'], { cwd: clone });
    expect(stdout).toBe('');
  });

  it('changes every step in the first run', () => {
    const [first = ''] = demo.stdout.split('The second run finds everything in place:');
    expect(first).toContain(`${STEP_IDS.length} steps changed, 0 unchanged`);
    const [, changed = ''] = first.split('\nChanged\n');
    for (const { title } of BUILT_IN_STEPS) expect(changed).toContain(`\n  ${title}: `.slice(1));
  });

  it('changes nothing in the second', async () => {
    const report = await readLastReport();
    expect(report).toMatchObject({ outcome: 'unchanged', exitCode: 0, warnings: [] });
    expect(report.steps.map(({ id, status }) => [id, status])).toEqual(STEP_IDS.map((id) => [id, 'unchanged']));
  });

  it('leaves no server behind', async () => {
    const url = /^DATABASE_URL=(.*)$/m.exec(await readFile(path.join(clone, '.demo/.env'), 'utf8'))?.[1];
    expect(url).toBeDefined();
    const { port } = new URL(url ?? '');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
  });

  it('says what to type next, and all of it works', async () => {
    const [serve = '', ...others] = commandsToType(demo.stdout);
    expect(serve).toBe('npm run demo -- --serve');
    expect(others.length).toBeGreaterThan(3);

    const child = spawn('sh', ['-c', serve], { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = new Promise<Ending>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    let shown = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (shown += chunk));
    try {
      // The site listens, or has failed to.
      await waitUntil(() => shown.includes('Quit the server') || child.exitCode !== null);
      const site = /http:\/\/localhost:(\d+)\//.exec(shown);
      expect(site, shown).not.toBeNull();

      const typed = await runProgram('sh', ['-ec', others.join('\n')], { cwd: clone, env });
      expect(typed.exitCode, typed.stdout + typed.stderr).toBe(0);
      expect(typed.stdout).toContain('Nothing to do: everything is in place');

      for (const library of ['', 'guest.', 'north.']) {
        const page = await runProgram(process.execPath, ['-e', READ_PAGE, site?.[1] ?? '', `${library}localhost`], {
          cwd: clone,
        });
        expect(page.stdout, `${library}localhost: ${page.stderr}`).toBe('200');
      }
      // npm passes the signal that it got on to itself, whatever its script ended with.
      expect([0, 'SIGINT']).toContain(await interrupt(child, closed));
    } finally {
      await interrupt(child, closed);
    }
    expect(existsSync(path.join(clone, '.demo/.postgres/data/postmaster.pid'))).toBe(false);
  });
});

/** fetch does not let a Host header be set, and not every system resolves names below localhost. */
const READ_PAGE = `
const [port, host] = process.argv.slice(1);
require('node:http').get({ host: '127.0.0.1', port, headers: { host } }, (response) => {
  process.stdout.write(String(response.statusCode));
  response.resume();
});`;
