import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Progress } from '../core/step.ts';
import { TIMED_OUT } from '../django/companion-errors.ts';
import type { ProgressData, RunResult } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { showMigration } from './show-migration.ts';

const TAIL_CHARACTERS = 16_384;
const TAIL_LINES = 15;

export interface ManageCall {
  readonly command: string;
  readonly args: readonly string[];
  /** The command migrates a schema in which nothing is applied yet. */
  readonly migratesNewSchema?: boolean;
  /** In place of timeouts.commandSeconds. */
  readonly timeoutSeconds?: number;
}

/** Runs a management command in the warm Django, its output streamed; `tail` holds the end of it. */
export const runManage = async (
  context: SetupContext,
  progress: Progress,
  call: ManageCall,
  onProgress: (event: ProgressData) => void = () => undefined,
): Promise<RunResult & { readonly tail: string }> => {
  const django = await context.django(progress);
  let tail = '';
  progress.output(`$ python manage.py ${[call.command, ...call.args].map(shellWord).join(' ')}\n`);
  const parameters = {
    command: call.command,
    args: [...call.args],
    ...context.workerLocks,
    ...(call.migratesNewSchema === true && { applied: [] }),
  };
  const onOutput = (text: string): void => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
    progress.output(text);
  };
  try {
    const limit = call.timeoutSeconds === undefined ? {} : { timeoutSeconds: call.timeoutSeconds };
    const follow = (event: ProgressData): void => {
      showMigration(progress, event);
      onProgress(event);
    };
    return { ...(await django.run(parameters, { onProgress: follow, onOutput, ...limit })), tail };
  } catch (error) {
    throw ofCommand(error, call.command, tail);
  }
};

/** Names the command that had no result, with the last lines it printed. */
const ofCommand = (error: unknown, command: string, tail: string): unknown => {
  if (!isDevsetupError(error) || ![TIMED_OUT, 'CRASHED'].includes(error.code)) return error;
  const { code, hint, exitCode, data, cause } = error;
  const message = error.message.replace(/^The (?:command|process of `run`)/, command);
  const output = tail.trim() === '' ? error.output : tail.trimEnd().split('\n').slice(-TAIL_LINES);
  return new DevsetupError({ code, message, hint: hint ?? '', exitCode, data, cause, output });
};
