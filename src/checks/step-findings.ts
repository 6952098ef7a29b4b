import type { Severity } from '../core/check.ts';

/**
 * What the steps can find, by code. `<step>-needed`: the step has something to do, and running it mends that. The others are what
 * keeps a step from being looked at or done; a code that is not listed is reported as `step-failed`.
 */
export const STEP_FINDINGS: Readonly<Record<string, Severity>> = {
  'backend-dependencies-needed': 'error',
  'frontend-dependencies-needed': 'warning',
  'database-needed': 'error',
  'shared-migrations-needed': 'error',
  'super-tenant-needed': 'error',
  'tenant-migrations-needed': 'error',
  'guest-tenant-needed': 'warning',
  'superuser-needed': 'warning',
  'own-step-needed': 'warning',
  'step-failed': 'error',
};
