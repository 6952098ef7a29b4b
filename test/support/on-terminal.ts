import { spawn } from 'node:child_process';
import path from 'node:path';

import { screenOf, type Screen } from '../../scripts/terminal-screen.mjs';

const PROGRAM = path.resolve(import.meta.dirname, '../../scripts/on-terminal.py');

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd?: string;
  /** The complete environment. */
  readonly env: NodeJS.ProcessEnv;
  /** A file for the program's stdout; default: the terminal as well. */
  readonly stdout?: string;
}

export interface Session {
  /** Keys; Enter is `\r`. */
  type(keys: string): void;
  /** Resolves once the terminal has shown it since the last wait; rejects if the program ends without. */
  waitFor(text: string): Promise<void>;
  readonly ended: Promise<EndedSession>;
}

export interface EndedSession extends Screen {
  readonly exitCode: number;
  /** Every byte that the terminal got. */
  readonly raw: string;
}

/** Starts a program on a real pseudo-terminal. */
export const startOnTerminal = (
  command: readonly [string, ...string[]],
  { columns, rows, cwd, env, stdout = '-' }: TerminalOptions,
): Session => {
  const args = [PROGRAM, String(columns), String(rows), stdout, ...command];
  const child = spawn('python3', args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  let seen = 0;
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
    for (const watch of watchers) watch();
  });
  const ended = new Promise<EndedSession>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const [, raw = shown, code = ''] = /^([^]*)exit (-?\d+)\n$/.exec(shown) ?? [];
      screenOf(raw, { columns, rows }).then((screen) => resolve({ ...screen, raw, exitCode: Number(code) }), reject);
    });
  });
  const waitFor = async (text: string): Promise<void> => {
    const found = new Promise<true>((resolve) => {
      const watch = (): void => {
        const at = shown.indexOf(text, seen);
        if (at < 0) return;
        seen = at + text.length;
        watchers.delete(watch);
        resolve(true);
      };
      watchers.add(watch);
      watch();
    });
    if ((await Promise.race([found, ended])) !== true)
      throw new Error(`The program ended without showing ${text}:\n${shown}`);
  };
  return { type: (keys) => child.stdin.write(keys), waitFor, ended };
};
