/**
 * How much one pipeline may become with everything it calls: workflows that call workflows, actions that use actions, scripts that run
 * scripts. Far beyond what people write; behind it nothing more is followed.
 */
export interface Budget {
  jobs: number;
  steps: number;
  /** Of shells. */
  calls: number;
}

export const createBudget = (): Budget => ({ jobs: 500, steps: 2000, calls: 20_000 });
