import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { bringUp, type UpServices } from '../../../src/container/bring-up.ts';
import type { UpReport } from '../../../src/core/up-report.ts';
import type { Command } from '../../../src/process/run-command.ts';
import { runDevsetup, type DevsetupRun } from '../../support/run-devsetup.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';

const schema = JSON.parse(await readFile(new URL('../../../schemas/up-report.schema.json', import.meta.url), 'utf8'));
const IMAGE = '{ "image": "debian:bookworm", "remoteUser": "vscode" }';
const downSchema = JSON.parse(
  await readFile(new URL('../../../schemas/down-report.schema.json', import.meta.url), 'utf8'),
);
const COMPOSE = '{ "dockerComposeFile": "compose.yml", "service": "app", "workspaceFolder": "/workspaces/app" }';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-up-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = async (name: string, text: string): Promise<void> => {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
};

/** A `docker` that does what this shell script says; null: there is none. */
const up = async (script: string | null, args: readonly string[] = [], env = {}): Promise<DevsetupRun> => {
  const programs = path.join(root, 'programs');
  await mkdir(programs, { recursive: true });
  if (script !== null) {
    await write('programs/docker', `#!/bin/sh\n${script}\n`);
    await chmod(path.join(programs, 'docker'), 0o755);
  }
  return runDevsetup(['up', ...args], { cwd: root, env: { PATH: programs, ...env } });
};
const reportOf = ({ stdout }: DevsetupRun): UpReport => JSON.parse(stdout) as UpReport;

const NO_ENGINE = 'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1';
const DENIED = 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1';
/** An engine that answers, and whose disk is full. */
const FULL = 'case "$1" in version) echo 27.0 ;; *) echo "no space left on device" >&2; exit 1 ;; esac';

describe('devsetup up', () => {
  test('without a devcontainer.json names the command that makes one', async () => {
    const { exitCode, stderr, stdout } = await up(NO_ENGINE);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('There is no devcontainer.json in');
    expect(stderr).toContain('npx devsetup init');
  });

  test.each([
    ['no docker', null, IMAGE, {}, 'There is no docker program on PATH', 'npx devsetup --db embedded'],
    ['no docker in a dev container', null, IMAGE, { REMOTE_CONTAINERS: 'true' }, 'no docker program', 'already'],
    ['no engine', NO_ENGINE, IMAGE, {}, 'does not answer', 'Is the docker daemon running?'],
    ['a client that ends well without one', 'echo', IMAGE, {}, 'does not answer', 'Start'],
    ['no permission', DENIED, IMAGE, {}, 'may not use the container engine', 'docker'],
    ['no compose', FULL, COMPOSE, {}, 'docker has no compose here', 'docker-compose-plugin'],
    ['a full disk', FULL, IMAGE, {}, 'could not be started: docker ps failed', 'npx devsetup up'],
  ])('with %s says what is wrong and what to do', async (_, script, devcontainer, env, problem, advice) => {
    await write('.devcontainer/devcontainer.json', devcontainer);
    const { exitCode, stdout, stderr } = await up(script, [], env);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(advice);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('says it as one document with --json', async () => {
    for (const script of [null, NO_ENGINE, FULL]) {
      const without = await up(script, ['--json']);
      expect(violations(schema, reportOf(without))).toEqual([]);
    }
    await write('.devcontainer.json', IMAGE);
    const full = await up(FULL, ['--json']);
    expect(violations(schema, reportOf(full))).toEqual([]);
    expect(reportOf(full)).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      devcontainer: { outcome: 'error', message: expect.stringContaining('docker ps') },
      enter: null,
      error: { code: 'CONTAINER_FAILED' },
    });
  });
});

describe('what the dev container program is asked for', () => {
  const SUCCESS = { outcome: 'success', containerId: '0123456789abcdef', remoteUser: 'vscode' };
  interface Flags {
    readonly devContainer?: string;
    readonly rebuild?: boolean;
    readonly noCache?: boolean;
    readonly env?: Readonly<Record<string, string>>;
    /** What `docker port` prints. */
    readonly ports?: string;
  }
  const ask = async ({ env: more, ports = '', ...flags }: Flags, inside: string) => {
    const asked: Command[] = [];
    const notes: string[] = [];
    const services: UpServices = {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '' },
      platform: 'linux',
      version: '0.0.0',
      signal: new AbortController().signal,
      monotonic: () => 0,
      backendDirectory: path.join(root, 'my backend'),
      freePort: () => Promise.resolve(8001),
      logFile: '/state/up.log',
      onNote: (text) => notes.push(text),
      onStage: () => undefined,
      onFailure: () => undefined,
      onLine: () => undefined,
      runCommand: async (command) => {
        asked.push(command);
        const { args } = command;
        const answers = {
          up: `${JSON.stringify(SUCCESS)}\n`,
          exec: inside,
          port: ports,
          version: '27.0\n',
          inspect: 'bridge',
        };
        const stdout = Object.entries(answers).find(([word]) => args.includes(word))?.[1] ?? '';
        return { exitCode: 0, missing: false, timedOut: false, aborted: false, tail: stdout, stdout };
      },
    };
    await mkdir(path.join(root, 'programs'), { recursive: true });
    await write('programs/docker', '');
    await chmod(path.join(root, 'programs/docker'), 0o755);
    const env = { PATH: path.join(root, 'programs'), ...more };
    const report = await bringUp({ root, rebuild: false, noCache: false, ...flags }, { ...services, env });
    const command = asked.find(({ args }) => args.includes('up'));
    return { report, notes, args: command?.args.slice(2), env: command?.env ?? {} };
  };

  test('is this folder, and a new container or a new image where that is wanted', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    const folder = ['--workspace-folder', root, '--log-format', 'json'];
    expect((await ask({}, '')).args).toEqual(folder);
    expect((await ask({ rebuild: true }, '')).args).toEqual([...folder, '--remove-existing-container']);
    expect((await ask({ noCache: true }, '')).args).toEqual([
      ...folder,
      '--remove-existing-container',
      '--build-no-cache',
    ]);
  });

  test('is the one configuration of a repository that keeps it in a folder of its own', async () => {
    await write('.devcontainer/backend/devcontainer.json', IMAGE);
    const config = path.join(root, '.devcontainer/backend/devcontainer.json');
    expect((await ask({}, '')).args).toEqual(['--workspace-folder', root, '--config', config, '--log-format', 'json']);
  });

  test('is the usual one of several, which is said, or the one that is named', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    await write('.devcontainer/gpu/devcontainer.json', IMAGE);
    const usual = await ask({}, '');
    expect(usual.args).toEqual(['--workspace-folder', root, '--log-format', 'json']);
    expect(usual.notes).toEqual([
      '.devcontainer/devcontainer.json is used. --dev-container takes another one: .devcontainer/gpu/devcontainer.json',
    ]);
    const named = await ask({ devContainer: 'gpu' }, '');
    expect(named.args).toContain(path.join(root, '.devcontainer/gpu/devcontainer.json'));
    expect(named.notes).toEqual([]);
  });

  test('ends with how to get in', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    expect((await ask({}, '')).report.enter).toBe('docker exec --interactive --tty --user vscode 0123456789ab bash');
    await write('node_modules/.bin/devcontainer', '');
    const { enter } = (await ask({}, '')).report;
    expect(enter).toBe('npx --no-install devcontainer exec --workspace-folder . bash');
  });

  test('has a free port for the site, unless the environment names one', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    expect((await ask({}, '')).env['DEVSETUP_SITE_PORT']).toBe('8001');
    expect((await ask({ env: { DEVSETUP_SITE_PORT: '9000' } }, '')).env['DEVSETUP_SITE_PORT']).toBe('9000');
  });

  test('ends with where the site is, and how to publish its port where it is not', async () => {
    await write(
      '.devcontainer/devcontainer.json',
      '{ "image": "debian:bookworm", "forwardPorts": ["db:5432", 5432, 8080] }',
    );
    const start = `cd 'my backend' && npx devsetup exec --container -- python manage.py runserver 0.0.0.0`;
    const none = await ask({}, '');
    expect(none.report.site).toEqual({
      url: null,
      answers: false,
      start: `${start}:8080`,
      publish: expect.stringContaining('add "appPort": [8080] to .devcontainer/devcontainer.json'),
    });
    const server = createServer((_, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const published = await ask(
      { ports: `5432/tcp -> 127.0.0.1:1\n8000/tcp -> 127.0.0.1:${port}\n8000/tcp -> [::1]:${port}` },
      '',
    );
    server.close();
    const url = `http://localhost:${port}/`;
    expect(published.report.site).toEqual({ url, answers: true, start: `${start}:8000`, publish: null });
    expect(published.report.stages).toEqual([{ id: 'check', title: 'Check', milliseconds: 0 }]);
    expect(violations(schema, published.report)).toEqual([]);
  });

  test('names the service that has to publish the port', async () => {
    await write('.devcontainer/devcontainer.json', COMPOSE);
    await write(
      '.devcontainer/compose.yml',
      'services:\n  app: { image: x, network_mode: "service:db" }\n  db: { image: y }\n',
    );
    expect((await ask({}, '')).report.site?.publish).toContain(
      'add ports: ["127.0.0.1:8000:8000"] to the service db in .devcontainer/compose.yml',
    );
  });

  test('is no success where the set-up inside failed, though the container runs', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    const step = { id: 'database', title: 'Database', code: 'X', message: 'wrong password', hint: null };
    const status = { schemaVersion: 1, command: 'status', outcome: 'failed', step, logFile: '/tmp/x.log' };
    const { report } = await ask({}, JSON.stringify(status));
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 1, setup: { outcome: 'failed', step } });
    expect(report.error).toMatchObject({ code: 'SETUP_FAILED', message: expect.stringContaining('wrong password') });
    expect(violations(schema, report)).toEqual([]);
    const good = await ask({}, JSON.stringify({ ...status, outcome: 'succeeded', step: null }));
    expect(good.report).toMatchObject({ outcome: 'success', exitCode: 0, setup: { outcome: 'succeeded' } });
  });
});

/** An engine with one compose project that runs, and another container. */
const RUNNING = `case "$1 $2" in
  "version "*) echo 27.0 ;;
  "ps "*) case "$*" in
    *"local_folder=$PWD") echo aaa ;;
    *project=mine) printf 'aaa\\nbbb\\n' ;;
  esac ;;
  "inspect "*)
    printf 'aaa\\ttrue\\t/mine-app-1\\tmine\\tapp\\t\\n'
    case "$*" in *bbb*) printf 'bbb\\ttrue\\t/mine-db-1\\tmine\\tdb\\t\\n' ;; esac ;;
  "volume ls") echo mine_data ;;
  "network ls") case "$*" in *project=mine*) echo mine_default ;; esac ;;
  *) echo "$*" >> asked ;;
esac`;

describe('devsetup down', () => {
  const down = async (
    script: string,
    ...args: readonly string[]
  ): Promise<DevsetupRun & { readonly asked: string }> => {
    await write('programs/docker', `#!/bin/sh\n${script}\n`);
    await chmod(path.join(root, 'programs/docker'), 0o755);
    await write('.devcontainer.json', COMPOSE);
    const run = await runDevsetup(['down', ...args], { cwd: root, env: { PATH: path.join(root, 'programs') } });
    return { ...run, asked: await readFile(path.join(root, 'asked'), 'utf8').catch(() => '') };
  };

  test.each([
    [[], 'stop aaa bbb\n', { kept: ['mine_data'], deleted: [] }],
    [['--remove'], 'stop aaa bbb\nrm aaa bbb\nnetwork rm mine_default\n', { kept: ['mine_data'], deleted: [] }],
    [
      ['--delete-volumes', '--yes'],
      'stop aaa bbb\nrm aaa bbb\nnetwork rm mine_default\nvolume rm mine_data\n',
      { kept: [], deleted: ['mine_data'] },
    ],
  ])('%j does no more than it says', async (flags, asked, volumes) => {
    const run = await down(RUNNING, '--json', ...flags);
    expect([run.exitCode, run.asked], run.stderr).toEqual([0, asked]);
    const report = JSON.parse(run.stdout) as unknown;
    expect(violations(downSchema, report)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'done', stopped: ['app', 'db'], volumes });
  });

  test('deletes the volumes of containers that are removed already, and says so before', async () => {
    const gone = RUNNING.replace('"ps "*)', '"ps "*) exit 0 ;;\n  "nothing "*)').replace(
      '"volume ls") echo mine_data',
      '"volume ls") case "$*" in *project=shop*|*name=*) echo shop_data ;; esac',
    );
    await write('compose.yml', 'name: Shop\nservices: { app: { image: x } }\n');
    const kept = await down(gone);
    expect([kept.exitCode, kept.asked], kept.stderr).toEqual([0, '']);
    expect(kept.stdout).toContain('Kept, with the data in them: shop_data\n');
    expect((await down(gone, '--delete-volumes')).stderr).toContain('--delete-volumes deletes shop_data');
    const deleted = await down(gone, '--delete-volumes', '--yes');
    expect([deleted.exitCode, deleted.stderr]).toEqual([0, 'Deletes, with the data in them: shop_data\n']);
    expect(deleted.asked).toBe('volume rm shop_data\n');
    expect(deleted.stdout).toBe('Deleted, with the data in them: shop_data\n`npx devsetup up` creates it again.\n');
  });

  test('deletes no volume, and stops nothing, without an answer or --yes', async () => {
    const { exitCode, stderr, asked } = await down(RUNNING, '--delete-volumes');
    expect([exitCode, asked]).toEqual([2, '']);
    expect(stderr).toContain('--delete-volumes deletes mine_data');
    expect(stderr).toContain('--yes');
  });

  test('says what docker refused, and where no engine answers', async () => {
    const refused = await down(
      RUNNING.replace('*) echo "$*" >> asked', 'stop*) echo "cannot stop" >&2; exit 1'),
      '--json',
    );
    expect(JSON.parse(refused.stdout)).toMatchObject({ outcome: 'failed', error: { output: ['cannot stop'] } });
    expect((await down(NO_ENGINE)).stderr).toContain('does not answer');
  });
});

test('a command for a container that does not run starts nothing, and names the command that does', async () => {
  await write('.devcontainer.json', IMAGE);
  const script = 'case "$1" in version) echo 27.0 ;; esac';
  await write('programs/docker', `#!/bin/sh\n${script}\n`);
  await chmod(path.join(root, 'programs/docker'), 0o755);
  const env = { PATH: path.join(root, 'programs') };
  const { exitCode, stdout, stderr } = await runDevsetup(['exec', '--container', '--', 'true'], { cwd: root, env });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('does not exist');
  expect(stderr).toContain('npx devsetup up');
});
