import { existsSync } from 'node:fs';
import path from 'node:path';

import { nameConfiguration } from '../config/name-configuration.ts';
import { DevsetupError, ExitCode, messageOf } from '../core/errors.ts';
import type { Emit, RunEvent, RunView } from '../core/events.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { createRedactor } from '../core/redact.ts';
import { REPORT_SCHEMA_VERSION, type ReportedDatabase, type RunReport } from '../core/report.ts';
import { BUG_CODE, runSteps } from '../core/run-steps.ts';
import { selectSteps, type StepSelection } from '../core/select-steps.ts';
import type { Step, StepResult } from '../core/step.ts';
import { describeRun, type PipelineRun } from '../pipeline/pipeline-run.ts';
import { REFUSED_CODE } from '../pipeline/refuse-database.ts';
import { describeTarget } from '../postgres/target.ts';
import { shown } from '../project/files.ts';
import { describeChoice } from '../project/find-manage-py.ts';
import { SETTINGS_MODULE } from '../project/settings-module-remedy.ts';
import { markRunning, recordLastRun } from '../state/last-run.ts';
import { readProcessStart } from '../state/process-identity.ts';
import { userDirectory } from '../state/state-directory.ts';
import type { SetupContext, SetupOptions } from '../steps/context.ts';
import { embeddedTarget } from '../steps/embedded-database.ts';
import { stepsFor } from '../steps/index.ts';
import { pipelineSteps } from '../steps/pipeline-steps.ts';
import { openRunLog, type RunLog } from '../ui/run-log.ts';
import { advisingOnService } from './advise-on-service.ts';
import { cacheRun } from './cache-run.ts';
import { chooseLog } from './choose-log.ts';
import { djangoPlace, recordOwnVariables } from './command-environment.ts';
import { createContext } from './create-context.ts';
import { describeOrigins } from './describe-origins.ts';
import { createEmitter } from './emit-events.ts';
import type { Host } from './host.ts';
import { logProcesses } from './log-processes.ts';
import type { OpenContext } from './open-context.ts';
import type { Workspace } from './open-workspace.ts';
import { showPlaces } from './show-places.ts';
import { tellOutcome, tellRunning } from './tell-terminals.ts';

export interface SetupRequest {
  readonly options: SetupOptions;
  readonly selection: StepSelection;
  readonly mode: 'apply' | 'dry-run' | 'if-needed';
  /** A run of `devsetup migrate`: its steps only; nothing is remembered of it, since it is no set-up of this checkout. */
  readonly pipeline?: PipelineRun;
}

export interface SetupServices {
  readonly workspace: Workspace;
  readonly host: Host;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Made once it is known that something will be shown. */
  readonly createView: (steps: readonly Step<SetupContext>[]) => Promise<RunView>;
}

/**
 * One run of the steps over a checkout: log, lock, Django and view around the engine.
 * Never throws for what a step does; the report says it. The view has printed the result when this resolves.
 *
 * @throws usage errors of `--only`, `--skip`, `--from`
 */
export const runSetup = async (request: SetupRequest, services: SetupServices): Promise<RunReport> => {
  const { workspace, host, signal } = services;
  const { pipeline } = request;
  const own = workspace.config.steps;
  const steps = (pipeline === undefined ? stepsFor(own) : pipelineSteps(own)).map(advisingOnService);
  const ids = steps.map((step) => step.id);
  const leftOut = selectSteps(ids, request.selection);
  const redactor = createRedactor(workspace.environment.secrets());
  showPlaces(redactor, workspace);
  const redact = (text: string): string => redactor.redact(text);
  const log = await openRunLog({
    ...chooseLog({
      variable: host.env['DEVSETUP_LOG_FILE'],
      configured: workspace.config.logFile,
      root: workspace.root,
      stateDirectory: workspace.state.directory,
    }),
    fallbackDirectory: workspace.state.directory,
    processes: logProcesses(host.pid, path.join(userDirectory(host), 'locks')),
    now: host.now,
    version: host.version,
    command: host.commandLine,
    redact,
  });
  const startedAt = host.now();
  const began = host.monotonic();
  // A look is no run: what is remembered of the last one stays, be it a failure.
  const isLook = request.mode === 'dry-run' || pipeline !== undefined;
  const place = { root: workspace.root, state: workspace.state, host, startedAt };
  if (!isLook) {
    const processStart = readProcessStart(host.pid);
    markRunning(workspace.state, {
      pid: host.pid,
      startedAt: startedAt.toISOString(),
      processStart,
      logFile: log.path,
    });
    await tellRunning(place);
  }

  // A lost lock ends the run as an interruption does, but it is a failure with a cause.
  const lost = new AbortController();
  const open = createContext({
    workspace,
    host,
    options: request.options,
    signal: AbortSignal.any([signal, lost.signal]),
    abort: (reason) => lost.abort(reason),
    redactor,
    ...(pipeline !== undefined && { pipeline, caches: false, variables: settingsVariables(pipeline, workspace) }),
  });
  // Those of a pipeline are read on another machine.
  const django = pipeline === undefined ? djangoPlace(workspace) : undefined;
  const hintText = (hint: string): string => host.typed?.(hint, { root: workspace.root, django }) ?? hint;
  const pass = (mode: 'apply' | 'look', view: RunView | undefined): Promise<readonly StepResult[]> =>
    runSteps({
      steps,
      context: open.context,
      emit: createEmitter(log, view, redactor),
      now: host.monotonic,
      signal: open.context.signal,
      mode,
      leftOut,
      hintText: (hint) => hintText(nameConfiguration(hint, workspace.config.file)),
    });

  try {
    const quiet = request.mode === 'if-needed' ? await pass('look', undefined) : undefined;
    const settled = quiet !== undefined && isSettled(quiet);
    const view = await services.createView(steps);
    announce(workspace, log, createEmitter(log, view, redactor), pipeline);
    if (isFreshClone(workspace, leftOut))
      createEmitter(log, view, redactor)({ type: 'notice', level: 'info', text: FRESH_CLONE });
    const results = settled ? quiet : await pass(request.mode === 'dry-run' ? 'look' : 'apply', view);
    const report = redactDeep(
      reportOf(results, { request, workspace, host, signal, lost: lost.signal, startedAt, began, log, open }),
      redact,
    );
    const explain = createEmitter(log, view, redactor);
    const miss = open.cacheMiss();
    if (miss !== undefined) explain(verbose(`Django was started: ${miss}.`));
    if (isGood(report) && !isLook && isWhole(request.selection))
      for (const why of await cacheQuietly(steps, open)) explain(verbose(`This run is not cached: ${why}.`));
    const started = open.started();
    await open.close();
    log.close(report.outcome);
    if (!isLook) {
      if (started !== undefined) recordOwnVariables(workspace.state, started.description.ownVariables);
      recordLastRun(workspace.state, report, host.pid);
      await tellOutcome(place, report);
    }
    await view.finish(report);
    return report;
  } finally {
    await open.close();
  }
};

const isGood = (report: RunReport): boolean => report.outcome === 'done' || report.outcome === 'unchanged';

const isWhole = ({ only, skip, from }: StepSelection): boolean => only.length + skip.length === 0 && from === undefined;

/** That the next run can be quick is worth no failure of this one. */
const cacheQuietly = async (steps: readonly Step<SetupContext>[], open: OpenContext): Promise<readonly string[]> => {
  try {
    return await cacheRun(steps, open);
  } catch (error) {
    return [messageOf(error)];
  }
};

const verbose = (text: string): RunEvent => ({ type: 'notice', level: 'verbose', text });

/** Nothing to do, or nothing that could be done: what failed at the look would only fail once more. */
const isSettled = (results: readonly StepResult[]): boolean =>
  results.every((result) => result.status !== 'would-change');

const FRESH_CLONE =
  'The packages of package.json, devsetup among them, are not installed yet: this run installs them first. From then on, type `npx devsetup`.';

/** npx has fetched this devsetup: the checkout lists it and has no packages yet. */
const isFreshClone = ({ root, project }: Workspace, leftOut: (id: string) => string | undefined): boolean =>
  leftOut('frontend-dependencies') === undefined &&
  project.frontends.some(({ directory, bringsDevsetup }) => directory === root && bringsDevsetup) &&
  !existsSync(path.join(root, 'node_modules'));

const announce = (workspace: Workspace, log: RunLog, emit: Emit, pipeline: PipelineRun | undefined): void => {
  const choice = describeChoice(workspace.root, workspace.project.backend);
  if (choice !== null) emit({ type: 'notice', level: 'info', text: choice });
  if (pipeline !== undefined) emit({ type: 'notice', level: 'info', text: describeRun(pipeline) });
  if (log.notice !== null) emit({ type: 'notice', level: 'warning', text: log.notice });
  for (const text of workspace.environment.warnings) emit({ type: 'notice', level: 'warning', text });
  for (const text of describeOrigins(workspace)) emit({ type: 'notice', level: 'verbose', text });
};

interface Facts {
  readonly request: SetupRequest;
  readonly workspace: Workspace;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly lost: AbortSignal;
  readonly startedAt: Date;
  readonly began: number;
  readonly log: RunLog;
  readonly open: OpenContext;
}

const reportOf = (steps: readonly StepResult[], facts: Facts): RunReport => {
  const { workspace, host, log } = facts;
  const { pipeline } = facts.request;
  const outcome = outcomeOf(steps, facts);
  const lost: unknown = facts.lost.reason;
  const warnings = [
    ...(log.notice === null ? [] : [log.notice]),
    ...(log.warning() === null ? [] : [log.warning() ?? '']),
    ...workspace.environment.warnings,
    ...workspace.state.warnings(),
    // Told by the step that was running; where none was, here.
    ...(lost instanceof DevsetupError && !steps.some((step) => step.failure?.code === lost.code) ? [lost.message] : []),
  ];
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    command: pipeline !== undefined ? 'migrate' : facts.request.mode === 'apply' ? 'run' : facts.request.mode,
    version: host.version,
    project: workspace.root,
    outcome,
    exitCode: exitCodeOf(steps, outcome),
    startedAt: facts.startedAt.toISOString(),
    milliseconds: Math.round(host.monotonic() - facts.began),
    djangoStarts: facts.open.djangoStarts(),
    logFile: log.path,
    database: databaseOf(facts),
    backend: {
      managePy: shown(workspace.root, workspace.project.backend.managePy),
      choice: describeChoice(workspace.root, workspace.project.backend),
    },
    steps,
    warnings,
    ...(pipeline !== undefined && { environment: pipeline.settings.environment, shard: pipeline.shard }),
  };
};

const databaseOf = ({ open, workspace }: Facts): ReportedDatabase => {
  const place = open.place();
  return {
    alias: place?.alias ?? null,
    address: place === null ? null : describeTarget(place.target),
    // SQLite is used instead of it.
    embedded: embeddedTarget(workspace) !== null && open.started()?.description.database.vendor !== 'sqlite',
  };
};

const outcomeOf = (steps: readonly StepResult[], { signal }: Facts): RunReport['outcome'] => {
  const has = (...statuses: readonly string[]): boolean => steps.some((step) => statuses.includes(step.status));
  if (has('failed', 'not-attempted')) return signal.aborted ? 'interrupted' : 'failed';
  if (has('would-change')) return 'would-change';
  return has('changed') ? 'done' : 'unchanged';
};

const exitCodeOf = (steps: readonly StepResult[], outcome: RunReport['outcome']): number => {
  if (steps.some((step) => step.failure?.code === BUG_CODE)) return ExitCode.bug;
  if (outcome === 'interrupted') return ExitCode.interrupted;
  if (steps.some((step) => step.failure?.code === REFUSED_CODE)) return ExitCode.usage;
  return outcome === 'failed' ? ExitCode.failed : ExitCode.done;
};

/** The settings of the environment, unless the process says which. */
const settingsVariables = (
  { settings }: PipelineRun,
  { environment }: Pick<Workspace, 'environment'>,
): Readonly<Record<string, string>> =>
  settings.settingsModule === null || environment.origin(SETTINGS_MODULE) === 'process'
    ? {}
    : { [SETTINGS_MODULE]: settings.settingsModule };
