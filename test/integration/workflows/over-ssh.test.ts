import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { containerOf, image, openServer, revision, type Server } from './support/server.ts';
import { needsSsh, startSsh, type SshServer } from './support/sshd.ts';

const TOKEN = 'the-token-of-the-registry';

/** The real ssh, its words noted. */
const SPY = `#!/bin/sh
printf '%s\\n' "$*" >> "$SSH_WORDS"
exec ${findOnPath('ssh') ?? 'ssh'} "$@"
`;

describe('over a real SSH server', needsSsh, () => {
  let server: Server;
  let ssh: SshServer;
  let runner: string;
  let temporary: string;

  beforeEach(async () => {
    server = await openServer();
    ssh = await startSsh(server.home, server.env);
    runner = path.join(server.home, 'runner');
    temporary = path.join(runner, 'temp');
    await mkdir(temporary, { recursive: true });
    await mkdir(path.join(runner, 'bin'));
    for (const name of ['over-ssh.sh', 'replace-container.sh'])
      await copyFile(path.join(REPOSITORY, 'templates/workflows', name), path.join(runner, name));
    await writeFile(path.join(runner, 'bin/ssh'), SPY);
    await chmod(path.join(runner, 'bin/ssh'), 0o755);
  });
  afterEach(async () => {
    await ssh.stop();
    await server.remove();
  });

  const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProgramRun> =>
    runProgram('bash', [path.join(runner, 'over-ssh.sh'), ...words], {
      cwd: server.home,
      env: {
        PATH: `${path.join(runner, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: runner,
        SSH_WORDS: path.join(runner, 'words'),
        RUNNER_TEMP: temporary,
        GITHUB_RUN_ID: '4711',
        DEPLOY_ENVIRONMENT: 'uat',
        DEPLOY_HOST: '127.0.0.1',
        DEPLOY_PORT: ssh.port,
        DEPLOY_USER: ssh.user,
        DEPLOY_KNOWN_HOSTS: `${ssh.knownHosts}\r\n`,
        DEPLOY_SSH_KEY: ssh.key.replaceAll('\n', '\r\n'),
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
    expect(containerOf(await server.docker(), 'a')?.status).toBe('running');
    for (const call of (await read('words')).trim().split('\n'))
      expect(call).toMatch(/StrictHostKeyChecking=yes .*GlobalKnownHostsFile=\/dev\/null/);
    expect(await readdir(temporary)).toEqual([]);
    expect((await readdir(path.join(server.home, 'deployment'))).toSorted()).toEqual([
      'backend.current',
      'backend.lock',
      'replace-container.sh',
    ]);
    expect(await readFile(path.join(server.home, 'deployment/backend.current'), 'utf8')).toMatch(/ 4711\n$/);
  });

  it('has no secret in the words of any command, nor in what it prints', async () => {
    const { stdout, stderr } = await deploy();
    const told = [await read('words'), await server.calls(), stdout, stderr].join('\n');
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain(ssh.key.split('\n')[1]);
    expect((await server.docker()).logins).toEqual([
      { words: ['ghcr.io', '--username', 'dependabot[bot]', '--password-stdin'], token: TOKEN },
    ]);
  });

  it('lets two components be deployed at the same time', async () => {
    const components = ['backend', 'frontend', 'worker'];
    const runs = await Promise.all(
      components.map((component) => run(['deploy', component, image('a'), revision('a')])),
    );
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).toBe(0);
    expect((await readdir(path.join(server.home, 'deployment'))).filter((name) => name.startsWith('upload'))).toEqual(
      [],
    );
  });

  it('checks and verifies', async () => {
    expect((await run(['check', 'backend', image('a'), revision('a')])).stdout).toContain('can be deployed');
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

  it.each<readonly [string, () => Readonly<Record<string, string>>, string]>([
    [
      'another host key',
      () => ({ DEPLOY_KNOWN_HOSTS: ssh.otherHost }),
      "The server's host key is not the one in DEPLOY_KNOWN_HOSTS.",
    ],
    [
      'known hosts without this one',
      () => ({ DEPLOY_KNOWN_HOSTS: 'shop.example.com ssh-ed25519 AAAA' }),
      "The server's host key is not the one in DEPLOY_KNOWN_HOSTS.",
    ],
    ['another key', () => ({ DEPLOY_SSH_KEY: ssh.otherKey }), 'The server does not accept DEPLOY_SSH_KEY for '],
    ['half a key', () => ({ DEPLOY_SSH_KEY: ssh.key.slice(0, 100) }), 'DEPLOY_SSH_KEY is not a whole private key'],
    ['a port where nothing listens', () => ({ DEPLOY_PORT: '9' }), 'No SSH server answers at 127.0.0.1, port 9'],
    [
      'a host that is not there',
      () => ({ DEPLOY_HOST: 'nowhere.invalid' }),
      'No SSH server answers at nowhere.invalid',
    ],
  ])('names the variable to change for %s', async (_, env, message) => {
    const { exitCode, stdout } = await deploy(env());
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`::error title=Not deployed::${message}`);
  });

  it('hands nothing to the server that its shell could run', async () => {
    const { exitCode, stdout } = await run(['deploy', 'backend', image('a'), "x'; touch broken; '"]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('characters that it must not have');
    expect(await readdir(server.home)).not.toContain('broken');
  });

  it('fails where the server does, and says why at the run', async () => {
    await server.fate({ [image('a')]: 'unhealthy' });
    const { exitCode, stdout, stderr } = await deploy();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('backend: the end of its log:\n');
    expect(stdout).toContain(`::error title=Not deployed::backend: ${revision('a')} does not become healthy\n`);
  });
});
