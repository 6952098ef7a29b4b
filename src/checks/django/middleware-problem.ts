import type { Problem } from '../../core/check.ts';

type Code = 'tenant-middleware-missing' | 'tenant-middleware-late';

/** Of django-tenants itself: they choose the tenant by the host or the path, so nothing speaks for a later place. */
const OF_LIBRARY = /^django_tenants\.middleware\b/;

/** What reads users and sessions, and so has to know whose. */
const NEEDS_TENANT = [
  'django.contrib.sessions.middleware.SessionMiddleware',
  'django.contrib.auth.middleware.AuthenticationMiddleware',
];

/** Packages whose middleware is known to choose no tenant. Any other may be the project's own way to do so. */
const CHOOSES_NO_TENANT =
  /^(django\.|whitenoise\.|corsheaders\.|debug_toolbar\.|allauth\.|simple_history\.|auditlog\.|django_htmx\.|axes\.|csp\.|waffle\.|hijack\.|django_prometheus\.|django_otp\.|two_factor\.|reversion\.|silk\.|django_browser_reload\.|crum\.|impersonate\.|health_check\.)/;

export const middlewareProblem = (middleware: readonly string[]): Problem<Code> | undefined =>
  missing(middleware) ?? late(middleware);

const missing = (middleware: readonly string[]): Problem<Code> | undefined => {
  // Without any, these settings answer no requests.
  if (middleware.length === 0 || middleware.some((name) => /tenant/i.test(name) || !CHOOSES_NO_TENANT.test(name)))
    return undefined;
  return {
    code: 'tenant-middleware-missing',
    message: 'No middleware chooses the tenant: every request is answered from the public schema.',
    remedy: {
      text: 'Put "django_tenants.middleware.main.TenantMainMiddleware" at the top of MIDDLEWARE.',
      command: null,
    },
  };
};

const late = (middleware: readonly string[]): Problem<Code> | undefined => {
  const place = middleware.findIndex((name) => OF_LIBRARY.test(name));
  const before = middleware.slice(0, Math.max(place, 0)).find((name) => NEEDS_TENANT.includes(name));
  if (before === undefined) return undefined;
  return {
    code: 'tenant-middleware-late',
    message: `${middleware[place]} comes after ${before}: sessions and users may be read from the wrong schema.`,
    remedy: { text: `Move "${middleware[place]}" to the top of MIDDLEWARE.`, command: null },
  };
};
