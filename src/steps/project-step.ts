import { createHash } from 'node:crypto';

import type { OwnCommand, OwnStep } from '../config/config.ts';
import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { INSTALLING_STEPS, type Progress, type Step } from '../core/step.ts';
import { commandFailure } from './command-failure.ts';
import { describeEnding } from '../process/describe-ending.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { watchingLocks } from './lock-failure.ts';
import { TIMED_OUT } from '../django/companion-errors.ts';
import { runManage } from './run-manage.ts';

/**
 * A step from the project's configuration. With `inspect` (exit code 0: it is done) it is a desired state like every other.
 * Without, it is done once for each database and definition: seeds are not sown twice; `--force` runs it again.
 */
export const projectStep = (config: OwnStep): Step<SetupContext> => ({
  id: config.id,
  title: config.title,
  dependsOn: [config.after],

  inspect: async (context, progress) => {
    const actions = [describeCommand(config.run)];
    if (config.inspect !== null) {
      const { exitCode } = await execute(config.inspect, config, context, progress);
      return exitCode === 0
        ? { kind: 'satisfied', evidence: `${describeCommand(config.inspect)} says it is done` }
        : {
            kind: 'needed',
            reason: `${describeCommand(config.inspect)} ${describeEnding({ exitCode })}`,
            actions,
          };
    }
    const forced = context.options.force && !context.isDone(config.id);
    const done = context.state.read(memoryKey(config)) === (await memoryOf(config, context, progress));
    return done && !forced
      ? { kind: 'satisfied', evidence: 'has run on this database' }
      : { kind: 'needed', reason: forced ? '--force' : 'has not run on this database', actions };
  },

  apply: async (context, progress) => {
    const run = (): Promise<unknown> => execute(config.run, config, context, progress, true);
    const usesDjango = config.run.kind === 'manage' && !INSTALLING_STEPS.has(config.after);
    await forgetting(context, usesDjango ? watchingLocks(context, progress, run) : run());
    context.markDone(config.id);
    if (config.inspect === null) context.state.write(memoryKey(config), await memoryOf(config, context, progress));
    return { summary: `ran ${describeCommand(config.run)}` };
  },
});

export const memoryKey = (config: OwnStep): string => `step-${config.id}`;

/** Changes with the definition and with the database; a step before the database exists depends on its definition only. */
const memoryOf = async (config: OwnStep, context: SetupContext, progress: Progress): Promise<string> => {
  const needsDatabase = !INSTALLING_STEPS.has(config.after);
  const fingerprint = needsDatabase ? (await context.inspection(progress)).fingerprint : null;
  return createHash('sha256')
    .update(JSON.stringify([config, fingerprint]))
    .digest('hex');
};

const describeCommand = (command: OwnCommand): string =>
  [...(command.kind === 'manage' ? ['python', 'manage.py'] : []), ...command.words].map(shellWord).join(' ');

const execute = async (
  command: OwnCommand,
  config: OwnStep,
  context: SetupContext,
  progress: Progress,
  mustSucceed = false,
): Promise<{ readonly exitCode: number | null }> => {
  const [program = '', ...args] = command.words;
  const timeoutSeconds = config.timeoutSeconds ?? context.config.timeouts.commandSeconds;
  if (command.kind === 'manage') {
    const result = await runManage(context, progress, { command: program, args, timeoutSeconds }).catch(
      (error: unknown) => {
        throw isDevsetupError(error) && error.code === TIMED_OUT
          ? timedOut(command, timeoutSeconds, error.output)
          : error;
      },
    );
    if (mustSucceed && result.exitCode !== 0) {
      const hint = `Run it by hand: \`${describeCommand(command)}\``;
      throw commandFailure({ code: 'PROJECT_STEP_FAILED', command: program, result, hint });
    }
    return result;
  }
  const { directory } = config;
  const result = await context.runProgram({ program, args, directory, env: config.env }, progress, { timeoutSeconds });
  if (result.missing) {
    throw new DevsetupError({
      code: 'PROGRAM_MISSING',
      message: `${program} cannot be started in ${directory}`,
      hint: 'Is it installed and on PATH, is the directory right? The step is in "steps" of the configuration.',
    });
  }
  const output = result.tail.trimEnd().split('\n').slice(-15);
  if (result.timedOut) throw timedOut(command, timeoutSeconds, output);
  // What was killed while it inspected has not answered.
  if (result.exitCode === null || (mustSucceed && result.exitCode !== 0)) {
    throw new DevsetupError({
      code: 'PROJECT_STEP_FAILED',
      message: `${describeCommand(command)} ${describeEnding(result)}`,
      hint: `Run it by hand: \`cd ${shellWord(directory)} && ${describeCommand(command)}\``,
      output,
    });
  }
  return result;
};

const timedOut = (command: OwnCommand, seconds: number, output: readonly string[]): DevsetupError =>
  new DevsetupError({
    code: TIMED_OUT,
    message: `${describeCommand(command)} did not end within ${seconds} seconds`,
    hint: 'If it is a server or a worker, remove the step from "steps" of the configuration: steps have to end. If it is only slow, raise timeoutSeconds of the step.',
    output,
  });
