import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
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
  const ask = async (flags: { rebuild?: boolean; noCache?: boolean }, inside: string) => {
    const asked: Command[] = [];
    const services: UpServices = {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '' },
      platform: 'linux',
      version: '0.0.0',
      signal: new AbortController().signal,
      monotonic: () => 0,
      onLine: () => undefined,
      runCommand: async (command) => {
        asked.push(command);
        const { args } = command;
        const stdout = args.includes('up') ? `${JSON.stringify(SUCCESS)}\n` : args.includes('exec') ? inside : '27.0\n';
        return { exitCode: 0, missing: false, timedOut: false, aborted: false, tail: stdout, stdout };
      },
    };
    await mkdir(path.join(root, 'programs'), { recursive: true });
    await write('programs/docker', '');
    await chmod(path.join(root, 'programs/docker'), 0o755);
    const env = { PATH: path.join(root, 'programs') };
    const report = await bringUp({ root, rebuild: false, noCache: false, ...flags }, { ...services, env });
    return { report, args: asked.find(({ args }) => args.includes('up'))?.args.slice(2) };
  };

  test('is this folder, and a new container or a new image where that is wanted', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    const folder = ['--workspace-folder', root];
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
    expect((await ask({}, '')).args).toEqual(['--workspace-folder', root, '--config', config]);
  });

  test('ends with how to get in', async () => {
    await write('.devcontainer/devcontainer.json', IMAGE);
    expect((await ask({}, '')).report.enter).toBe('docker exec --interactive --tty --user vscode 0123456789ab bash');
    await write('node_modules/.bin/devcontainer', '');
    const { enter } = (await ask({}, '')).report;
    expect(enter).toBe('npx --no-install devcontainer exec --workspace-folder . bash');
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
