import { runProgram } from '../../e2e/support/run-program.ts';

export type Engine =
  { readonly ok: true; readonly description: string } | { readonly ok: false; readonly reason: string };

const answer = async (program: string, ...args: readonly string[]): Promise<string | undefined> => {
  try {
    const { exitCode, stdout } = await runProgram(program, args, { cwd: '/' });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    // Not installed: no answer.
    return undefined;
  }
};

/** The container engine this user may use, with a compose of either generation; else why there is none. */
export const findEngine = async (): Promise<Engine> => {
  const client = await answer('docker', '--version');
  if (client === undefined) return { ok: false, reason: 'there is no docker program' };
  const server = await answer('docker', 'info', '--format', '{{.ServerVersion}}');
  // With a client of its own the exit code can be 0 although no server answers.
  if (server === undefined || server === '') {
    return { ok: false, reason: 'no container engine answers, or this user may not use it (docker info)' };
  }
  const compose = (await answer('docker', 'compose', 'version', '--short')) ?? (await composeV1());
  if (compose === undefined) return { ok: false, reason: 'there is neither docker compose nor docker-compose' };
  const builder = (await hasBuildKit()) ? 'with BuildKit' : 'without BuildKit';
  return { ok: true, description: `engine ${server}, compose ${compose}, ${builder}` };
};

const composeV1 = (): Promise<string | undefined> => answer('docker-compose', 'version', '--short');

/** Whether images are built by BuildKit; docker builds without it where its client lacks the plugin, once it is told to. */
export const hasBuildKit = async (): Promise<boolean> => (await answer('docker', 'buildx', 'version')) !== undefined;
