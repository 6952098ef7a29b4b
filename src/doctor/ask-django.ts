import type { CheckContext, Diagnosis } from '../checks/context.ts';
import { DEPENDENCIES_NEEDED, neverInstalled } from '../checks/django/never-installed.ts';
import { CheckStopped } from '../core/check.ts';
import { isDevsetupError } from '../core/errors.ts';
import { SILENT } from '../core/step.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import type { Installed } from '../django/examination.ts';
import { shown } from '../project/files.ts';
import type { SetupContext } from '../steps/context.ts';
import type { Later } from './later.ts';
import { once } from './once.ts';
import { blocked, stopped, unknown } from './stops.ts';

export interface DjangoQuestions {
  readonly diagnosis: Diagnosis;
  /** undefined: there is no project. */
  readonly steps: SetupContext | undefined;
  /** What the interpreter tells before Django is up. */
  readonly installed: Later<Installed>;
  /** Why the server lets nobody in, in devsetup's own words. */
  readonly server: CheckContext['server'];
  readonly signal: AbortSignal;
}

export type DjangoAnswers = Pick<
  CheckContext,
  'django' | 'djangoFailure' | 'inspection' | 'examination' | 'installed' | 'development'
> & {
  /** As `django`, but fails with the error that keeps it from starting. */
  readonly start: () => Promise<DjangoClient>;
};

/** Ends the check that asks where there is no project, with the finding that says why. */
export const needsProject = ({ problems }: Diagnosis): never => {
  const problem = problems.find(({ code }) => !code.startsWith('CONFIG_'));
  throw stopped(problem, 'there is no Django project to look at');
};

/** What checks can ask the project's Django, started on the first question. */
export const askDjango = ({ diagnosis, steps, installed, server, signal }: DjangoQuestions): DjangoAnswers => {
  const { project, root, state, config } = diagnosis;
  const start = once(() => steps?.django(SILENT) ?? needsProject(diagnosis));

  const django: CheckContext['django'] = async () => {
    try {
      return await start();
    } catch (error) {
      if (!isDevsetupError(error)) throw error;
      const reason = project === null ? undefined : await neverInstalled(error, { project, state, config });
      throw reason === undefined ? stopped(error, 'Django does not start') : blocked(DEPENDENCIES_NEEDED, reason);
    }
  };

  const inspection = once(async () => {
    await django();
    // A connection of devsetup's own first, the same one for all checks: it has a time limit, where Django waits for a server that
    // accepts connections and answers nothing, and it knows why the server refuses, where Django has one error for everything.
    const stop = await server().catch((reason: unknown) => reason);
    if (stop instanceof CheckStopped && stop.outcome.kind === 'could-not-check') throw stop;
    try {
      return await (steps?.inspection(SILENT) ?? needsProject(diagnosis));
    } catch (error) {
      if (!isDevsetupError(error)) throw error;
      throw stopped(error, 'the database cannot be asked');
    }
  });

  return {
    start,
    django,
    djangoFailure: async () => {
      try {
        await start();
        return null;
      } catch (error) {
        if (isDevsetupError(error)) return error;
        throw error;
      }
    },
    inspection,
    examination: once(async () => {
      const client = await django();
      // Without a database the rest of what Django knows is still worth hearing.
      const database = await inspection().then(
        () => true,
        () => false,
      );
      return client.examine({ database }, { signal });
    }),
    installed: once(async () => {
      if (project === null) return needsProject(diagnosis);
      const { exists, interpreter } = project.backend.python;
      if (!exists) throw blocked(DEPENDENCIES_NEEDED, `${shown(root, interpreter)} does not exist`);
      // Told before Django is up, or fails.
      const failure = await Promise.race([installed.promise, start()]).then(
        () => undefined,
        (error: unknown) => error,
      );
      return installed.value() ?? cannotTell(failure);
    }),
    development: async () => {
      await django();
      return steps?.development(SILENT) ?? needsProject(diagnosis);
    },
  };
};

const cannotTell = (failure: unknown): never => {
  if (isDevsetupError(failure)) throw stopped(failure, 'the interpreter cannot be asked');
  throw failure ?? unknown('the interpreter cannot be asked without another process');
};
