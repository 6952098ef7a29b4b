import type { RunReport } from '../core/report.ts';
import { STEP_IDS, type StepStatus } from '../core/step.ts';

export interface DemoRuns {
  /** undefined: it left no report. */
  readonly first: RunReport | undefined;
  readonly second: RunReport | undefined;
  /** Whether the first run began with nothing in place. */
  readonly isNew: boolean;
}

/** What is not as the demo promises; [] when the first run changed what there was to change, and the second nothing. */
export const judgeRuns = ({ first, second, isNew }: DemoRuns): readonly string[] => [
  ...judgeRun('first', first, isNew ? 'changed' : undefined),
  ...judgeRun('second', second, 'unchanged'),
];

const judgeRun = (name: string, report: RunReport | undefined, expected: StepStatus | undefined): readonly string[] => {
  if (report === undefined) return [`the ${name} run left no report`];
  if (report.exitCode !== 0) return [`the ${name} run ended with exit code ${report.exitCode}`];
  if (expected === undefined) return [];
  const statuses = new Map(report.steps.map((step) => [step.id, step.status]));
  return STEP_IDS.filter((id) => statuses.get(id) !== expected).map(
    (id) => `in the ${name} run ${id} is ${statuses.get(id) ?? 'missing'}, not ${expected}`,
  );
};
