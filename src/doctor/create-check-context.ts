import { DEPENDENCIES_NEEDED, neverInstalled } from '../checks/django/never-installed.ts';
import type { CheckContext, Machine } from '../checks/context.ts';
import { CheckStopped } from '../core/check.ts';
import { readRequirementLines } from '../dependencies/read-requirement-lines.ts';
import type { Installed } from '../django/examination.ts';
import { isDevsetupError, type DevsetupError } from '../core/errors.ts';
import { findingCode } from '../core/finding-code.ts';
import type { Redactor } from '../core/redact.ts';
import type { Progress } from '../core/step.ts';
import { readComposeProject } from '../project/compose/compose-project.ts';
import { findDevContainer } from '../devcontainer/dev-container.ts';
import { parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import { examineServer } from '../postgres/examine-server.ts';
import { runCommand } from '../process/run-command.ts';
import { findComposeFiles } from '../project/compose-services.ts';
import { shown } from '../project/files.ts';
import { findProgram } from '../project/find-program.ts';
import { childEnvironment } from '../setup/child-environment.ts';
import { createContext, type OpenContext } from '../setup/create-context.ts';
import type { Host } from '../setup/host.ts';
import { readWorkflows } from '../workflows/read-workflows.ts';
import { later } from './later.ts';
import { once } from './once.ts';
import type { Diagnosis } from './open-diagnosis.ts';

export interface OpenCheckContext {
  /** What a check is given, with the signal of its own time limit. */
  readonly contextFor: (signal: AbortSignal) => CheckContext;
  /** The context of the steps; null without a project. */
  readonly setup: OpenContext | null;
  /** Ends Django. Never throws. */
  readonly close: () => Promise<void>;
}

export interface CheckContextOptions {
  readonly diagnosis: Diagnosis;
  readonly host: Host;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
}

/** What a check prints of a start of Django, nobody reads; what matters is in its result. */
export const SILENT: Progress = { update: () => undefined, output: () => undefined, warn: () => undefined };

/** The context of one look at a checkout: everything lazy in it happens at most once, whoever asks first. */
export const createCheckContext = (options: CheckContextOptions): OpenCheckContext => {
  const { diagnosis, host, machine, signal, redactor } = options;
  const { root, project, config, environment, backend } = diagnosis;
  const told = later<Installed>();
  const setup = project === null ? null : openSetup(options, { ...diagnosis, project }, told.resolve);
  const steps = setup?.context;
  const env: Readonly<Record<string, string>> = {
    ...(project === null ? environment.asRecord() : childEnvironment(environment.asRecord(), project.backend.python)),
    ...TRACELESS,
  };

  const needsProject = (): never => {
    const problem = diagnosis.problems.find(({ code }) => !code.startsWith('CONFIG_'));
    throw stopped(problem, 'there is no Django project to look at');
  };
  const django = once(() => steps?.django(SILENT) ?? needsProject());
  const djangoOrStop: CheckContext['django'] = async () => {
    try {
      return await django();
    } catch (error) {
      if (!isDevsetupError(error)) throw error;
      const reason = project === null ? undefined : await neverInstalled(error, { project, state: diagnosis.state });
      if (reason === undefined) throw stopped(error, 'Django does not start');
      throw new CheckStopped({ kind: 'could-not-check', reason, blockedBy: DEPENDENCIES_NEEDED });
    }
  };
  const blockedByDatabase = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isDevsetupError(error)) throw stopped(error, ASKED_IN_VAIN);
      throw error;
    }
  };
  /** As the step decides that reports the missing database. */
  const willCreate = async (): Promise<boolean> => {
    const { create } = config.database;
    if (create !== 'auto') return create;
    return (await steps?.development(SILENT).catch(() => undefined))?.yes ?? false;
  };
  const target = once(async (): Promise<DatabaseTarget> => {
    const started = steps === undefined ? undefined : await django().catch(() => undefined);
    if (steps === undefined || started === undefined) {
      // Where there is no backend nothing says whose database the variable names.
      if (backend === null) return needsProject();
      // Without an address what keeps Django from starting is the reason, and stops here.
      if ((environment.get(config.database.urlVariable) ?? '') === '') await djangoOrStop();
      return targetFromUrl(environment, config.database.urlVariable);
    }
    const { vendor, engine, name, options: given } = started.description.database;
    if (vendor !== 'postgresql') throw notThere(`the database engine is ${engine}, not PostgreSQL`);
    if ((name ?? '') === '' && given['dbname'] === undefined) {
      const reason = 'the settings give the database no name';
      throw new CheckStopped({ kind: 'could-not-check', reason, blockedBy: 'database-name-missing' });
    }
    return steps.target(SILENT);
  });
  const composeFiles = once(() => findComposeFiles({ root, backendDirectory: backend?.directory ?? root }));
  const devContainer = once(() => findDevContainer(root));

  const shared: Omit<CheckContext, 'signal' | 'run'> = {
    root,
    machine,
    config,
    environment,
    backend,
    project,
    problems: diagnosis.problems,
    state: diagnosis.state,
    django: djangoOrStop,
    djangoFailure: async () => {
      try {
        await django();
        return null;
      } catch (error) {
        if (isDevsetupError(error)) return error;
        throw error;
      }
    },
    inspection: once(async () => {
      await djangoOrStop();
      try {
        return await (steps?.inspection(SILENT) ?? needsProject());
      } catch (error) {
        if (!isDevsetupError(error)) throw error;
        // A connection of devsetup's own tells why the server does not let anybody in; Django has one word for all of it.
        const server = await shared.server().catch((stop: unknown) => stop);
        if (server instanceof CheckStopped && server.outcome.kind === 'could-not-check') throw server;
        throw stopped(error, ASKED_IN_VAIN);
      }
    }),
    examination: once(async () => {
      const client = await djangoOrStop();
      // Without a database the rest of what Django knows is still worth hearing.
      const database = await shared.inspection().then(
        () => true,
        () => false,
      );
      return client.examine({ database }, { signal });
    }),
    installed: once(async () => {
      if (project === null) return needsProject();
      if (!project.backend.python.exists) throw notInstalled(shown(root, project.backend.python.interpreter));
      // Told before Django is up, or fails.
      const failure = await Promise.race([told.promise, django()]).then(
        () => undefined,
        (error: unknown) => error,
      );
      return told.value() ?? cannotTell(failure);
    }),
    target: () => blockedByDatabase(target),
    server: once(async () => {
      try {
        return await examineServer(await target(), { signal });
      } catch (error) {
        if (!isDevsetupError(error)) throw error;
        const isNeed = error.code === 'DATABASE_MISSING' && (await willCreate());
        throw isNeed ? blocked('database-needed', ASKED_IN_VAIN) : stopped(error, ASKED_IN_VAIN);
      }
    }),
    development: async () => {
      await djangoOrStop();
      return steps?.development(SILENT) ?? needsProject();
    },
    compose: once(async () => readComposeProject({ root, files: await composeFiles() })),
    devContainer: async () => (await devContainer()) ?? Promise.reject(notThere('there is no devcontainer.json')),
    workflows: once(() => readWorkflows(root)),
    findProgram: async (name) => (await findProgram(name, { get: (variable) => env[variable] })) ?? null,
  };
  return {
    contextFor: (own) => ({
      ...shared,
      signal: own,
      run: (program, args, more = {}) =>
        runCommand(
          { program, args, directory: more.directory ?? root, env: { ...env, ...more.env } },
          { signal: own, ...(more.timeoutSeconds === undefined ? {} : { timeoutSeconds: more.timeoutSeconds }) },
        ),
    }),
    setup,
    close: async () => setup?.close(),
  };

  function openSetup(
    of: CheckContextOptions,
    workspace: Parameters<typeof createContext>[0]['workspace'],
    tell: (installed: Installed) => void,
  ): OpenContext {
    const { requirements } = workspace.project.backend;
    return createContext({
      workspace: { ...workspace, config: impatient(config) },
      host,
      // Looking at a remote database changes nothing; that devsetup would refuse to change it is a finding of its own.
      options: LOOK_OPTIONS,
      recalls: false,
      variables: TRACELESS,
      installed: {
        requirements: async () => (requirements === null ? [] : readRequirementLines(requirements)),
        tell,
      },
      signal: of.signal,
      abort: () => undefined,
      redactor,
    });
  }
};

/** A look leaves nothing behind, compiled Python neither. */
const TRACELESS = { PYTHONDONTWRITEBYTECODE: '1' } as const;

const LOOK_OPTIONS = {
  force: false,
  verbose: false,
  allowRemote: true,
  updateSuperuser: false,
  failFast: false,
  onlyTenants: [],
} as const;

/** Whoever asks what is wrong now does not want to wait for what may become right. */
const impatient = (config: Diagnosis['config']): Diagnosis['config'] => ({
  ...config,
  database: { ...config.database, waitSeconds: 0 },
});

const targetFromUrl = (environment: Diagnosis['environment'], variable: string): DatabaseTarget => {
  const url = environment.get(variable);
  if (url === undefined || url === '') throw unknown(`Django does not start, and ${variable} is not set`);
  const parsed = parseDatabaseUrl(url, variable);
  if (parsed.kind !== 'postgresql') throw notThere(`${variable} does not name a PostgreSQL database`);
  return parsed.target;
};

const notInstalled = (interpreter: string): CheckStopped =>
  new CheckStopped({
    kind: 'could-not-check',
    reason: `${interpreter} does not exist`,
    blockedBy: DEPENDENCIES_NEEDED,
  });

const cannotTell = (failure: unknown): never => {
  if (isDevsetupError(failure)) throw stopped(failure, 'the interpreter cannot be asked');
  throw failure ?? unknown('the interpreter cannot be asked without another process');
};

const notThere = (reason: string): CheckStopped => new CheckStopped({ kind: 'not-applicable', reason });

const unknown = (reason: string): CheckStopped => new CheckStopped({ kind: 'could-not-check', reason });

const ASKED_IN_VAIN = 'the database cannot be asked';

const blocked = (blockedBy: string, reason: string): CheckStopped =>
  new CheckStopped({ kind: 'could-not-check', reason, blockedBy });

const stopped = (error: DevsetupError | undefined, reason: string): CheckStopped =>
  error === undefined ? unknown(reason) : blocked(findingCode(error.code), reason);
