import { DevsetupError } from '../core/errors.ts';
import { isUnreached } from '../django/companion-errors.ts';
import type { RunResult } from '../django/protocol.ts';

const TAIL_LINES = 15;

/** A management command that did not end with 0: what it raised, where in the project, and its own last lines. */
export const commandFailure = (failure: {
  readonly code: string;
  readonly command: string;
  readonly result: RunResult & { readonly tail: string };
  readonly hint: string;
  /** What it was at, e.g. the name of a migration. */
  readonly at?: string | undefined;
}): DevsetupError => {
  const { command, result } = failure;
  const error = result.error;
  const at = failure.at === undefined ? '' : ` at ${failure.at}`;
  const what =
    error === null
      ? `ended with exit code ${result.exitCode}${at}`
      : `failed${at}: ${withType(error.type, error.message)}`;
  const place = error?.place ? ` (${error.place.file}:${error.place.line})` : '';
  return new DevsetupError({
    code: failure.code,
    message: `${command} ${what}${place}`,
    hint: error?.type === 'EOFError' ? `${ASKED} ${failure.hint}` : failure.hint,
    // What else the error says, the message has: only a service is asked about later.
    cause: isUnreached(error) ? error : undefined,
    output: lastLines(result.tail === '' ? (error?.traceback ?? '') : result.tail),
  });
};

const ASKED =
  'It asked a question, and nobody can answer here: give it what it asks for as arguments, or an option not to ask.';

/** Some exceptions name themselves in their message. */
const withType = (type: string | null, message: string): string => {
  const name = type?.split('.').at(-1);
  return name === undefined || message.startsWith(`${name}: `) ? message : `${name}: ${message}`;
};

const lastLines = (text: string): readonly string[] =>
  text.trim() === '' ? [] : text.trimEnd().split('\n').slice(-TAIL_LINES);
