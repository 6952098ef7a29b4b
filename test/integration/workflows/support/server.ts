import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { runProgram, type ProgramRun } from '../../../e2e/support/run-program.ts';
import { REPOSITORY } from '../../../e2e/support/installed-package.ts';

export interface Container {
  readonly image: string;
  readonly status: 'running' | 'exited';
  readonly aliases: readonly string[] | null;
  readonly options: readonly string[];
  readonly envFile?: string;
  readonly restart: string;
}

export interface DockerState {
  readonly containers: Readonly<Record<string, Container>>;
  readonly images: readonly string[];
  readonly logins: readonly { readonly words: readonly string[]; readonly token: string }[];
}

/** A folder that plays a server with docker: `home` is where ssh arrives. */
export interface Server {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** replace-container.sh, as somebody on the server calls it. */
  readonly replace: (...words: string[]) => Promise<ProgramRun>;
  readonly docker: () => Promise<DockerState>;
  readonly calls: () => Promise<string>;
  /** How the containers of an image fare. */
  readonly fate: (fates: Readonly<Record<string, string>>) => Promise<void>;
  readonly write: (name: string, text: string) => Promise<void>;
  /** All containers end, as after a crash. */
  readonly endAll: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const TEMPLATES = path.join(REPOSITORY, 'templates/workflows');

export const openServer = async (shell = 'sh'): Promise<Server> => {
  const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-server-')));
  const bin = path.join(home, 'bin');
  const state = path.join(home, 'docker');
  for (const folder of [bin, state, path.join(home, 'deployment')]) await mkdir(folder);
  // One at a time, as one daemon answers.
  const double = path.join(import.meta.dirname, 'docker-double.mjs');
  await writeFile(
    path.join(bin, 'docker'),
    `#!/bin/sh\nexec flock '${state}/lock' '${process.execPath}' '${double}' "$@"\n`,
    { mode: 0o755 },
  );
  // Time passes without waiting.
  await writeFile(path.join(bin, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  await copyFile(path.join(TEMPLATES, 'replace-container.sh'), path.join(home, 'deployment/replace-container.sh'));
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    DOCKER_DOUBLE: state,
    HEALTH_SECONDS: '3',
    SETTLE_SECONDS: '0',
  };
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(home, name), text);
  return {
    home,
    env,
    write,
    replace: (...words) => {
      const [program = '', ...before] = shell.split(' ');
      return runProgram(program, [...before, 'deployment/replace-container.sh', ...words], { cwd: home, env });
    },
    docker: async () => JSON.parse(await readFile(path.join(state, 'state.json'), 'utf8')) as DockerState,
    calls: () => readFile(path.join(state, 'calls.log'), 'utf8'),
    fate: (fates) => write('docker/fates.json', JSON.stringify(fates)),
    endAll: async () => {
      const text = await readFile(path.join(state, 'state.json'), 'utf8');
      await write('docker/state.json', text.replaceAll('"status":"running"', '"status":"exited"'));
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
};

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
export const image = (letter: string): string => `ghcr.io/acme/shop-backend@${digest(letter)}`;
export const revision = (letter: string): string => letter.repeat(40);
/** How the names of the containers of a revision begin; what they depend on follows. */
export const nameOf = (letter: string): string => `backend-${letter.repeat(12)}`;
/** The container of a revision. */
export const containerOf = ({ containers }: DockerState, letter: string): Container | undefined =>
  Object.entries(containers).find(([name]) => name.startsWith(`${nameOf(letter)}-`))?.[1];
