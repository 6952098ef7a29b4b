import { DevsetupError } from '../core/errors.ts';
import type { RunCommand } from '../process/run-command.ts';
import { findProgram } from '../project/find-program.ts';
import { engineProblem } from './engine-problem.ts';

export interface EngineFacts {
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly platform: string;
  /** The container is one of a compose project's. */
  readonly needsCompose: boolean;
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
}

/** An engine that is wedged never answers. */
const ANSWER_SECONDS = 30;

/**
 * Asks for the engine before the dev container program does, which would say no more than which of its commands failed.
 *
 * @throws DOCKER_MISSING · DOCKER_DENIED · DOCKER_NOT_RUNNING · DOCKER_CONTEXT · COMPOSE_MISSING
 */
export const verifyEngine = async (facts: EngineFacts): Promise<void> => {
  const { env } = facts;
  const find = (name: string): Promise<string | undefined> => findProgram(name, { get: (variable) => env[variable] });
  if ((await find('docker')) === undefined) throw (await find('podman')) === undefined ? missing(env) : onlyPodman();
  const run = (...args: readonly string[]) =>
    facts.runCommand(
      { program: 'docker', args, directory: facts.directory, env },
      { signal: facts.signal, timeoutSeconds: ANSWER_SECONDS },
    );
  // The server's part of the answer: a client alone knows its own version only, and may end with 0.
  const version = await run('version', '--format', '{{.Server.Version}}');
  if (version.aborted) return;
  if (version.exitCode !== 0 || version.stdout.trim() === '') {
    throw engineProblem(version.timedOut ? `no answer within ${ANSWER_SECONDS} s` : version.tail, facts.platform);
  }
  if (!facts.needsCompose || (await find('docker-compose')) !== undefined) return;
  if ((await run('compose', 'version')).exitCode === 0) return;
  throw new DevsetupError({
    code: 'COMPOSE_MISSING',
    message: 'The dev container is a compose project, and docker has no compose here.',
    hint: 'Install the package docker-compose-plugin of docker (or docker-compose of your distribution).',
  });
};

/** The dev container program calls `docker`; Podman answers to that name as well. */
const onlyPodman = (): DevsetupError =>
  new DevsetupError({
    code: 'DOCKER_MISSING',
    message: 'Podman is on PATH, and dev containers are started by a program with the name docker.',
    hint:
      'Let Podman answer to that name: install the package podman-docker, or link it: ' +
      '`mkdir -p ~/.local/bin && ln -s "$(command -v podman)" ~/.local/bin/docker` (on PATH). A compose project also needs podman compose, of Podman 4.7 or later.',
  });

const missing = (env: Readonly<Record<string, string>>): DevsetupError => {
  const isInside = env['REMOTE_CONTAINERS'] === 'true' || env['CODESPACES'] === 'true';
  return new DevsetupError({
    code: 'DOCKER_MISSING',
    message: 'There is no docker program on PATH.',
    hint: isInside
      ? 'This is a dev container already: `npx devsetup` sets it up.'
      : 'Install Docker (https://docs.docker.com/get-docker/), then npx devsetup up. Without Docker: npx devsetup --db embedded',
  });
};
