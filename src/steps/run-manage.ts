import { DevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Progress } from '../core/step.ts';
import type { ProgressData, RunResult } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';

const TAIL_CHARACTERS = 16_384;

export interface ManageCall {
  readonly command: string;
  readonly args: readonly string[];
  /** The command migrates a schema in which nothing is applied yet. */
  readonly migratesNewSchema?: boolean;
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
  const timeout = AbortSignal.timeout(context.config.timeouts.commandSeconds * 1000);
  const result = await django.run(
    {
      command: call.command,
      args: [...call.args],
      ...context.workerLocks,
      ...(call.migratesNewSchema === true && { applied: [] }),
    },
    {
      onProgress,
      signal: AbortSignal.any([context.signal, timeout]),
      onOutput: (text) => {
        tail = (tail + text).slice(-TAIL_CHARACTERS);
        progress.output(text);
      },
    },
  );
  if (timeout.aborted) {
    throw new DevsetupError({
      code: 'COMMAND_TIMED_OUT',
      message: `${call.command} did not end within ${context.config.timeouts.commandSeconds} seconds`,
      hint: 'Raise timeouts.commandSeconds in the configuration if it is only slow.',
      output: tail.split('\n').slice(-15),
    });
  }
  return { ...result, tail };
};
