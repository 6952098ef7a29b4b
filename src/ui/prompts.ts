import process from 'node:process';
import { Writable } from 'node:stream';

import { chooseColor } from './choose-ui.ts';

export interface Asked {
  readonly question: string;
  /** Taken where nothing is typed. */
  readonly usual?: string;
  /** What is wrong with an answer: it is asked again; undefined: nothing is. */
  readonly verify?: (answer: string) => string | undefined;
}

export interface Offered<V extends string> {
  readonly question: string;
  readonly choices: readonly { readonly value: V; readonly label: string; readonly hint?: string }[];
  readonly usual: V;
}

/** Asks on the terminal for one line. The end of the input and an interruption are `null`. */
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

/** Lets one of several be chosen. The end of the input and an interruption are `null`. */
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

/** Only `y` and `yes` mean yes. The end of the input and an interruption are a no. */
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

/** Some terminals do not know their size, and give 0. */
const USUAL_SIZE = { columns: 80, rows: 24 };
const COLOR = new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, 'g');

/** stderr with a size, and without colours where there are to be none. */
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

/** A terminal that is asked on is in raw mode, so Ctrl-C and Ctrl-D arrive as keys. */
const untilEnd = async (
  signal: AbortSignal,
  ask: (options: PromptOptions) => Promise<string | symbol>,
): Promise<string | null> => {
  const { stdin, stderr } = process;
  // Who has ended the input answers no further question.
  if (signal.aborted || stdin.readableEnded || stdin.destroyed) return null;
  const ended = new AbortController();
  const output = openOutput(stderr);
  const end = (): void => ended.abort();
  const resize = (): void => void output.emit('resize');
  const endAtKey = (_: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined): void => {
    if (key?.ctrl === true && key.name === 'd') end();
  };
  // An earlier question let go of it.
  stdin.ref?.();
  stdin.once('end', end).once('close', end).on('keypress', endAtKey);
  stderr.on('resize', resize);
  try {
    const answer = await ask({ input: stdin, output, signal: AbortSignal.any([signal, ended.signal]) });
    if (typeof answer === 'string') return answer;
    // As if the terminal had sent the signal itself.
    if (!signal.aborted && !ended.signal.aborted) process.emit('SIGINT');
    return null;
  } finally {
    stderr.off('resize', resize);
    stdin.off('end', end).off('close', end).off('keypress', endAtKey);
    stdin.pause();
    // An open terminal would keep the process from ending.
    stdin.unref?.();
  }
};
