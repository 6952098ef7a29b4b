import { expect, test } from 'vitest';

import { EMBEDDED_REMEDY } from '../../../src/checks/database/examined-database.ts';
import { stepResultsAsChecks, type StepFacts } from '../../../src/doctor/step-results.ts';
import { exampleStep } from '../ui/support/example-report.ts';

const FACTS: StepFacts = {
  builtIn: new Set(['database']),
  djangoFinding: null,
  tenancyIsIneffective: false,
  otherDatabase: EMBEDDED_REMEDY,
  devsetup: 'npx devsetup',
};
const HINT = 'Start PostgreSQL (in a compose project: `docker compose up -d`).';

const remedyOf = (code: string, facts: Partial<StepFacts> = {}) => {
  const failure = { code, message: 'no answer', hint: HINT, output: [], data: {} };
  const step = { ...exampleStep({ id: 'database', title: 'Database', status: 'failed' }), failure };
  return stepResultsAsChecks([step as never], { ...FACTS, ...facts })[0]?.findings[0]?.remedy;
};

test('a server that the last run did without is not to be started', () => {
  expect(remedyOf('DATABASE_UNREACHABLE')).toEqual(EMBEDDED_REMEDY);
  expect(remedyOf('DATABASE_UNREACHABLE', { otherDatabase: null })?.text).toBe(HINT);
  expect(remedyOf('DATABASE_PASSWORD_REJECTED')?.text).toBe(HINT);
});
