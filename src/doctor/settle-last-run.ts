import type { CheckResult } from '../core/check.ts';
import { findingCode } from '../core/finding-code.ts';
import { LAST_RUN_FINDINGS } from '../checks/last-run/judge-last-run.ts';

/**
 * A run that failed is history once all it should have done is in place: then it is no finding. Where it failed for an error that is
 * found here as well, that is reported once. Where a step was not looked at, or anything else is an error, it still may say why.
 *
 * @param failure the code of what the last run failed with; null: it did not fail at a step
 */
export const settleLastRun = (results: readonly CheckResult[], failure: string | null): readonly CheckResult[] => {
  const cause = failure === null ? undefined : findingCode(failure);
  const isFound = results.some(({ findings }) =>
    findings.some(({ code, severity }) => code === cause && severity === 'error'),
  );
  if (cause !== undefined && isFound)
    return results.map((result) => (isFailure(result) ? waitingFor(cause, result) : result));
  return isInPlace(results) ? results.map((result) => (isOfLastRun(result) ? settled(result) : result)) : results;
};

const isFailure = ({ findings }: CheckResult): boolean => findings.some(({ code }) => code === 'last-run-failed');

const waitingFor = (blockedBy: string, result: CheckResult): CheckResult => ({
  ...result,
  status: 'could-not-check',
  findings: [],
  blockedBy,
});

const isOfLastRun = ({ findings }: CheckResult): boolean =>
  findings.length > 0 && findings.every(({ code, severity }) => code in LAST_RUN_FINDINGS && severity !== 'info');

/** By the look at the steps: nothing is missing, at least one was found done, and what fails before the steps does not. */
const isInPlace = (results: readonly CheckResult[]): boolean => {
  const steps = results.filter(({ group, id }) => group === 'setup' || id === 'checkout');
  return (
    steps.some(({ group, status }) => group === 'setup' && status === 'passed') &&
    steps.every(({ status }) => status === 'passed' || status === 'not-applicable') &&
    !results.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
  );
};

const settled = (result: CheckResult): CheckResult => ({
  ...result,
  status: 'passed',
  message: `all is in place by now: ${result.message}`,
  findings: [],
});
