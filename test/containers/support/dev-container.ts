import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

import { cleanEnvironment, runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';
import { docker, dockerList } from './docker.ts';
import { removeProjects } from './remove-traces.ts';
import type { Suite } from './suite.ts';

export interface UpOptions {
  readonly prebuild?: boolean;
  /** As the editor's "Rebuild Container". */
  readonly rebuild?: boolean;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface UpOutcome {
  readonly outcome: 'success' | 'error';
  readonly containerId?: string;
  readonly composeProjectName?: string;
  readonly remoteUser?: string;
  readonly remoteWorkspaceFolder?: string;
  readonly message?: string;
}

export interface UpRun extends UpOutcome {
  readonly exitCode: number | null;
  /** What hooks and tools printed. */
  readonly log: string;
  readonly seconds: number;
}

export interface TimedRun extends ProgramRun {
  readonly seconds: number;
}

/** One checkout's container, driven as an editor does: by the dev container program, from outside. */
export interface DevContainer {
  up(options?: UpOptions): Promise<UpRun>;
  exec(...command: readonly string[]): Promise<TimedRun>;
  readConfiguration(): Promise<ProgramRun>;
  /** In a container of a service by docker itself. */
  inService(service: string, ...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
  /** Removes the containers with the volumes, or those of one service. */
  remove(service?: string): Promise<void>;
}

const require = createRequire(import.meta.url);
const PROGRAM = path.join(path.dirname(require.resolve('@devcontainers/cli/package.json')), 'devcontainer.js');

/** Downloads are shared among the checkouts of a run. */
const CACHES = ['PIP_CACHE_DIR=/workspaces/.cache/pip', 'npm_config_cache=/workspaces/.cache/npm'];

export const devContainer = (folder: string, suite: Suite): DevContainer => {
  const run = async (command: string, ...args: readonly string[]): Promise<TimedRun> => {
    const started = performance.now();
    const all = [PROGRAM, command, '--workspace-folder', folder, ...args];
    const env = cleanEnvironment(suite.env);
    return {
      ...(await runProgram(process.execPath, all, { cwd: folder, env })),
      seconds: (performance.now() - started) / 1000,
    };
  };
  const remoteEnv = CACHES.flatMap((variable) => ['--remote-env', variable]);

  const up = async ({ prebuild = false, rebuild = false, secrets }: UpOptions = {}): Promise<UpRun> => {
    const file = path.join(suite.root, `secrets-${path.basename(folder)}.json`);
    if (secrets !== undefined) await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
    try {
      const args = [
        ...remoteEnv,
        ...(prebuild ? ['--prebuild'] : []),
        ...(rebuild ? ['--remove-existing-container'] : []),
        ...(secrets === undefined ? [] : ['--secrets-file', file]),
      ];
      const { exitCode, stdout, stderr, seconds } = await run('up', ...args);
      return { ...parseOutcome(stdout, stderr), exitCode, log: stderr, seconds };
    } finally {
      await rm(file, { force: true });
    }
  };

  const project = composeProject(folder);
  const containers = (...filters: readonly string[]): Promise<readonly string[]> => {
    const args = [`label=com.docker.compose.project=${project}`, ...filters].flatMap((filter) => ['--filter', filter]);
    return dockerList('ps', '--all', '--quiet', ...args);
  };
  const containersOf = (service: string): Promise<readonly string[]> =>
    containers(`label=com.docker.compose.service=${service}`);

  return {
    up,
    exec: (...command) => run('exec', ...remoteEnv, ...command),
    readConfiguration: () => run('read-configuration', '--include-merged-configuration'),
    inService: async (service, ...args) => {
      const [id] = await containersOf(service);
      if (id === undefined) throw new Error(`There is no container of the service ${service}`);
      return docker('exec', id, ...args);
    },
    stop: async () => void (await docker('stop', '--time', '3', ...(await containers()))),
    remove: async (service) =>
      service === undefined
        ? removeProjects((name) => name === project)
        : void (await docker('rm', '--force', '--volumes', ...(await containersOf(service)))),
  };
};

/** As the dev container program names it. */
export const composeProject = (folder: string): string =>
  `${path.basename(folder)}_devcontainer`.toLowerCase().replaceAll(/[^-_a-z0-9]/g, '');

const parseOutcome = (stdout: string, stderr: string): UpOutcome => {
  try {
    return JSON.parse(stdout) as UpOutcome;
  } catch (error) {
    throw new Error(`devcontainer up printed no outcome:\n${stdout}\n${stderr}`, { cause: error });
  }
};
