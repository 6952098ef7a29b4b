import type { Diagnosis, Machine } from '../checks/context.ts';
import { STEP_FINDINGS } from '../checks/step-findings.ts';
import {
  countResults,
  DOCTOR_SCHEMA_VERSION,
  exitCodeFor,
  reportedCheck,
  type AppliedFix,
  type DoctorReport,
} from '../core/doctor-report.ts';
import type { CheckResult } from '../core/check.ts';
import { ExitCode } from '../core/errors.ts';
import type { PlannedFix } from '../core/planned-fix.ts';
import type { Redactor } from '../core/redact.ts';
import type { SupportFacts } from '../core/support-facts.ts';
import { readLastLog } from './read-last-log.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { selectChecks } from '../core/select-checks.ts';
import { runCommand } from '../process/run-command.ts';
import { changeForm } from '../project/change-form.ts';
import type { Host } from '../setup/host.ts';
import { showPlaces } from '../setup/show-places.ts';
import { stepsFor } from '../steps/index.ts';
import { allFindings, examine, type LookProgress } from './examine.ts';
import { checksFor } from './own-checks.ts';
import { repair } from './repair.ts';
import { runFixSteps, type FixStepsServices } from './run-fix-steps.ts';

export interface DoctorRequest {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly strict: boolean;
  /** `--report`: what somebody who helps asks is gathered, too. */
  readonly support: boolean;
}

export interface DoctorRun {
  readonly report: DoctorReport;
  /** null unless asked for. */
  readonly support: SupportFacts | null;
}

export interface DoctorServices {
  readonly diagnosis: Diagnosis;
  readonly host: Host;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  /** How the user types devsetup. */
  readonly devsetup: string;
  readonly progress?: LookProgress;
  /** Masks what is told before the report is there. */
  readonly redactor: Redactor;
  /** `--fix`; undefined: nothing is mended. */
  readonly fix?: FixServices;
}

export interface FixServices {
  /** Neither a terminal nor `--yes`: nothing may be done. */
  readonly canAsk: boolean;
  /** Opens the checkout afresh: a fix may have changed what it is made of. */
  readonly reopen: () => Promise<Diagnosis>;
  /** Tells what is going to be done, and asks whether it may be. */
  readonly confirm: (fix: PlannedFix) => Promise<boolean>;
  readonly onApplied: (fix: AppliedFix) => void;
  readonly createView: FixStepsServices['createView'];
  readonly verbose: boolean;
}

interface Look {
  readonly diagnosis: Diagnosis;
  readonly results: readonly CheckResult[];
  readonly versions: SupportFacts['versions'];
  readonly warnings: readonly string[];
}

/**
 * Looks at everything and says what is wrong; with `--fix` mends what can be mended and looks again.
 *
 * @throws usage errors of `--only`, `--skip` and the configuration's `doctor.skip`
 */
export const runDoctor = async (request: DoctorRequest, services: DoctorServices): Promise<DoctorRun> => {
  const { host, signal, fix, redactor } = services;
  const startedAt = host.now();
  const began = host.monotonic();
  const redact = (text: string): string => redactor.redact(text);
  let djangoStarts = 0;
  const look = async (diagnosis: Diagnosis): Promise<Look> => {
    for (const secret of diagnosis.environment.secrets()) redactor.add(secret);
    showPlaces(redactor, diagnosis);
    const selected = selectChecks(selectable(diagnosis), { ...request, skipWithReason: diagnosis.config.doctor.skip });
    const examined = await examine({ ...services, diagnosis, selected, versions: request.support });
    djangoStarts += examined.djangoStarts;
    const { results, versions, warnings } = examined;
    return { diagnosis, results, versions, warnings };
  };
  const first = await look(services.diagnosis);
  const { last, fixes } =
    fix?.canAsk !== true
      ? { last: first, fixes: [] }
      : await repair<Look>({
          root: first.diagnosis.root,
          first,
          look: async () => look(await fix.reopen()),
          confirm: (planned) => fix.confirm(redactDeep(planned, redact)),
          changeForm: ({ file, make }) =>
            changeForm(file, make, { root: first.diagnosis.root, runCommand, env: host.env }),
          runSteps: async (steps) => {
            const run = await runFixSteps(steps, { ...services, ...fix, diagnosis: await fix.reopen() });
            djangoStarts += run.djangoStarts;
            return run.fixes;
          },
          onApplied: (applied) => fix.onApplied(redactDeep(applied, redact)),
          signal,
        });
  const { results, diagnosis } = last;
  const counts = countResults(results);
  const known = new Set(allFindings().keys());
  const isUnanswered = fix?.canAsk === false && results.some(isFixable);
  const ended = isUnanswered ? ExitCode.usage : exitCodeFor(counts, request.strict);
  const outcome = signal.aborted ? 'interrupted' : isHealthy(results) ? 'healthy' : 'findings';
  const report = redactDeep<DoctorReport>(
    {
      schemaVersion: DOCTOR_SCHEMA_VERSION,
      command: 'doctor',
      version: host.version,
      project: diagnosis.root,
      outcome,
      exitCode: signal.aborted ? ExitCode.interrupted : ended,
      strict: request.strict,
      startedAt: startedAt.toISOString(),
      milliseconds: Math.round(host.monotonic() - began),
      djangoStarts,
      counts,
      checks: results.map((result) => reportedCheck(result, known)),
      fixes,
      warnings: [
        ...diagnosis.environment.warnings,
        ...last.warnings,
        ...(isUnanswered ? [cannotAsk(services.devsetup)] : []),
      ],
    },
    redact,
  );
  const { uid } = services.machine;
  return {
    report,
    support: request.support ? { versions: last.versions, ...(await readLastLog(diagnosis.state, uid)) } : null,
  };
};

const isFixable = ({ findings }: CheckResult): boolean => findings.some((finding) => finding.fix !== null);

const cannotAsk = (devsetup: string): string =>
  `nothing was fixed: devsetup cannot ask without a terminal; ${devsetup} doctor --fix --yes fixes without a question`;

const isHealthy = (results: readonly CheckResult[]): boolean =>
  results.every(({ status }) => status !== 'findings' && status !== 'could-not-check');

/** What `--only` and `--skip` may name: the checks, and the steps as checks of the group "setup". */
const selectable = ({ config }: Diagnosis): Parameters<typeof selectChecks>[0] => [
  ...checksFor(config),
  ...stepsFor(config.steps).map(({ id }) => ({ id, group: 'setup' as const, findings: STEP_FINDINGS })),
];
