import { defineCheck, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { orphanProblems, type OrphanCode, ORPHAN_FINDINGS } from './orphan-problems.ts';

/** Every migration that is applied is in the code. The steps pass them by: nothing is pending. */
export const orphanedMigrations = defineCheck<CheckContext, OrphanCode>({
  id: 'orphaned-migrations',
  group: 'django',
  title: 'Applied migrations',
  findings: ORPHAN_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const inspection = await context.inspection();
    const { ownApps, squashes } = await context.examination();
    const { tenancy } = (await context.django()).description;
    return problemsOr(
      orphanProblems(inspection, { ownApps, squashes, hasSchemas: tenancy.mode === 'schemas' }),
      'every applied migration is in the code',
    );
  },
});
