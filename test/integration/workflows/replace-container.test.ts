import { stat } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ProgramRun } from '../../e2e/support/run-program.ts';
import { containerOf, image, nameOf, openServer, revision, type Server } from './support/server.ts';

describe.each(['sh', 'bash --posix'])('on the server, with %s', (shell) => {
  let server: Server;
  beforeEach(async () => {
    server = await openServer(shell);
  });
  afterEach(() => server.remove());

  const deploy = (letter: string): Promise<ProgramRun> =>
    server.replace('deploy', 'backend', image(letter), revision(letter));
  /** Without what the containers depend on. */
  const short = (names: readonly string[]): readonly string[] =>
    names.map((name) => name.replace(/-[0-9a-f]{8}(?:-again)?$/, ''));
  const running = async (): Promise<readonly string[]> =>
    short(
      Object.entries((await server.docker()).containers).flatMap(([name, { status }]) =>
        status === 'running' ? [name] : [],
      ),
    );

  it('starts the first one, and has nothing to do the second time', async () => {
    const first = await deploy('a');
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toBe(`backend: ${revision('a')} runs\n`);
    expect(containerOf(await server.docker(), 'a')).toMatchObject({
      status: 'running',
      image: image('a'),
      restart: 'unless-stopped',
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
    const state = await server.docker();
    expect(containerOf(state, 'a')).toMatchObject({ status: 'exited' });
    expect(containerOf(state, 'b')).toMatchObject({
      status: 'running',
      aliases: ['backend'],
      options: ['--network=shop'],
      envFile: path.join(server.home, 'deployment/backend.env'),
    });
    const calls = (await server.calls()).split('\n');
    const at = (part: string): number => calls.findLastIndex((call) => call.includes(part));
    expect(at(`stop ${nameOf('a')}`)).toBeGreaterThan(at(`network connect --alias=backend shop ${nameOf('b')}`));
    await deploy('c');
    expect(short(Object.keys((await server.docker()).containers))).toEqual([nameOf('b'), nameOf('c')]);
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
    expect(containerOf(await server.docker(), 'b')?.options).toEqual([
      '--publish=127.0.0.1:8000:8000',
      '--volume=media:/app/media',
    ]);
    expect(await running()).toEqual([nameOf('b')]);
    await server.fate({ [image('c')]: 'refused' });
    const run = await deploy('c');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`${revision('c')} cannot take over; ${revision('b')} serves`);
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

  it('goes back to the revision before also when the container that served was gone', async () => {
    await deploy('a');
    await deploy('b');
    const state = JSON.parse(JSON.stringify(await server.docker())) as { containers: Record<string, unknown> };
    for (const name of Object.keys(state.containers)) if (name.startsWith(nameOf('b'))) delete state.containers[name];
    await server.write('docker/state.json', JSON.stringify(state));
    expect((await deploy('b')).stdout).toContain(`${revision('b')} runs\n`);
    await server.replace('back', 'backend');
    expect(await running()).toEqual([nameOf('a')]);
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
    await server.endAll();
    expect((await deploy('a')).stdout).toContain(`${revision('a')} runs\n`);
    expect(await running()).toEqual([nameOf('a')]);
  });

  it('replaces the same commit that was built again, and serves all the while', async () => {
    await deploy('a');
    const again = await server.replace('deploy', 'backend', image('b'), revision('a'));
    expect(again.stdout).toContain(`${revision('a')} runs\n`);
    const calls = (await server.calls()).split('\n');
    const stopped = calls.findIndex((call) => call.startsWith(`stop ${nameOf('a')}`));
    const started = calls.findLastIndex((call) => call.startsWith('run '));
    expect(stopped).toBeGreaterThan(started);
    expect(await running()).toEqual([nameOf('a')]);
    await server.fate({ [image('c')]: 'crash' });
    expect((await server.replace('deploy', 'backend', image('c'), revision('a'))).exitCode).toBe(1);
    expect(await running()).toEqual([nameOf('a')]);
  });

  it('takes over what an earlier version of it has started, without stopping that first', async () => {
    await deploy('a');
    const [name = ''] = Object.keys((await server.docker()).containers);
    const state = JSON.stringify(await server.docker());
    await server.write('docker/state.json', state.replaceAll(name, nameOf('a')));
    await server.write('deployment/backend.current', `${revision('a')} ${image('a')}\n`);
    await server.fate({ [image('b')]: 'crash' });
    expect((await deploy('b')).stderr).toContain(`${revision('a')} goes on serving`);
    expect((await server.replace('verify', 'backend', image('a'), revision('a'))).exitCode).toBe(0);
    expect((await deploy('c')).exitCode).toBe(0);
    expect(await running()).toEqual([nameOf('c')]);
  });

  it.each([
    ['variables', 'backend.env', 'SECRET_KEY=new-one\n'],
    ['options', 'backend.options', '--memory=1g\n'],
  ])('applies changed %s to the same revision, by a deployment and by restart', async (_, file, text) => {
    await deploy('a');
    await server.write(`deployment/${file}`, text);
    expect((await deploy('a')).stdout).toBe(`backend: ${revision('a')} runs\n`);
    expect((await deploy('a')).stdout).toBe(`backend: ${revision('a')} runs already\n`);
    const restart = await server.replace('restart', 'backend');
    expect(restart.stdout, restart.stderr).toBe(`backend: ${revision('a')} runs\n`);
    expect(await running()).toEqual([nameOf('a')]);
    expect((await deploy('a')).stdout).toBe(`backend: ${revision('a')} runs already\n`);
  });

  it.each([
    ['-p 80:80', 'an option is written as --name=value, short ones are not known here'],
    [' --network=shop', 'blanks stand before or behind the option: remove them'],
    ['--network=shop ', 'blanks stand before or behind the option: remove them'],
    ['--volume media:/app/media', 'an option is written as --name=value'],
    ['--name=mine', '--name is given by this script'],
    ['--net-alias=backend', 'a network is written as --network=NAME, the name in it as --network-alias=NAME'],
    ['publish=80:80', 'an option is written as --name=value, short ones are not known here'],
  ])('refuses the option line %j before anything is touched', async (line, why) => {
    await deploy('a');
    const before = await server.docker();
    await server.write('deployment/backend.options', `# first\n\n${line}\n`);
    const { exitCode, stderr } = await deploy('b');
    const place = path.join(server.home, 'deployment/backend.options');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `backend: ${place}:3: ${why}\n` });
    expect(await server.docker()).toEqual(before);
  });

  it('refuses line ends of Windows in the options, and takes them in the variables, as docker does', async () => {
    await server.write('deployment/backend.env', 'COLOUR=red\r\n');
    expect((await deploy('a')).exitCode).toBe(0);
    await server.write('deployment/backend.options', '# first\r\n');
    expect((await deploy('a')).stderr).toContain('backend.options:1: the line ends with a carriage return');
  });

  it('refuses an alias that has no network', async () => {
    await server.write('deployment/backend.options', '--network-alias=backend\n');
    expect((await deploy('a')).stderr).toContain('has a --network-alias= and no --network=');
  });

  it('says what is known of a container that fails, without the secrets of its variables', async () => {
    const key = 'of-the-application-4711';
    await server.write(
      'deployment/backend.env',
      `SECRET_KEY=${key}\nDATABASE_URL=postgres://app:horse@db/shop\nDEBUG=true\n`,
    );
    await server.write(
      'docker/logs.json',
      JSON.stringify({ [image('a')]: `::error::KeyError ${key}\nno login for horse, DEBUG true` }),
    );
    await server.fate({ [image('a')]: 'unhealthy' });
    const { stderr, exitCode } = await deploy('a');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      [
        'backend: its container: running, exit code 0',
        'backend: the end of its health checks (exit code, output):',
        '  | 1 refused',
        'backend: the end of its log:',
        '  | ::error::KeyError ***',
        '  | no login for ***, DEBUG true',
        `backend: ${revision('a')} does not become healthy`,
        '',
      ].join('\n'),
    );
  });

  it('keeps the old one where the network cannot be switched, and says so', async () => {
    await server.write('deployment/backend.options', '--network=shop\n--network-alias=backend\n');
    await deploy('a');
    await server.fate({ [image('b')]: 'no network' });
    const { exitCode, stderr } = await deploy('b');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('network shop not found');
    expect(stderr).toContain(`${revision('b')} cannot take over; ${revision('a')} serves`);
    expect(await running()).toEqual([nameOf('a')]);
    expect((await server.replace('verify', 'backend', image('a'), revision('a'))).exitCode).toBe(0);
  });

  it('verifies the aliases, too', async () => {
    await server.write('deployment/backend.options', '--network=shop\n--network-alias=backend\n');
    await deploy('a');
    await server.write(
      'docker/state.json',
      JSON.stringify(await server.docker()).replace('"aliases":["backend"]', '"aliases":[]'),
    );
    const { exitCode, stderr } = await server.replace('verify', 'backend', image('a'), revision('a'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('does not have the aliases of');
  });

  it('does not replace what a newer run has deployed, unless by going back', async () => {
    const by = (run: string, letter: string): Promise<ProgramRun> =>
      server.replace('deploy', 'backend', image(letter), revision(letter), '-', '-', run);
    await by('11', 'a');
    await by('13', 'b');
    const late = await by('12', 'c');
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toContain(`run 12 is older than run 13, which has deployed ${revision('b')}: not deployed`);
    expect(await running()).toEqual([nameOf('b')]);
    expect((await server.replace('check', 'backend', image('c'), revision('c'), '-', '-', '12')).exitCode).toBe(1);
    expect((await server.replace('back', 'backend')).exitCode).toBe(0);
    expect((await by('12', 'c')).exitCode).toBe(1);
    expect((await by('14', 'c')).exitCode).toBe(0);
  });

  it('checks without changing what runs', async () => {
    await deploy('a');
    const check = await server.replace('check', 'backend', image('b'), revision('b'));
    expect(check.stdout).toBe(`backend: ${revision('b')} can be deployed\n`);
    expect(await running()).toEqual([nameOf('a')]);
    await server.fate({ [image('c')]: 'missing' });
    expect((await server.replace('check', 'backend', image('c'), revision('c'))).stderr).toContain('cannot be pulled');
  });

  it('keeps its records from others', async () => {
    await deploy('a');
    expect((await stat(path.join(server.home, 'deployment/backend.current'))).mode & 0o077).toBe(0);
  });
});
