import type { CheckResult } from '../core/check.ts';
import { LAST_RUN_FINDINGS } from '../checks/last-run/judge-last-run.ts';

/**
 * A run that failed is history once all it should have done is in place: then it is no finding. Where a step was not looked at, or
 * anything is an error, it still may say why.
 */
export const settleLastRun = (results: readonly CheckResult[]): readonly CheckResult[] =>
  isInPlace(results) ? results.map((result) => (isOfLastRun(result) ? settled(result) : result)) : results;

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
