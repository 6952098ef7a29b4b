import type { CheckContext } from '../checks/context.ts';
import { isOtherThanLastRun } from '../checks/database/examined-database.ts';
import type { CheckResult, Finding } from '../core/check.ts';
import type { OpenCheckContext } from './create-check-context.ts';
import type { ExamineOptions } from './examine.ts';

/**
 * Takes back what `--fix` must not do here: a step runs by itself only in development, since it may change data. Where Django does
 * not start, or the last run worked on another database, nothing proves that it may; what Django needs to start is installed all the
 * same.
 */
export const withoutUnsafeFixes = async (
  results: readonly CheckResult[],
  { diagnosis, signal }: Pick<ExamineOptions, 'diagnosis' | 'signal'>,
  open: OpenCheckContext,
): Promise<readonly CheckResult[]> => {
  const hasStepFix = results.some(({ findings }) => findings.some(({ fix }) => fix?.by === 'step'));
  if (!hasStepFix) return results;
  // A configuration that cannot be read may say that this is no development.
  const isConfigured = !diagnosis.problems.some(({ code }) => code.startsWith('CONFIG_'));
  const isKnown = isConfigured && diagnosis.project !== null;
  const proof = !isKnown
    ? 'no'
    : isOtherThanLastRun(diagnosis)
      ? 'unknown'
      : await proveDevelopment(open.contextFor(signal));
  const isSafe = ({ fix }: Finding): boolean =>
    fix?.by !== 'step' || proof === 'yes' || (proof === 'unknown' && fix.step.endsWith('-dependencies'));
  return results.map((result) => ({
    ...result,
    findings: result.findings.map((finding) => (isSafe(finding) ? finding : { ...finding, fix: null })),
  }));
};

const proveDevelopment = async (context: CheckContext): Promise<'yes' | 'no' | 'unknown'> => {
  try {
    return (await context.development()).yes ? 'yes' : 'no';
  } catch {
    // Django does not start, or does not say where its database is: that is a finding of its own.
    return context.config.development === false ? 'no' : 'unknown';
  }
};
