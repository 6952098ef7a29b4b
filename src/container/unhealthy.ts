import type { DockerPlace } from './find-containers.ts';

export interface Unhealthy {
  /** As compose calls the container. */
  readonly name: string;
  /** What its health check printed last, and the end of its log. */
  readonly lines: readonly string[];
}

/** Compose v2 without and 1.29 with quotes, which give the id. */
const UNHEALTHY = /container (?:"(\w+)"|(\S+)) is unhealthy/i;
const LOG_LINES = 15;
const FORMAT = '{{.Name}}{{with .State.Health}}{{range .Log}}\n{{.Output}}{{end}}{{end}}';

/** The container that the dev container waits for and that never became healthy: compose names it and says no more. */
export const findUnhealthy = async (
  printed: readonly string[],
  { directory, env, runCommand, signal }: DockerPlace,
): Promise<Unhealthy | null> => {
  const [, id, name] = UNHEALTHY.exec(printed.join('\n')) ?? [];
  const container = id ?? name;
  if (container === undefined) return null;
  const ask = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { exitCode, tail } = await runCommand({ program: 'docker', args, directory, env }, { signal });
    return exitCode === 0 ? tail.split('\n').filter((line) => line.trim() !== '') : [];
  };
  const [named = `/${container}`, ...checks] = await ask('inspect', '--format', FORMAT, container);
  const log = await ask('logs', '--tail', String(LOG_LINES), container);
  return { name: named.slice(1), lines: [...checks.slice(-1).map((line) => `health check: ${line}`), ...log] };
};
