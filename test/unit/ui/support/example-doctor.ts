import {
  countResults,
  type DoctorReport,
  type ReportedCheck,
  type ReportedFinding,
} from '../../../../src/core/doctor-report.ts';
import type { CheckResult } from '../../../../src/core/check.ts';

export const exampleFinding = (changes: Partial<ReportedFinding> & { readonly code: string }): ReportedFinding => ({
  severity: 'error',
  message: `${changes.code} is wrong.`,
  evidence: [],
  remedy: { text: `Mend ${changes.code}.`, command: null },
  place: null,
  docs: `docs/findings/${changes.code}.md`,
  fix: null,
  ...changes,
});

export const exampleCheck = (changes: Partial<ReportedCheck> & { readonly id: string }): ReportedCheck => ({
  group: 'toolchain',
  title: changes.id,
  status: (changes.findings ?? []).length > 0 ? 'findings' : 'passed',
  message: 'as it should be',
  findings: [],
  blockedBy: null,
  network: false,
  milliseconds: 12,
  ...changes,
});

export const exampleDoctor = (checks: readonly ReportedCheck[], changes: Partial<DoctorReport> = {}): DoctorReport => {
  const isHealthy = checks.every(({ status }) => status !== 'findings' && status !== 'could-not-check');
  return {
    schemaVersion: 1,
    command: 'doctor',
    version: '1.2.3',
    project: '/project',
    outcome: isHealthy ? 'healthy' : 'findings',
    exitCode: isHealthy ? 0 : 1,
    strict: false,
    startedAt: '2026-01-02T03:04:05.000Z',
    milliseconds: 2_345,
    djangoStarts: 1,
    counts: countResults(checks as unknown as readonly CheckResult[]),
    checks,
    fixes: [],
    warnings: [],
    ...changes,
  };
};
