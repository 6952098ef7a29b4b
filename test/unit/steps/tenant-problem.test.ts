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
    /^Set tenants\.super\.domain, which is "localhost" now.*Write devsetup\.config\.jsonc with this, inside \{ \}:\n"tenants": \{ "super": \{ "domain": "public\.localhost" \} \}$/,
  ],
  ['guest', { errors: {}, domain: 'guest.localhost' }, /^Set tenants\.guest\.domain, which is "guest\.localhost" now/],
  ['super', { errors: { plan: ['no'] }, derived: {} }, /tenants\.super\.fields/],
  [
    'super',
    { errors: { name: ['no'] }, derived: { name: 'Public' } },
    /^Write devsetup\.config\.jsonc with this, inside \{ \}:\n"tenants": \{\n {2}"super": \{ "fields": \{ "name": "…" \} \},\n {2}"guest": \{ "fields": \{ "name": "…" \} \}\n\}$/,
  ],
  [
    'guest',
    { errors: { name: ['no'] }, derived: { name: 'Guest' } },
    /:\n"tenants": \{\n {2}"guest": \{ "fields": \{ "name": "…" \} \}\n\}$/,
  ],
] as const)('what the models refuse is named as the configuration has it: %s %j', (which, data, hint) => {
  const place = { commands: {}, configFile: null, pipeline: null, schema: 'public', createsGuest: true };
  const problem = tenantProblem(refused(data), { which, ...place });
  expect(isDevsetupError(problem) ? problem.hint : problem).toMatch(hint);
});
