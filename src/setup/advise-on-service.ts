import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Step } from '../core/step.ts';
import { isCompanionError } from '../django/companion-errors.ts';
import type { Project } from '../project/types.ts';
import type { SetupContext } from '../steps/context.ts';
import { adviceAboutService } from './advice-about-service.ts';
import { adviseOnPassword } from './advise-on-password.ts';

/** A step that fails because a service of the project does not answer says what the start of Django says of it; a refused password is traced. */
export const advisingOnService = (step: Step<SetupContext>): Step<SetupContext> => {
  const { begin } = step;
  return {
    ...step,
    ...(begin && { begin: (context, progress) => advising(context, begin(context, progress)) }),
    inspect: (context, progress) => advising(context, step.inspect(context, progress)),
    apply: (context, progress) => advising(context, step.apply(context, progress)),
  };
};

const advising = async <T>(context: SetupContext, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (isDevsetupError(error) && error.code === 'DATABASE_PASSWORD_REJECTED')
      throw await adviseOnPassword(error, context);
    throw await withAdvice(error, context.project);
  }
};

/** What was being done at the time stays in the message of a command; without one there is nothing but the service to name. */
const withAdvice = async (failure: unknown, project: Project): Promise<unknown> => {
  if (!isDevsetupError(failure) || !isCompanionError(failure.cause)) return failure;
  const advice = await adviceAboutService(failure.cause, project);
  if (advice === undefined) return failure;
  const { code, exitCode, output, data, cause } = failure;
  const message = code === 'INTERNAL' ? (advice.message ?? failure.message) : failure.message;
  const hint = [advice.hint, ...(failure.hint === undefined ? [] : [failure.hint])].join('\n');
  return new DevsetupError({ code, message, hint, exitCode, output, data, cause });
};
