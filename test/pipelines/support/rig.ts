import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { findFreePort } from '../../../src/postgres/free-port.ts';
import { ensureBaseImages, VERSIONS } from '../../containers/support/base-images.ts';
import { docker } from '../../containers/support/docker.ts';
import { packPackage } from '../../e2e/support/installed-package.ts';
import { runProgram, runToSuccess } from '../../e2e/support/run-program.ts';
import { query } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

const HERE = path.resolve(import.meta.dirname, '..');
/** Of this machine as the server sees it, and of the server as this machine sees it. */
const MACHINE = '198.18.99.1';
const SERVER = '198.18.99.2';
const SSH_PORT = 2222;
const DATABASE = 'devsetup-rig-database';

/** What the pipelines of a run share, each part a real program. */
export interface Rig {
  readonly folder: string;
  /** The packed package. */
  readonly tarball: string;
  readonly registry: { readonly host: string; readonly port: number; readonly user: string; readonly token: string };
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly home: string;
    readonly socket: string;
    readonly knownHosts: string;
    readonly key: string;
  };
  readonly database: {
    readonly host: string;
    /** Of a superuser, from this machine. */
    readonly admin: string;
    readonly user: string;
    readonly password: string;
  };
}

export interface RunningRig {
  readonly rig: Rig;
  stop(): Promise<void>;
}

/** Why the pipelines cannot be run on this machine; null: they can. */
export const findObstacle = async (): Promise<string | null> => {
  for (const program of ['act', 'docker', 'dockerd', 'docker-registry', 'htpasswd', 'sshd', 'ip']) {
    if ((await runProgram('sh', ['-c', `command -v ${program}`], { cwd: '/' })).exitCode !== 0)
      return `there is no ${program} (.ci/pipeline-rig installs it)`;
  }
  if ((await runProgram('docker', ['buildx', 'version'], { cwd: '/' })).exitCode !== 0) return 'docker has no buildx';
  if ((await runProgram('docker', ['info'], { cwd: '/' })).exitCode !== 0) return 'no container engine answers';
  if (!isRoot() && (await runProgram('sh', ['-c', 'sudo -n true'], { cwd: '/' })).exitCode !== 0)
    return 'only root may give the server its network';
  return null;
};

const isRoot = (): boolean => process.getuid?.() === 0;
const rootWords = (words: readonly string[]): readonly string[] => (isRoot() ? words : ['sudo', '-n', ...words]);
export const sudo = async (words: readonly string[]): Promise<void> => {
  const [program = '', ...args] = rootWords(words);
  await runProgram(program, args, { cwd: '/' });
};

export const startRig = async (): Promise<RunningRig> => {
  await ensureBaseImages();
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-rig-')));
  // The user on the server goes through it to its home.
  await chmod(folder, 0o755);
  const started: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await sudo([path.join(HERE, 'server.sh'), 'stop', path.join(folder, 'server')]);
    for (const child of started) child.kill();
    await removeDatabase();
    await sudo(['rm', '-rf', folder]);
  };
  try {
    const { tarball } = await packPackage(folder);
    const registry = await startRegistry(folder, started);
    const server = await startServer(folder, registry.port, started);
    const database = await startDatabase();
    return { rig: { folder, tarball, registry, server, database }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const startRegistry = async (folder: string, started: ChildProcess[]): Promise<Rig['registry']> => {
  const [user, token] = ['shop', 'of-the-registry-4711'];
  const port = await findFreePort();
  await runToSuccess('htpasswd', ['-Bbc', 'htpasswd', user, token], { cwd: folder });
  const config = {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: path.join(folder, 'images') } },
    http: { addr: `:${String(port)}` },
    auth: { htpasswd: { realm: 'rig', path: path.join(folder, 'htpasswd') } },
  };
  const file = path.join(folder, 'registry.yml');
  await writeFile(file, JSON.stringify(config));
  started.push(spawn('docker-registry', ['serve', file], { stdio: 'ignore' }));
  await until('the registry answers', () => answers('127.0.0.1', port));
  return { host: `localhost:${String(port)}`, port, user, token };
};

const startServer = async (folder: string, registryPort: number, started: ChildProcess[]): Promise<Rig['server']> => {
  const own = path.join(folder, 'server');
  await mkdir(own);
  const keyOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  for (const name of ['host-key', 'user-key']) {
    await runToSuccess('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', name], { cwd: folder });
  }
  await rename(path.join(folder, 'host-key'), path.join(own, 'host-key'));
  await rename(path.join(folder, 'user-key.pub'), path.join(own, 'authorized-keys'));
  const [program = '', ...args] = rootWords([path.join(HERE, 'server.sh'), 'start', own, String(registryPort)]);
  started.push(spawn(program, args, { stdio: 'ignore' }));
  const socket = path.join(own, 'docker.sock');
  await until('sshd of the server answers', () => answers(SERVER, SSH_PORT));
  await until(
    'the engine of the server answers',
    async () => (await runProgram('docker', ['--host', `unix://${socket}`, 'version'], { cwd: '/' })).exitCode === 0,
  );
  const [kind = '', key = ''] = (await keyOf('host-key.pub')).split(' ');
  return {
    host: SERVER,
    port: SSH_PORT,
    user: 'deploy',
    home: path.join(own, 'home'),
    socket,
    knownHosts: `[${SERVER}]:${String(SSH_PORT)} ${kind} ${key}`,
    key: await keyOf('user-key'),
  };
};

/** Reached as the service of a workflow's job, which act does not start, and by the server. */
const startDatabase = async (): Promise<Rig['database']> => {
  await removeDatabase();
  const image = `postgres:${VERSIONS.postgres}-bookworm`;
  const password = 'of-the-database-4711';
  const published = ['127.0.0.1', MACHINE].flatMap((address) => ['--publish', `${address}:5432:5432`]);
  await docker('run', '--detach', '--name', DATABASE, '--env', 'POSTGRES_PASSWORD=postgres', ...published, image);
  const admin = 'postgresql://postgres:postgres@127.0.0.1:5432/postgres';
  await until('PostgreSQL answers', () =>
    query(admin, 'SELECT 1').then(
      () => true,
      () => false,
    ),
  );
  await query(admin, 'CREATE DATABASE app');
  await query(admin, `CREATE ROLE shop LOGIN CREATEDB PASSWORD '${password}'`);
  return { host: MACHINE, admin, user: 'shop', password };
};

const removeDatabase = (): Promise<unknown> =>
  runProgram('docker', ['rm', '--force', '--volumes', DATABASE], { cwd: '/' });

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
