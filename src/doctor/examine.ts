import { EMBEDDED_REMEDY, isOtherThanLastRun } from '../checks/database/examined-database.ts';
import { CHECKS } from '../checks/index.ts';
import { nameConfiguration } from '../config/name-configuration.ts';
import { CHECK_GROUPS, type Check, type CheckResult } from '../core/check.ts';
import type { CheckContext, Diagnosis, Machine } from '../checks/context.ts';
import { ineffectiveTenancy } from '../checks/django/tenant-setting-problems.ts';
import { STEP_FINDINGS } from '../checks/step-findings.ts';
import { failedStep } from '../core/failed-step.ts';
import { findingCode } from '../core/finding-code.ts';
import { redactDeep } from '../core/redact-deep.ts';
import type { Redactor } from '../core/redact.ts';
import { runChecks } from '../core/run-checks.ts';
import { runSteps } from '../core/run-steps.ts';
import type { SupportFacts } from '../core/support-facts.ts';
import type { SelectedChecks } from '../core/select-checks.ts';
import { STEP_IDS, type Step } from '../core/step.ts';
import { advisingOnService } from '../setup/advise-on-service.ts';
import { djangoPlace } from '../setup/command-environment.ts';
import type { Host } from '../setup/host.ts';
import { readRunState } from '../state/run-state.ts';
import { unsupportedDjango } from '../setup/start-problem.ts';
import type { SetupContext } from '../steps/context.ts';
import { stepsFor } from '../steps/index.ts';
import { createCheckContext, type OpenCheckContext } from './create-check-context.ts';
import { gatherVersions } from './gather-versions.ts';
import { checksFor } from './own-checks.ts';
import { withoutUnsafeFixes } from './safe-fixes.ts';
import { settleLastRun } from './settle-last-run.ts';
import { stepResultsAsChecks } from './step-results.ts';

export interface ExamineOptions {
  readonly diagnosis: Diagnosis;
  readonly host: Host;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly selected: SelectedChecks;
  /** How the user types devsetup. */
  readonly devsetup: string;
  readonly progress?: LookProgress;
  /** Whether to gather versions, for somebody who helps. */
  readonly versions?: boolean;
}

/** Told while it looks: ids only, nothing that could hold a secret. */
export interface LookProgress {
  begin(ids: readonly string[]): void;
  end(id: string): void;
}

export interface Examined {
  /** In registry order, steps and own checks at their places. */
  readonly results: readonly CheckResult[];
  readonly djangoStarts: number;
  /** What a run warns of, too. */
  readonly warnings: readonly string[];
  /** [] unless asked for. */
  readonly versions: SupportFacts['versions'];
}

/** One look at everything: the checks and the steps side by side, on one start of Django. Changes nothing. */
export const examine = async (options: ExamineOptions): Promise<Examined> => {
  const open = createCheckContext(options);
  const { signal, host, selected, progress } = options;
  progress?.begin(idsOf(options));
  try {
    const [checks, steps] = await Promise.all([
      runChecks({
        checks: checksFor(options.diagnosis.config),
        contextFor: open.contextFor,
        signal,
        now: host.monotonic,
        leftOut: selected.leftOut,
        onResult: ({ id }) => progress?.end(id),
      }),
      lookAtSteps(options, open),
    ]);
    const results = settleLastRun(
      inOrder([...checks, ...steps].map((result) => asTyped(silence(result, selected), options))),
      lastFailure(options.diagnosis),
    );
    return {
      results: await withoutUnsafeFixes(results, options, open),
      versions: options.versions === true ? await gatherVersions(open, options.machine, signal) : [],
      djangoStarts: open.setup?.djangoStarts() ?? 0,
      warnings: [unsupportedDjango(open.setup?.started()?.description.django ?? '5')].filter((text) => text !== null),
    };
  } finally {
    await open.close();
  }
};

const lastFailure = ({ state }: Diagnosis): string | null => {
  const last = readRunState(state);
  return last.kind === 'ended' ? (failedStep(last.report)?.code ?? null) : null;
};

const idsOf = ({ diagnosis, selected }: ExamineOptions): readonly string[] =>
  [
    ...checksFor(diagnosis.config),
    ...stepsFor(diagnosis.config.steps).map(({ id }) => ({ id, group: 'setup' as const })),
  ]
    .filter((one) => selected.leftOut(one) === undefined)
    .map(({ id }) => id);

/** A step that is left out is not looked at; those that depend on it still are. */
const lookAtSteps = async (options: ExamineOptions, open: OpenCheckContext): Promise<readonly CheckResult[]> => {
  const { diagnosis, signal, host, selected } = options;
  const steps = stepsFor(diagnosis.config.steps).map(advisingOnService);
  const context = open.contextFor(signal);
  const wanted = steps.filter((step) => selected.leftOut({ id: step.id, group: 'setup' }) === undefined);
  const leftOut = steps.filter((step) => !wanted.includes(step)).map((step) => leftOutStep(step, selected));
  if (open.setup === null) return [...leftOut, ...wanted.map((step) => withoutProject(step, diagnosis))];
  const results = await runSteps({
    steps: wanted,
    context: open.setup.context,
    emit: (event) => event.type === 'step-finished' && options.progress?.end(event.result.id),
    now: host.monotonic,
    signal,
    mode: 'look',
    leftOut: () => undefined,
    // With those of the checks.
    hintText: (hint) => hint,
  });
  const asksDjango = wanted.some((step) => !step.id.endsWith('-dependencies'));
  const failure = asksDjango ? await context.djangoFailure() : null;
  const description = asksDjango && failure === null ? (await context.django()).description : null;
  return [
    ...leftOut,
    ...stepResultsAsChecks(results, {
      builtIn: new Set(STEP_IDS),
      djangoFinding: failure === null ? null : findingCode(failure.code),
      tenancyIsIneffective: description !== null && ineffectiveTenancy(description) !== undefined,
      otherDatabase: isOtherThanLastRun(diagnosis) ? EMBEDDED_REMEDY : null,
      devsetup: options.devsetup,
    }),
  ];
};

const leftOutStep = ({ id, title }: Step<SetupContext>, selected: SelectedChecks): CheckResult => ({
  ...emptyResult(id, title),
  status: 'skipped',
  message: selected.leftOut({ id, group: 'setup' }) ?? '',
});

const withoutProject = ({ id, title }: Step<SetupContext>, { problems }: Diagnosis): CheckResult => ({
  ...emptyResult(id, title),
  status: 'could-not-check',
  message: 'there is no Django project to look at',
  blockedBy: findingCode(problems.find(({ code }) => !code.startsWith('CONFIG_'))?.code ?? '') || null,
});

const emptyResult = (id: string, title: string): Omit<CheckResult, 'status' | 'message'> => ({
  id,
  group: 'setup',
  title,
  findings: [],
  blockedBy: null,
  network: false,
  milliseconds: 0,
});

/** Names the configuration file, and what to type where the user is. What the project's own checks say stays as it is. */
const asTyped = (result: CheckResult, { diagnosis, host }: Pick<ExamineOptions, 'diagnosis' | 'host'>): CheckResult => {
  if (result.group === 'project') return result;
  const { root, config, environment, project, state } = diagnosis;
  const django = project === null ? undefined : djangoPlace({ environment, project, state });
  const typed = (text: string): string => host.typed?.(text, { root, django }) ?? text;
  const findings = result.findings.map((finding) => {
    const { remedy } = finding;
    const named = { ...remedy, text: nameConfiguration(remedy.text, config.file) };
    return { ...finding, remedy: redactDeep(named, typed) };
  });
  return { ...result, findings };
};

/** Findings that configuration or `--skip` names are not reported. */
const silence = (result: CheckResult, selected: SelectedChecks): CheckResult => {
  if (result.status !== 'findings') return result;
  const findings = result.findings.filter((finding) => selected.silenced(finding.code) === undefined);
  const [first] = findings;
  if (first !== undefined) return { ...result, findings, message: first.message };
  const reasons = new Set(result.findings.map((finding) => selected.silenced(finding.code)));
  return { ...result, findings: [], status: 'skipped', message: [...reasons].join('; ') };
};

/** Groups in their order; within a group as they come. */
const inOrder = (results: readonly CheckResult[]): readonly CheckResult[] =>
  CHECK_GROUPS.flatMap((group) => results.filter((result) => result.group === group));

/** Every finding devsetup can report, with its severity. */
export const allFindings = (): ReadonlyMap<string, Check<CheckContext>['findings'][string]> =>
  new Map([...CHECKS.flatMap((check) => Object.entries(check.findings)), ...Object.entries(STEP_FINDINGS)]);
