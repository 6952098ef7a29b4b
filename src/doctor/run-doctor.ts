import { CHECKS } from '../checks/index.ts';
import type { Machine } from '../checks/context.ts';
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
import { createRedactor } from '../core/redact.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { selectChecks } from '../core/select-checks.ts';
import type { Host } from '../setup/host.ts';
import { stepsFor } from '../steps/index.ts';
import { allFindings, examine } from './examine.ts';
import type { Diagnosis } from './open-diagnosis.ts';

export interface DoctorRequest {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly strict: boolean;
}

export interface DoctorServices {
  readonly diagnosis: Diagnosis;
  readonly host: Host;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  /** How the user types devsetup. */
  readonly devsetup: string;
  /** Called as results come in, masked. */
  readonly onResult?: (result: CheckResult) => void;
}

/**
 * Looks at everything once and says what is wrong.
 *
 * @throws usage errors of `--only`, `--skip` and the configuration's `doctor.skip`
 */
export const runDoctor = async (request: DoctorRequest, services: DoctorServices): Promise<DoctorReport> => {
  const { diagnosis, host, machine, signal, devsetup } = services;
  const startedAt = host.now();
  const began = host.monotonic();
  const selected = selectChecks(selectable(diagnosis), { ...request, skipWithReason: {} });
  const redactor = createRedactor(diagnosis.environment.secrets());
  const redact = (text: string): string => redactor.redact(text);
  const { results, djangoStarts } = await examine({
    diagnosis,
    host,
    machine,
    signal,
    redactor,
    selected,
    devsetup,
    onResult: (result) => services.onResult?.(result),
  });
  const fixes: readonly AppliedFix[] = [];
  const counts = countResults(results);
  const exitCode = signal.aborted ? ExitCode.interrupted : exitCodeFor(counts, request.strict);
  const known = new Set(allFindings().keys());
  return redactDeep<DoctorReport>(
    {
      schemaVersion: DOCTOR_SCHEMA_VERSION,
      command: 'doctor',
      version: host.version,
      project: diagnosis.root,
      outcome: signal.aborted ? 'interrupted' : isHealthy(results) ? 'healthy' : 'findings',
      exitCode,
      strict: request.strict,
      startedAt: startedAt.toISOString(),
      milliseconds: Math.round(host.monotonic() - began),
      djangoStarts,
      counts,
      checks: results.map((result) => reportedCheck(result, known)),
      fixes,
      warnings: diagnosis.environment.warnings,
    },
    redact,
  );
};

const isHealthy = (results: readonly CheckResult[]): boolean =>
  results.every(({ status }) => status !== 'findings' && status !== 'could-not-check');

/** What `--only` and `--skip` may name: the checks, and the steps as checks of the group "setup". */
const selectable = ({ config }: Diagnosis): Parameters<typeof selectChecks>[0] => [
  ...CHECKS,
  ...stepsFor(config.steps).map(({ id }) => ({ id, group: 'setup' as const, findings: STEP_FINDINGS })),
];
