import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { djangoStart } from './django-start.ts';
import { migrationLinter } from './migration-linter.ts';
import { migrationHistory } from './migration-history.ts';
import { modelChanges } from './model-changes.ts';
import { orphanedMigrations } from './orphaned-migrations.ts';
import { schemaDrift } from './schema-drift.ts';
import { systemChecks } from './system-checks.ts';
import { tenantApps } from './tenant-apps.ts';
import { tenantSettings } from './tenant-settings.ts';
import { tenants } from './tenants.ts';

export const DJANGO_CHECKS: readonly Check<CheckContext>[] = [
  djangoStart,
  systemChecks,
  tenantSettings,
  tenantApps,
  modelChanges,
  orphanedMigrations,
  migrationHistory,
  schemaDrift,
  tenants,
  migrationLinter,
];
