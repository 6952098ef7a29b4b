import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';
import { image, nameOf, openServer, revision, type Server } from './support/server.ts';

const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nwhat-only-the-key-says\n-----END OPENSSH PRIVATE KEY-----';
const TOKEN = 'the-token-of-the-registry';

/** Plays ssh: notes its words and the files they name, and runs the command in the server's folder, as sshd gives it to a shell. */
const SSH = `#!/usr/bin/env bash
set -euo pipefail
printf '%s\\n' "$*" >> "$SSH_DOUBLE/words"
while [ $# -gt 0 ]; do
  case "$1" in
    -i) cp -p "$2" "$SSH_DOUBLE/key"; shift 2 ;;
    -o) case "$2" in UserKnownHostsFile=*) cp -p "\${2#*=}" "$SSH_DOUBLE/known_hosts" ;; esac; shift 2 ;;
    -p) shift 2 ;;
    *) break ;;
  esac
done
printf '%s\\n' "$1" > "$SSH_DOUBLE/target"
shift
cd "$SSH_HOME"
exec sh -c "$*"
`;

let server: Server;
let runner: string;
let temporary: string;

beforeEach(async () => {
  server = await openServer();
  runner = path.join(server.home, 'runner');
  temporary = path.join(runner, 'temp');
  await mkdir(temporary, { recursive: true });
  for (const name of ['over-ssh.sh', 'replace-container.sh'])
    await copyFile(path.join(REPOSITORY, 'templates/workflows', name), path.join(runner, name));
  await writeFile(path.join(server.home, 'bin/ssh'), SSH);
  await chmod(path.join(server.home, 'bin/ssh'), 0o755);
});
afterEach(() => server.remove());

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProgramRun> =>
  runProgram('bash', [path.join(runner, 'over-ssh.sh'), ...words], {
    cwd: server.home,
    env: {
      ...server.env,
      SSH_DOUBLE: runner,
      SSH_HOME: server.home,
      RUNNER_TEMP: temporary,
      DEPLOY_ENVIRONMENT: 'uat',
      DEPLOY_HOST: 'shop.example.com',
      DEPLOY_USER: 'deploy',
      DEPLOY_KNOWN_HOSTS: 'shop.example.com ssh-ed25519 AAAA\r\n',
      DEPLOY_SSH_KEY: KEY,
      REGISTRY: 'ghcr.io',
      REGISTRY_USERNAME: 'dependabot[bot]',
      REGISTRY_TOKEN: TOKEN,
      ...env,
    },
  });
const deploy = (env?: Readonly<Record<string, string>>): Promise<ProgramRun> =>
  run(['deploy', 'backend', image('a'), revision('a')], env);
const read = (name: string): Promise<string> => readFile(path.join(runner, name), 'utf8');

it('deploys with the key, to the pinned host alone, and leaves nothing behind', async () => {
  const { exitCode, stdout, stderr } = await deploy();
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain(`${revision('a')} runs`);
  expect((await server.docker()).containers[nameOf('a')]?.status).toBe('running');
  expect(await read('key')).toBe(`${KEY}\n`);
  expect(await read('known_hosts')).toBe('shop.example.com ssh-ed25519 AAAA\n\n');
  expect(await read('target')).toBe('deploy@shop.example.com\n');
  for (const call of (await read('words')).trim().split('\n'))
    expect(call).toMatch(/StrictHostKeyChecking=yes .*GlobalKnownHostsFile=\/dev\/null/);
  expect(await readdir(temporary)).toEqual([]);
});

it('has no secret in the words of any command, nor in what it prints', async () => {
  const { stdout, stderr } = await deploy();
  const told = [await read('words'), await server.calls(), stdout, stderr].join('\n');
  expect(told).not.toContain(TOKEN);
  expect(told).not.toContain('what-only-the-key-says');
  expect((await server.docker()).logins).toEqual([
    { words: ['ghcr.io', '--username', 'dependabot[bot]', '--password-stdin'], token: TOKEN },
  ]);
});

it('verifies what was deployed', async () => {
  await deploy();
  expect((await run(['verify', 'backend', image('a'), revision('a')])).exitCode).toBe(0);
  expect((await run(['verify', 'backend', image('b'), revision('b')])).exitCode).toBe(1);
});

it.each(['DEPLOY_HOST', 'DEPLOY_USER', 'DEPLOY_KNOWN_HOSTS', 'DEPLOY_SSH_KEY'])(
  'says that %s is not set',
  async (name) => {
    const { exitCode, stdout } = await deploy({ [name]: '' });
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`::error title=Not deployed::${name} is empty: set it for the environment uat`);
  },
);

it('hands nothing to the server that its shell could run', async () => {
  const { exitCode, stdout } = await run(['deploy', 'backend', image('a'), "x'; touch broken; '"]);
  expect(exitCode).toBe(2);
  expect(stdout).toContain('characters that it must not have');
  expect(await readdir(server.home)).not.toContain('broken');
});

it('fails where the server does', async () => {
  await server.fate({ [image('a')]: 'unhealthy' });
  expect((await deploy()).exitCode).toBe(1);
});
