import type { OwnStep } from '../config/config.ts';
import type { Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import { database } from './database.ts';
import { addOwnSteps } from './index.ts';
import { afterShared, awaitedOnce, onceForAll } from './in-shards.ts';
import { sharedMigrations } from './shared-migrations.ts';
import { isSuperTenantMissing, superTenant } from './super-tenant.ts';
import { tenantMigrations } from './tenant-migrations.ts';

const LAST = 'tenant-migrations';

/**
 * The steps of `devsetup migrate`, in their order. Nothing is recalled of earlier runs: a pipeline's machine has seen none. Own steps only
 * where they say so; one that follows a step that is not here comes last.
 */
export const pipelineSteps = (own: readonly OwnStep[]): readonly Step<SetupContext>[] => {
  const steps = [
    database,
    awaitedOnce(sharedMigrations),
    awaitedOnce(superTenant, isSuperTenantMissing),
    afterShared(tenantMigrations),
  ];
  const marked = own.filter(({ pipeline }) => pipeline);
  const known = new Set([...steps, ...marked].map(({ id }) => id));
  const placed = marked.map((step) => (known.has(step.after) ? step : { ...step, after: LAST }));
  const ids = new Set(placed.map(({ id }) => id));
  const all = addOwnSteps(steps, placed);
  const listed = all.findIndex(({ id }) => id === LAST);
  // What comes before the tenants are listed may register some.
  return all.map((step, at) => (!ids.has(step.id) ? step : at < listed ? awaitedOnce(step) : onceForAll(step)));
};
