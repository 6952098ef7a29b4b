import { expect, test } from 'vitest';

import { middlewareProblem } from '../../../../src/checks/django/middleware-problem.ts';

const MAIN = 'django_tenants.middleware.main.TenantMainMiddleware';
const SECURITY = 'django.middleware.security.SecurityMiddleware';
const SESSION = 'django.contrib.sessions.middleware.SessionMiddleware';
const AUTH = 'django.contrib.auth.middleware.AuthenticationMiddleware';

test.each([
  ['at the top', [MAIN, SECURITY, SESSION, AUTH]],
  ['after what asks no database', [SECURITY, 'corsheaders.middleware.CorsMiddleware', MAIN, SESSION, AUTH]],
  ['for sub-folders', ['django_tenants.middleware.TenantSubfolderMiddleware', SESSION]],
  ["of the project's own, by the user", [SESSION, AUTH, 'core.middleware.TenantByUserMiddleware']],
  ["of the project's own, of any name", [SECURITY, SESSION, 'organisations.middleware.HostMiddleware']],
  ['none, and nothing known of the package', [SECURITY, 'some_package.middleware.Unknown']],
  ['none, for a worker', []],
])('%s: nothing to say', (_, middleware) => {
  expect(middlewareProblem(middleware)).toBeUndefined();
});

test('only packages that choose no tenant', () => {
  const middleware = [SECURITY, 'whitenoise.middleware.WhiteNoiseMiddleware', SESSION, AUTH];
  expect(middlewareProblem(middleware)?.code).toBe('tenant-middleware-missing');
});

test.each([[SESSION], [AUTH]])('after %s', (before) => {
  expect(middlewareProblem([SECURITY, before, MAIN])?.code).toBe('tenant-middleware-late');
});
