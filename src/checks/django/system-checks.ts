import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { unsetVariablesHint } from '../../project/unset-variables-hint.ts';
import type { CheckContext } from '../context.ts';
import { partOf } from './examined-part.ts';
import { SYSTEM_CHECK_FINDINGS, systemCheckProblems, type SystemCheckCode } from './system-check-problems.ts';
import { ineffectiveTenancy } from './tenant-setting-problems.ts';

/** What `manage.py check` says, with the database where it can be asked. */
export const systemChecks = defineCheck<CheckContext, SystemCheckCode>({
  id: 'system-checks',
  group: 'django',
  title: "Django's own checks",
  findings: SYSTEM_CHECK_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { description } = await context.django();
    const { systemChecks, ownApps, failures } = await context.examination();
    const problems = await Promise.all(
      systemCheckProblems(systemChecks, ownApps).map((problem) => withVariables(context, problem)),
    );
    return partOf(
      failures,
      'systemChecks',
      () => problemsOr(problems, 'no errors and no warnings'),
      ineffectiveTenancy(description)?.code,
    );
  },
});

/** A check may fail because a variable is not set. */
const withVariables = async (
  context: CheckContext,
  problem: Problem<SystemCheckCode>,
): Promise<Problem<SystemCheckCode>> => {
  const { root, backend } = context;
  if (problem.code !== 'system-check-failed' || backend === null) return problem;
  const { unsetVariables } = (await context.django()).description;
  const hint = await unsetVariablesHint({ root, backend }, unsetVariables, problem.message, context.config.envFiles);
  return hint === null
    ? problem
    : { ...problem, remedy: { ...problem.remedy, text: `${problem.remedy.text} ${hint}` } };
};
