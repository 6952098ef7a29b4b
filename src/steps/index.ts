import type { OwnStep } from '../config/config.ts';
import type { Step } from '../core/step.ts';
import { backendDependencies } from './backend-dependencies.ts';
import type { SetupContext } from './context.ts';
import { database } from './database.ts';
import { frontendDependencies } from './frontend-dependencies.ts';
import { guestTenant } from './guest-tenant.ts';
import { projectStep } from './project-step.ts';
import { cacheable } from './cacheable.ts';
import { sharedMigrations } from './shared-migrations.ts';
import { superTenant } from './super-tenant.ts';
import { superuser } from './superuser.ts';
import { tenantMigrations } from './tenant-migrations.ts';

/** The steps devsetup ships, in their order. */
export const BUILT_IN_STEPS: readonly Step<SetupContext>[] = [
  backendDependencies,
  frontendDependencies,
  ...[database, sharedMigrations, superTenant, tenantMigrations, guestTenant, superuser].map(cacheable),
];

/**
 * All steps of a project: its own stand behind the step they come after, and what followed that step now follows them. Several
 * that come after the same step run one after the other, as they are listed.
 */
export const stepsFor = (own: readonly OwnStep[]): readonly Step<SetupContext>[] => addOwnSteps(BUILT_IN_STEPS, own);

/** The same for some of the steps: every own one must follow one of them, or one listed before it. */
export const addOwnSteps = (
  builtIn: readonly Step<SetupContext>[],
  own: readonly OwnStep[],
): readonly Step<SetupContext>[] => {
  const steps = [...builtIn];
  const afterOf = new Map(own.map(({ id, after }) => [id, after]));
  const comesAfter = (id: string | undefined, anchor: string): boolean => {
    const after = id === undefined ? undefined : afterOf.get(id);
    return after === anchor || (after !== undefined && comesAfter(after, anchor));
  };
  for (const config of own) {
    let at = steps.findIndex((other) => other.id === config.after);
    while (comesAfter(steps[at + 1]?.id, config.after)) at += 1;
    const listedBefore = steps[at]?.id ?? config.after;
    const step = ownStep(config);
    const dependsOn = listedBefore === config.after ? step.dependsOn : [...step.dependsOn, listedBefore];
    const behind = steps
      .slice(at + 1)
      .map((other) =>
        other.dependsOn.includes(config.after) ? { ...other, dependsOn: [...other.dependsOn, config.id] } : other,
      );
    steps.splice(at + 1, steps.length, { ...step, dependsOn }, ...behind);
  }
  return steps;
};

/** What an own `inspect` finds depends on who knows what: it is asked every time. */
const ownStep = (config: OwnStep): Step<SetupContext> =>
  config.inspect === null ? cacheable(projectStep(config)) : projectStep(config);
