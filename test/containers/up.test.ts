import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../support/needs.ts';
import type { UpReport } from '../../src/core/up-report.ts';
import { cleanEnvironment, runProgram, runToSuccess, type ProgramRun } from '../e2e/support/run-program.ts';
import { answerOf } from './support/answer-of.ts';
import { WORKED_IN } from './support/base-images.ts';
import { createCheckout } from './support/checkout.ts';
import { docker } from './support/docker.ts';
import { report } from './support/report.ts';
import { startOnTerminal, type Session } from '../support/on-terminal.ts';
import { until } from '../support/until.ts';

const provided = inject('containers');
const HOOK = /"postCreateCommand": "npx --no-install devsetup .*"/;
const FAILING = '"postCreateCommand": "echo this will not do; exit 7"';

// One container: its first creation fails in a hook, the next `up` heals it.
describe('devsetup up, without any editor', needs(provided.ok, 'no container engine answers'), () => {
  let folder: string;
  let devsetup: (...args: readonly string[]) => Promise<ProgramRun>;
  let env: NodeJS.ProcessEnv;
  let cli: string;

  beforeAll(async () => {
    if (!provided.ok) return;
    const { suite } = provided;
    folder = (await createCheckout(`up ${suite.id}`, suite)).folder;
    cli = suite.cli;
    env = cleanEnvironment({ ...suite.env, DEVSETUP_STATE_DIR: path.join(suite.root, 'state') });
    devsetup = (...args) => runProgram(process.execPath, [cli, ...args], { cwd: folder, env });
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
    expect(failed.stages.at(-1)?.id).toBe('postCreateCommand');
    expect(failed).toMatchObject({
      outcome: 'failed',
      error: { code: 'LIFECYCLE_COMMAND_FAILED', output: ['this will not do'] },
    });
    expect(stderr).toContain('The postCreateCommand failed: echo this will not do; exit 7');
    expect(stderr).toContain('npx devsetup doctor');
    const inside = await enter(failed.enter, 'id --user --name');
    expect(inside.stdout.trim()).toBe('vscode');
  });

  it('heals it with the next, shows its stages, and ends with where the site is and how to get in', async () => {
    const { exitCode, stdout, stderr } = await devsetup('up');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(
      /^\[postStartCommand\] After start …\n\[postStartCommand\] done in \S+\n\[check\] Check …\n\[check\] done in \S+\n$/,
    );
    expect(stdout).toMatch(/^The container runs: user vscode, folder \/workspaces\/up \w+ \(/);
    const command = /Enter the container\n {2}(.*)\n/.exec(stdout)?.[1] ?? null;
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
      site: { url: expect.stringMatching(/^http:\/\/localhost:\d+\/$/), answers: false },
    });
    expect(await readFile(again.logFile ?? '', 'utf8')).toContain('create_guest_tenant created tenant guest');
  });

  it('has a site whose server, started as printed, answers the host until SIGTERM ends it', async () => {
    const { site } = JSON.parse((await devsetup('up', '--json')).stdout) as UpReport;
    const typed = (site?.start ?? 'false').replace('npx devsetup', `exec '${process.execPath}' '${cli}'`);
    const server = spawn('sh', ['-c', `${typed} --noreload`], { cwd: folder, env, stdio: 'ignore' });
    try {
      await until('the site answers', async () => (await answerOf(site?.url)) === 200);
      expect((await devsetup('up')).stdout).toContain(`The site answers\n  ${site?.url}\n`);
    } finally {
      server.kill();
    }
    await until('the server in the container ends', async () => (await answerOf(site?.url)) === null);
  });

  it.each<[string, (session: Session) => void]>([
    ['Ctrl-C', (session) => session.type('\u0003')],
    ['closing the terminal', (session) => session.close()],
  ])('%s ends a command that runs in the container', async (_, end) => {
    const container = await docker('ps', '--quiet', '--filter', `label=devcontainer.local_folder=${folder}`);
    const runs = async (): Promise<boolean> =>
      (await docker('exec', container, 'ps', '-eo', 'args')).includes('sleep 4242');
    const command = [
      process.execPath,
      cli,
      'exec',
      '--container',
      '--',
      'sh',
      '-c',
      'echo started; sleep 4242',
    ] as const;
    const session = startOnTerminal(command, { columns: 80, rows: 24, cwd: folder, env });
    await session.waitFor('started');
    expect(await runs()).toBe(true);
    end(session);
    await session.ended;
    await until('the command ends', async () => !(await runs()));
  });

  it('runs a command in the same folder of the container, with the environment of the project and its exit code', async () => {
    const backend = { cwd: path.join(folder, 'backend'), env };
    const words = ['exec', '--container', '--', 'sh', '-c', 'pwd; command -v python; exit 7'];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [cli, ...words], backend);
    const place = `/workspaces/${path.basename(folder)}/backend`;
    expect([exitCode, stdout.trim().split(/\r?\n/)], stderr).toEqual([7, [place, `${place}/.venv/bin/python`]]);
  });

  it('is stopped, then removed, and the volume of its database stays', async () => {
    const stopped = await devsetup('down');
    expect([stopped.exitCode, stopped.stdout.split('\n')[0]], stopped.stderr).toEqual([0, 'Stopped: app, db']);
    expect((await devsetup('exec', '--container', '--', 'true')).stderr).toContain('is stopped');
    const removed = await devsetup('down', '--remove');
    expect([removed.exitCode, removed.stdout], removed.stderr).toEqual([
      0,
      expect.stringMatching(/^Removed: app, db\nKept/),
    ]);
    expect((await devsetup('down')).stdout).toMatch(/^Nothing to stop.*\nKept/);
  });

  it('has its volume deleted after its containers were removed, once that is confirmed', async () => {
    const refused = await devsetup('down', '--delete-volumes');
    const volume = /--delete-volumes deletes (\S+),/.exec(refused.stderr)?.[1] ?? '';
    expect([refused.exitCode, await docker('volume', 'ls', '--quiet')]).toEqual([2, expect.stringContaining(volume)]);
    const deleted = await devsetup('down', '--delete-volumes', '--yes');
    expect([deleted.exitCode, deleted.stderr]).toEqual([0, `Deletes, with the data in them: ${volume}\n`]);
    expect(deleted.stdout).toContain(`Deleted, with the data in them: ${volume}\n`);
    expect(await docker('volume', 'ls', '--quiet')).not.toContain(volume);
  });

  /** As somebody who types it, but for the terminal that a test has not. */
  const enter = (command: string | null, words: string): Promise<ProgramRun> =>
    runProgram('sh', ['-c', `${(command ?? 'false').replace(' --interactive --tty', '')} -c '${words}'`], {
      cwd: folder,
      env,
    });
});

/** The workspace is not writable, as where root has cloned it. */
const CLOSED = {
  image: WORKED_IN,
  remoteUser: 'vscode',
  updateRemoteUserUID: false,
  mounts: ['source=data-${devcontainerId},target=/data,type=volume'],
  postCreateCommand: 'touch made-inside',
};
const SLOW = 'FROM node:20-bookworm-slim\nRUN echo now-slow && sleep 600\n';
const HOOK_SLOW = { image: WORKED_IN, remoteUser: 'vscode', postCreateCommand: 'echo now-waiting; sleep 6001' };

describe(
  'devsetup up where there are several dev containers',
  needs(provided.ok, 'no container engine answers'),
  () => {
    let folder: string;
    let env: NodeJS.ProcessEnv;
    let cli: string;
    const devsetup = (...args: readonly string[]): Promise<ProgramRun> =>
      runProgram(process.execPath, [cli, ...args], { cwd: folder, env });
    /** On a terminal of this width, with the live view in a pipeline, too. */
    const show = (columns: number, ...args: readonly string[]): Session =>
      startOnTerminal([process.execPath, cli, ...args, '--ui', 'live'], { columns, rows: 50, cwd: folder, env });
    const asRoot = (command: string): Promise<ProgramRun> =>
      runToSuccess('sh', ['-c', process.getuid?.() === 0 ? command : `sudo -n ${command}`], { cwd: '/' });
    const containers = (): Promise<string> =>
      docker('ps', '--all', '--format', '{{.State}}', '--filter', `label=devcontainer.local_folder=${folder}`);

    beforeAll(async () => {
      if (!provided.ok) return;
      const { suite } = provided;
      ({ cli } = suite);
      folder = path.join(suite.root, `several ${suite.id}`);
      env = cleanEnvironment({ ...suite.env, DEVSETUP_STATE_DIR: path.join(suite.root, 'state') });
      const files = {
        'closed/devcontainer.json': JSON.stringify(CLOSED),
        'slow/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
        'slow/Dockerfile': SLOW,
        'waiting/devcontainer.json': JSON.stringify(HOOK_SLOW),
      };
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(folder, '.devcontainer', name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    });

    it('names them and starts none, unless one is chosen', async () => {
      const { exitCode, stderr } = await devsetup('up');
      expect([exitCode, await containers()]).toEqual([2, '']);
      expect(stderr).toContain('several dev containers: .devcontainer/closed/devcontainer.json, ');
    });

    it('shows a failure on 40 columns, with the command that gives the workspace to the user of the container', async () => {
      await asRoot(`chmod 555 '${folder}'`);
      const { exitCode, lines, raw } = await show(40, 'up', '--dev-container', 'closed').ended;
      expect([exitCode, lines]).toEqual([1, expect.arrayContaining([expect.stringMatching(/^✖ Setup +\d/)])]);
      const words = stripVTControlCharacters(raw).replaceAll(/\s+/g, ' ');
      expect(words).toContain("touch: cannot touch 'made-inside': Permission denied");
      const [, command = ''] =
        /Type on the host: sudo (chown .*?) and then npx devsetup up --rebuild\./.exec(words) ?? [];
      await asRoot(command);
      await asRoot(`chmod 755 '${folder}'`);
      const again = await show(100, 'up', '--rebuild').ended;
      expect([again.exitCode, again.lines.join('\n')], again.raw).toEqual([
        0,
        expect.stringMatching(/✔ Start .*✔ Setup .*✔ Check .*The container runs: user vscode/s),
      ]);
      expect((await devsetup('exec', '--container', '--', 'ls')).stdout).toContain('made-inside');
    });

    it('deletes the volume that has the id of the container in its name', async () => {
      await devsetup('down', '--remove');
      const { stderr } = await devsetup('down', '--delete-volumes', '--yes');
      expect(stderr).toMatch(/^Deletes, with the data in them: data-\w{52}\n$/);
      expect((await devsetup('down', '--delete-volumes', '--yes')).stdout).toContain('has no volumes');
    });

    it('is interrupted by Ctrl-C in the build, which leaves no container', async () => {
      const session = show(100, 'up', '--dev-container', 'slow');
      await session.waitFor('now-slow');
      session.type('\u0003');
      const { exitCode, lines } = await session.ended;
      const screen = lines.join('\n');
      expect([exitCode, await containers()]).toEqual([130, '']);
      expect(screen).toMatch(/^✖ Build /m);
      expect(screen).toContain('The start of the container was interrupted before it was created.');
    });

    it('is interrupted by Ctrl-C in a command of the container, which it stops', async () => {
      const session = show(100, 'up', '--dev-container', 'waiting');
      await session.waitFor('now-waiting');
      session.type('\u0003');
      const { exitCode, lines } = await session.ended;
      const screen = lines.join('\n');
      expect([exitCode, await containers()]).toEqual([130, 'exited']);
      expect(screen).toContain('interrupted in the postCreateCommand. It is stopped');
      expect(screen).toContain('npx devsetup up --rebuild');
      await devsetup('down', '--remove');
      // What the container's user owns is removed by whoever has made the folder.
      await asRoot(`chown -R ${String(process.getuid?.())} '${folder}'`);
    });
  },
);
