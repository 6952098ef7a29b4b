import type { CheckContext, Diagnosis } from '../checks/context.ts';
import { readComposeServices } from '../project/compose-services.ts';
import { hostProblem } from '../steps/host-problem.ts';
import type { Environment } from '../config/environment.ts';
import { isDevsetupError } from '../core/errors.ts';
import { SILENT } from '../core/step.ts';
import { examineServer } from '../postgres/examine-server.ts';
import { libpqSystem, parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import type { SetupContext } from '../steps/context.ts';
import { needsProject, type DjangoAnswers } from './ask-django.ts';
import { once } from './once.ts';
import { blocked, notThere, stopped, unknown } from './stops.ts';

export interface DatabaseQuestions {
  readonly diagnosis: Diagnosis;
  /** undefined: there is no project. */
  readonly steps: SetupContext | undefined;
  readonly django: () => Pick<DjangoAnswers, 'django' | 'start'>;
  readonly signal: AbortSignal;
}

const ASKED_IN_VAIN = 'the database cannot be asked';

/** What checks can ask the database: the one of Django's settings, else the one of the URL variable. */
export const askDatabase = (questions: DatabaseQuestions): Pick<CheckContext, 'target' | 'databases' | 'server'> => {
  const { diagnosis, steps, signal } = questions;
  const { config } = diagnosis;
  const target = once(() => findTarget(questions));

  /** As the step decides that reports the missing database. */
  const willCreate = async (): Promise<boolean> => {
    const { create } = config.database;
    if (create !== 'auto') return create;
    return (await steps?.development(SILENT).catch(() => undefined))?.yes ?? false;
  };

  /** As a run decides before it connects. */
  const verifyHost = async (asked: DatabaseTarget): Promise<void> => {
    const directory = diagnosis.backend?.directory ?? diagnosis.root;
    const services = await readComposeServices({ root: diagnosis.root, backendDirectory: directory });
    const problem = hostProblem(asked, {
      services,
      allowRemote: diagnosis.examinesRemote || config.database.allowRemote,
    });
    if (problem !== undefined) throw problem;
  };

  return {
    databases: async () => {
      const asked = await target();
      const places = await steps?.databases(SILENT).catch(() => undefined);
      return places === undefined || places.length === 0 ? [{ alias: 'default', target: asked }] : places;
    },
    target: async () => {
      try {
        return await target();
      } catch (error) {
        if (isDevsetupError(error)) throw stopped(error, ASKED_IN_VAIN);
        throw error;
      }
    },
    server: once(async () => {
      try {
        const asked = await target();
        await verifyHost(asked);
        return await examineServer(asked, { signal });
      } catch (error) {
        if (!isDevsetupError(error)) throw error;
        const isNeed = error.code === 'DATABASE_MISSING' && (await willCreate());
        throw isNeed ? blocked('database-needed', ASKED_IN_VAIN) : stopped(error, ASKED_IN_VAIN);
      }
    }),
  };
};

const findTarget = async ({ diagnosis, steps, django }: DatabaseQuestions): Promise<DatabaseTarget> => {
  const { backend, config, environment } = diagnosis;
  const started =
    steps === undefined
      ? undefined
      : await django()
          .start()
          .catch(() => undefined);
  if (steps === undefined || started === undefined) {
    // Where there is no backend nothing says whose database the variable names.
    if (backend === null) return needsProject(diagnosis);
    // Without an address what keeps Django from starting is the reason, and stops here.
    if ((environment.get(config.database.urlVariable) ?? '') === '') await django().django();
    return targetFromUrl(environment, config.database.urlVariable, backend.directory);
  }
  const { vendor, engine, name, options } = started.description.database;
  if (vendor !== 'postgresql') throw notThere(`the database engine is ${engine}, not PostgreSQL`);
  if ((name ?? '') === '' && options['dbname'] === undefined && options['service'] === undefined)
    throw blocked('database-name-missing', 'the settings give the database no name');
  return steps.target(SILENT);
};

const targetFromUrl = (environment: Environment, variable: string, directory: string): DatabaseTarget => {
  const url = environment.get(variable);
  if (url === undefined || url === '') throw unknown(`Django does not start, and ${variable} is not set`);
  const parsed = parseDatabaseUrl(url, variable, libpqSystem(environment.asRecord(), directory));
  if (parsed.kind !== 'postgresql') throw notThere(`${variable} does not name a PostgreSQL database`);
  return parsed.target;
};
