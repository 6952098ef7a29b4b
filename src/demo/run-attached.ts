import { spawn } from 'node:child_process';
import process from 'node:process';

export interface AttachedCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a program on the user's own terminal, so that it can draw there. It has a process group of its own: aborting sends SIGINT to the
 * whole group once, and what is left is killed when this process exits.
 *
 * @returns the exit code; null if a signal ended it or it could not be started.
 */
export const runAttached = (command: AttachedCommand, signal: AbortSignal): Promise<number | null> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve(null);
      return;
    }
    const child = spawn(command.program, command.args, {
      cwd: command.directory,
      env: { ...command.env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const kill = (name: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // The group is already gone: that is what was wanted.
      }
    };
    const interrupt = (): void => kill('SIGINT');
    const end = (): void => kill('SIGKILL');
    const finish = (code: number | null): void => {
      signal.removeEventListener('abort', interrupt);
      process.removeListener('exit', end);
      resolve(code);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    process.once('exit', end);
    child.once('error', () => finish(null));
    child.once('close', finish);
  });
