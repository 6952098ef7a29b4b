import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { screenOf, type Screen } from '../../scripts/terminal-screen.mjs';
import { CLI, environmentOf, type RunDevsetupOptions } from './run-devsetup.ts';

/** Ends what waits for a text that never comes, and shows what came instead. */
const HANGING = 300_000;

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
  /** Resolves with the one of them that the terminal shows first after what was waited for before; rejects if the program ends without. */
  waitFor(...texts: readonly string[]): Promise<string>;
  readonly ended: Promise<EndedSession>;
  /** What the terminal got so far. */
  shown(): string;
  /** Closes the terminal; what runs there gets a hang-up. */
  close(): void;
}

export interface EndedSession extends Screen {
  readonly exitCode: number;
  /** Every byte that the terminal got. */
  readonly raw: string;
}

/** Keys as a terminal in raw mode sends them. */
export const KEYS = {
  enter: '\r',
  up: '\u001B[A',
  down: '\u001B[B',
  clearLine: '\u0015',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
} as const;

/** What the terminal shows, e.g. the end of a question, and what is typed then. */
export type Answer = readonly [shown: string, typed: string];

/** An open question; one that was answered is shown again with another mark. Without colours. */
export const question = (text: string): string => `◆  ${text}`;

interface AnswerOptions extends RunDevsetupOptions {
  readonly columns?: number;
  /** A file for stdout; default: the terminal as well. */
  readonly stdout?: string;
}

/** Runs the built CLI on a pseudo-terminal, without colours, and gives these answers, one after the other. */
export const answerDevsetup = async (
  args: readonly string[],
  answers: readonly Answer[],
  { columns = 100, stdout = '-', ...options }: AnswerOptions,
): Promise<EndedSession> => {
  const session = startOnTerminal([process.execPath, CLI, ...args], {
    columns,
    rows: 50,
    stdout,
    cwd: options.cwd,
    env: { TERM: 'xterm-256color', NO_COLOR: '1', ...environmentOf(options) },
  });
  for (const [shown, typed] of answers) {
    await session.waitFor(shown);
    session.type(typed);
  }
  return session.ended;
};

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
      // 0: a terminal that was given no size.
      screenOf(raw, { columns: columns || 200, rows }).then(
        (screen) => resolve({ ...screen, raw, exitCode: Number(code) }),
        reject,
      );
    });
  });
  const waitFor = async (...texts: readonly string[]): Promise<string> => {
    const found = new Promise<string>((resolve) => {
      const watch = (): void => {
        const places = texts.map((text) => ({ text, at: shown.indexOf(text, seen) })).filter(({ at }) => at >= 0);
        const first = places.toSorted((one, other) => one.at - other.at)[0];
        if (first === undefined) return;
        seen = first.at + first.text.length;
        watchers.delete(watch);
        resolve(first.text);
      };
      watchers.add(watch);
      watch();
    });
    const limit = new AbortController();
    const hangs = sleep(HANGING, 'hangs' as const, { signal: limit.signal }).catch(() => 'hangs' as const);
    const first = await Promise.race([found, ended.then(() => 'ended' as const), hangs]);
    limit.abort();
    if (texts.includes(first)) return first;
    throw new Error(`The program ${first} and does not show ${texts.join(' or ')}:\n${shown}`);
  };
  return {
    type: (keys) => child.stdin.write(keys),
    waitFor,
    ended,
    shown: () => shown,
    close: () => child.kill(),
  };
};
