import { DevsetupError } from '../core/errors.ts';
import type { RunResult } from '../django/protocol.ts';

const TAIL_LINES = 15;

/** A management command that did not end with 0: what it raised, where in the project, and its own last lines. */
export const commandFailure = (failure: {
  readonly code: string;
  readonly command: string;
  readonly result: RunResult & { readonly tail: string };
  readonly hint: string;
}): DevsetupError => {
  const { command, result } = failure;
  const error = result.error;
  const what =
    error === null ? `ended with exit code ${result.exitCode}` : `failed: ${shortType(error.type)}${error.message}`;
  const place = error?.place ? ` (${error.place.file}:${error.place.line})` : '';
  return new DevsetupError({
    code: failure.code,
    message: `${command} ${what}${place}`,
    hint: failure.hint,
    output: lastLines(result.tail === '' ? (error?.traceback ?? '') : result.tail),
  });
};

const shortType = (type: string | null): string => (type === null ? '' : `${type.split('.').at(-1)}: `);

const lastLines = (text: string): readonly string[] =>
  text.trim() === '' ? [] : text.trimEnd().split('\n').slice(-TAIL_LINES);
