import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { DRIFT_FINDINGS, driftProblems, type DriftCode } from './drift-problems.ts';
import { partOf } from './examined-part.ts';

/** Tables have the columns that the migrations recorded as applied should have created. */
export const schemaDrift = defineCheck<CheckContext, DriftCode>({
  id: 'schema-drift',
  group: 'django',
  title: 'Tables and migrations',
  findings: DRIFT_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    // Stops with what is wrong with the database.
    const { shared } = await context.inspection();
    const { drift, failures } = await context.examination();
    return partOf(failures, 'drift', () =>
      drift === null
        ? notApplicable('there are no applied migrations to compare with')
        : problemsOr(driftProblems(drift, shared.schema), 'tables are as the applied migrations made them'),
    );
  },
});
