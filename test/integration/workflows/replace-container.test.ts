import { stat } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ProgramRun } from '../../e2e/support/run-program.ts';
import { image, nameOf, openServer, revision, type Server } from './support/server.ts';

describe.each(['sh', 'bash --posix'])('on the server, with %s', (shell) => {
  let server: Server;
  beforeEach(async () => {
    server = await openServer(shell);
  });
  afterEach(() => server.remove());

  const deploy = (letter: string): Promise<ProgramRun> =>
    server.replace('deploy', 'backend', image(letter), revision(letter));
  const running = async (): Promise<readonly string[]> =>
    Object.entries((await server.docker()).containers).flatMap(([name, { status }]) =>
      status === 'running' ? [name] : [],
    );

  it('starts the first one, and has nothing to do the second time', async () => {
    const first = await deploy('a');
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toBe(`backend: ${revision('a')} runs\n`);
    expect(await server.docker()).toMatchObject({
      containers: { [nameOf('a')]: { status: 'running', image: image('a'), restart: 'unless-stopped' } },
    });
    const before = await server.docker();
    expect((await deploy('a')).stdout).toBe(`backend: ${revision('a')} runs already\n`);
    expect(Object.keys((await server.docker()).containers)).toEqual(Object.keys(before.containers));
  });

  it('leaves the old one alone until the new one is healthy, and keeps it for going back', async () => {
    await server.write('deployment/backend.options', '--network=shop\n--network-alias=backend\n# a comment\n\n');
    await server.write('deployment/backend.env', 'SECRET_KEY=of-the-server\n');
    await deploy('a');
    await deploy('b');
    const { containers } = await server.docker();
    expect(containers[nameOf('a')]).toMatchObject({ status: 'exited' });
    expect(containers[nameOf('b')]).toMatchObject({
      status: 'running',
      aliases: ['backend'],
      options: ['--network=shop'],
      envFile: path.join(server.home, 'deployment/backend.env'),
    });
    const calls = (await server.calls()).split('\n');
    const at = (part: string): number => calls.findLastIndex((call) => call.includes(part));
    expect(at(`stop ${nameOf('a')}`)).toBeGreaterThan(at(`network connect --alias=backend shop ${nameOf('b')}`));
    await deploy('c');
    expect(Object.keys((await server.docker()).containers)).toEqual([nameOf('b'), nameOf('c')]);
    expect((await server.docker()).images).toEqual([image('b'), image('c')]);
  });

  it.each(['unhealthy', 'crash'])('keeps the old one when the new one is %s', async (fate) => {
    await deploy('a');
    await server.fate({ [image('b')]: fate });
    const run = await deploy('b');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`${revision('b')} does not become healthy; ${revision('a')} goes on serving`);
    expect(await running()).toEqual([nameOf('a')]);
    expect((await server.replace('verify', 'backend', image('a'), revision('a'))).exitCode).toBe(0);
  });

  it('leaves everything as it is when the image cannot be pulled', async () => {
    await deploy('a');
    await server.fate({ [image('b')]: 'missing' });
    expect((await deploy('b')).exitCode).not.toBe(0);
    expect(await running()).toEqual([nameOf('a')]);
  });

  it('hands a published port over, and back where the new one does not serve there', async () => {
    await server.write('deployment/backend.options', '--publish=127.0.0.1:8000:8000\n--volume=media:/app/media\n');
    await deploy('a');
    await deploy('b');
    expect((await server.docker()).containers[nameOf('b')]?.options).toEqual([
      '--publish=127.0.0.1:8000:8000',
      '--volume=media:/app/media',
    ]);
    expect(await running()).toEqual([nameOf('b')]);
    await server.fate({ [image('c')]: 'refused' });
    const run = await deploy('c');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`${revision('b')} serves again`);
    expect(await running()).toEqual([nameOf('b')]);
  });

  it('goes back to the revision before, and forth again', async () => {
    await deploy('a');
    await deploy('b');
    const back = await server.replace('back', 'backend');
    expect(back.exitCode, back.stderr).toBe(0);
    expect(await running()).toEqual([nameOf('a')]);
    expect((await server.replace('verify', 'backend', image('a'), revision('a'))).exitCode).toBe(0);
    await server.replace('back', 'backend');
    expect(await running()).toEqual([nameOf('b')]);
  });

  it('has nothing to go back to after the first', async () => {
    await deploy('a');
    expect(await server.replace('back', 'backend')).toMatchObject({
      exitCode: 1,
      stderr: 'backend: there is no revision before this one\n',
    });
  });

  it('verifies what runs, not what was meant to', async () => {
    await deploy('a');
    const verify = (letter: string): Promise<ProgramRun> =>
      server.replace('verify', 'backend', image(letter), revision(letter));
    expect((await verify('a')).stdout).toContain(`${revision('a')} runs, of sha256:`);
    expect((await verify('b')).stderr).toContain(`${revision('b')} was deployed, and ${revision('a')} is recorded`);
    await server.fate({ [image('a')]: 'unhealthy' });
    expect((await verify('a')).stderr).toContain('is not healthy: running unhealthy');
  });

  it('takes an image without a health check once it stays up, and mends one that broke', async () => {
    await server.fate({ [image('a')]: 'plain' });
    expect((await deploy('a')).exitCode).toBe(0);
    await server.fate({ [image('a')]: 'unhealthy' });
    expect((await deploy('a')).exitCode).toBe(1);
    await server.fate({});
    expect((await deploy('a')).stdout).toContain('runs\n');
    expect(await running()).toEqual([nameOf('a')]);
  });

  it('keeps its records from others', async () => {
    await deploy('a');
    expect((await stat(path.join(server.home, 'deployment/backend.current'))).mode & 0o077).toBe(0);
  });
});
