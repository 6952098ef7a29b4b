import type { Effort } from '../../shell/shell-run.ts';

/**
 * How much one pipeline may become with everything it calls: workflows that call workflows, actions that use actions, scripts that run
 * scripts. Far beyond what people write; what is beyond it is not followed, which the audit says.
 */
export interface Budget {
  jobs: number;
  steps: number;
  /** Of shells. */
  calls: number;
  /** Of all pipelines together. */
  readonly effort: Effort;
}

/** Pays for a step, which gets a copy of what is known there. @returns false: it is not followed */
export const canFollowStep = ({ effort }: Budget, environment: ReadonlyMap<string, unknown>): boolean => {
  effort.left -= 1 + Math.floor(environment.size / VARIABLES);
  return effort.left >= 0;
};

/** Variables that are copied for a step of a shell. */
const VARIABLES = 10;

export const createBudget = (effort: Effort): Budget => ({ jobs: 1000, steps: 2000, calls: 20_000, effort });

/** Steps of shells in one audit: seconds. */
export const EFFORT_OF_AN_AUDIT = 400_000;
