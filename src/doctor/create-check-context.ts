import type { CheckContext, Diagnosis, Machine } from '../checks/context.ts';
import type { Redactor } from '../core/redact.ts';
import { findDevContainer, listDevContainers } from '../devcontainer/dev-container.ts';
import type { Installed } from '../django/examination.ts';
import { runCommand } from '../process/run-command.ts';
import { readComposeProject } from '../project/compose/compose-project.ts';
import { findComposeFiles } from '../project/compose-services.ts';
import { findProgram } from '../project/find-program.ts';
import { childEnvironment } from '../setup/child-environment.ts';
import { settleVariables } from '../setup/file-variables.ts';
import type { OpenContext } from '../setup/open-context.ts';
import type { Host } from '../setup/host.ts';
import { readWorkflows } from '../workflows/read-workflows.ts';
import { askDatabase } from './ask-database.ts';
import { askDjango, type DjangoAnswers } from './ask-django.ts';
import { later } from './later.ts';
import { once } from './once.ts';
import { TRACELESS } from '../setup/ask-settings.ts';
import { openLook } from './open-look.ts';
import { notThere } from './stops.ts';

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

/** The context of one look at a checkout: everything lazy in it happens at most once, whoever asks first. */
export const createCheckContext = (options: CheckContextOptions): OpenCheckContext => {
  const { diagnosis, machine, signal } = options;
  const { root, project, environment, backend } = diagnosis;
  const installed = later<Installed>();
  const setup = project === null ? null : openLook({ ...options, project, tell: installed.resolve });
  const steps = setup?.context;
  const env: Readonly<Record<string, string>> = {
    ...(project === null ? environment.asRecord() : childEnvironment(environment.asRecord(), project.backend.python)),
    ...TRACELESS,
  };

  // Each asks the other: where the database is, Django knows; why it lets nobody in, a connection of devsetup's own.
  const database = askDatabase({ diagnosis, steps, django: () => django, signal });
  const django: DjangoAnswers = askDjango({ diagnosis, steps, installed, server: database.server, signal });
  const devContainers = once(async () => {
    const found = await Promise.all((await listDevContainers(root)).map((file) => findDevContainer(root, file)));
    return found.filter((one) => one !== undefined);
  });

  const { start: _, ...answers } = django;
  const shared: Omit<CheckContext, 'signal' | 'run'> = {
    ...diagnosis,
    ...answers,
    ...database,
    machine,
    compose: once(async () => {
      const files = await findComposeFiles({ root, backendDirectory: backend?.directory ?? root });
      return readComposeProject({ root, files });
    }),
    devContainer: async () =>
      (await devContainers())[0] ?? Promise.reject(notThere('the checkout has no devcontainer.json')),
    devContainers,
    workflows: once(() => readWorkflows(root)),
    findProgram: async (name) => (await findProgram(name, { get: (variable) => env[variable] })) ?? null,
  };
  /** Once Django has started, env files mean what the settings have read. */
  const programEnv = (): Readonly<Record<string, string>> => {
    const started = setup?.started();
    return started === undefined ? env : settleVariables(env, environment, started.description).programs;
  };
  return {
    contextFor: (own) => ({
      ...shared,
      signal: own,
      run: (program, args, more = {}) =>
        runCommand(
          { program, args, directory: more.directory ?? root, env: { ...programEnv(), ...more.env } },
          { signal: own, ...(more.timeoutSeconds === undefined ? {} : { timeoutSeconds: more.timeoutSeconds }) },
        ),
    }),
    setup,
    close: async () => setup?.close(),
  };
};
