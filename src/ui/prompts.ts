import process from 'node:process';
import { Writable } from 'node:stream';

import { chooseColor } from './choose-ui.ts';

export interface Asked {
  readonly question: string;
  /** The answer if nothing is typed. */
  readonly usual?: string;
  /** What is wrong with an answer, which is then asked for again; undefined: nothing. */
  readonly verify?: (answer: string) => string | undefined;
}

export interface Offered<V extends string> {
  readonly question: string;
  readonly choices: readonly { readonly value: V; readonly label: string; readonly hint?: string }[];
  readonly usual: V;
}

/** Asks on the terminal for one line; `null`: interrupted, by the end of the input, too. */
export const askText = async ({ question, usual, verify }: Asked, signal: AbortSignal): Promise<string | null> => {
  const { text } = await import('@clack/prompts');
  const validate = (answer: string | undefined): string | undefined => {
    const typed = (answer ?? '').trim();
    return typed === '' && usual !== undefined ? undefined : verify?.(typed);
  };
  const shown = usual === undefined ? {} : { placeholder: usual, defaultValue: usual };
  const answer = await untilEnd(signal, (options) =>
    text({ ...options, ...shown, message: question.trim(), validate }),
  );
  return answer === null ? null : answer.trim();
};

/** Lets one of several be chosen; `null`: interrupted. */
export const askChoice = async <V extends string>(
  { question, choices, usual }: Offered<V>,
  signal: AbortSignal,
): Promise<V | null> => {
  const { select } = await import('@clack/prompts');
  const options = choices.map((choice) => ({ ...choice, value: choice.value as string }));
  return (await untilEnd(signal, (common) =>
    select({ ...common, message: question, options, initialValue: usual as string }),
  )) as V | null;
};

/** Only `y` and `yes` mean yes. An interruption is a no, with the signal aborted. */
export const askYesNo = async (question: string, signal: AbortSignal): Promise<boolean> => {
  const verify = (answer: string): string | undefined =>
    /^(?:y(?:es)?|no?|)$/i.test(answer) ? undefined : 'Type y for yes, or n for no.';
  return /^y/i.test((await askText({ question, verify }, signal)) ?? '');
};

interface PromptOptions {
  readonly input: NodeJS.ReadStream;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Some terminals do not know their size and report 0. */
const USUAL_SIZE = { columns: 80, rows: 24 };
const COLOR = new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, 'g');

/** stderr with a size, and without colours where they are not wanted. */
const openOutput = (stream: NodeJS.WriteStream): Writable => {
  const isColored = chooseColor({ isTTY: stream.isTTY, env: process.env });
  const output = new Writable({
    decodeStrings: false,
    write: (chunk: string, _, done) => void stream.write(isColored ? chunk : chunk.replaceAll(COLOR, ''), () => done()),
  });
  return Object.defineProperties(output, {
    columns: { get: () => stream.columns || USUAL_SIZE.columns },
    rows: { get: () => stream.rows || USUAL_SIZE.rows },
  });
};

/**
 * While a question is open the terminal is in raw mode, so Ctrl-C and Ctrl-D arrive as keys. Both, and a closed input, interrupt the command
 * as if the terminal had sent the signal itself: later questions are not asked either.
 */
const untilEnd = async (
  signal: AbortSignal,
  ask: (options: PromptOptions) => Promise<string | symbol>,
): Promise<string | null> => {
  const { stdin, stderr } = process;
  const interrupt = (): null => {
    if (!signal.aborted) process.emit('SIGINT');
    return null;
  };
  if (signal.aborted || stdin.readableEnded || stdin.destroyed) return interrupt();
  const ended = new AbortController();
  const output = openOutput(stderr);
  const end = (): void => ended.abort();
  const resize = (): void => void output.emit('resize');
  const endAtKey = (_: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined): void => {
    if (key?.ctrl === true && key.name === 'd') end();
  };
  // An earlier question has unreferenced it.
  stdin.ref?.();
  stdin.once('end', end).once('close', end).on('keypress', endAtKey);
  stderr.on('resize', resize);
  try {
    const answer = await ask({ input: stdin, output, signal: AbortSignal.any([signal, ended.signal]) });
    return typeof answer === 'string' ? answer : interrupt();
  } finally {
    stderr.off('resize', resize);
    stdin.off('end', end).off('close', end).off('keypress', endAtKey);
    stdin.pause();
    // An open terminal would keep the process from ending.
    stdin.unref?.();
  }
};
