import { defineCheck, problemsOr } from '../../core/check.ts';
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
    return partOf(
      failures,
      'systemChecks',
      () => problemsOr(systemCheckProblems(systemChecks, ownApps), 'no errors and no warnings'),
      ineffectiveTenancy(description)?.code,
    );
  },
});
