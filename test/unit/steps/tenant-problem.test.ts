import { expect, test } from 'vitest';

import { isDevsetupError } from '../../../src/core/errors.ts';
import { toDevsetupError } from '../../../src/django/companion-errors.ts';
import { tenantProblem } from '../../../src/steps/tenant-problem.ts';

const refused = (data: Readonly<Record<string, unknown>>) =>
  toDevsetupError(
    { code: 'TENANT_FIELDS_INVALID', type: null, message: 'refused', traceback: '', place: null, data },
    { python: 'python', managePy: 'manage.py' },
  );

test.each([
  [
    'super',
    { errors: {}, domain: 'localhost' },
    /^Set tenants\.super\.domain, which is "localhost" now.*"tenants": \{ "super": \{ "domain": "…" \} \}$/,
  ],
  ['guest', { errors: {}, domain: 'guest.localhost' }, /^Set tenants\.guest\.domain, which is "guest\.localhost" now/],
  ['super', { errors: { plan: ['no'] } }, /tenants\.super\.fields/],
] as const)('what the models refuse is named as the configuration has it: %s %j', (which, data, hint) => {
  const problem = tenantProblem(refused(data), { which, commands: {}, configFile: null, pipeline: null });
  expect(isDevsetupError(problem) ? problem.hint : problem).toMatch(hint);
});
