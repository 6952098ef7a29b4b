import type { Severity } from '../core/check.ts';
import { DATABASE_STEP_FINDINGS } from './database/connection-findings.ts';

/**
 * What the steps can find, by code. `<step>-needed`: the step has something to do, and running it mends that. The others are what
 * keeps a step from being looked at or done; a code that is not listed is reported as `step-failed`.
 */
export const STEP_FINDINGS: Readonly<Record<string, Severity>> = {
  'backend-dependencies-needed': 'error',
  'frontend-dependencies-needed': 'warning',
  ...DATABASE_STEP_FINDINGS,
  'shared-migrations-needed': 'error',
  'migration-conflict': 'error',
  'migrations-not-committed': 'error',
  'migrations-broken': 'error',
  'database-error': 'error',
  'django-missing': 'error',
  crashed: 'error',
  'companion-gone': 'error',
  internal: 'error',
  'super-tenant-needed': 'error',
  'tenant-table-missing': 'error',
  'tenant-fields-missing': 'error',
  'tenant-fields-unknown': 'error',
  'tenant-fields-invalid': 'error',
  'domain-taken': 'error',
  'tenant-migrations-needed': 'error',
  'schema-missing': 'error',
  'guest-tenant-needed': 'warning',
  'superuser-needed': 'warning',
  'superuser-schema-needed': 'error',
  'superuser-incomplete': 'warning',
  'own-step-needed': 'warning',
  'program-missing': 'error',
  'command-unknown': 'error',
  'command-timed-out': 'error',
  'step-failed': 'error',
};

/** What keeps a step from being looked at and a check has found already: the code of the failure → that of the check's finding. */
export const FOUND_BY_CHECKS: Readonly<Record<string, string>> = {
  'tool-missing': 'package-manager-missing',
  'schema-drift': 'schema-drift',
  'migration-history': 'migration-history',
  'system-check-failed': 'system-check-failed',
  'database-remote': 'database-remote',
};
