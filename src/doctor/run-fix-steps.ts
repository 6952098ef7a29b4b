import type { AppliedFix } from '../core/doctor-report.ts';
import { isDevsetupError } from '../core/errors.ts';
import type { RunEvent, RunView } from '../core/events.ts';
import type { RunReport } from '../core/report.ts';
import type { StepStatus } from '../core/step.ts';
import type { Host } from '../setup/host.ts';
import { runSetup, type SetupServices } from '../setup/run-setup.ts';
import { NO_OPTIONS } from '../steps/context.ts';
import type { Diagnosis } from '../checks/context.ts';
import type { PlannedStep } from './repair.ts';

export interface FixStepsServices {
  readonly diagnosis: Diagnosis;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly verbose: boolean;
  /** The view of the run; it prints no result of its own. */
  readonly createView: () => SetupServices['createView'];
}

export interface FixSteps {
  readonly fixes: readonly AppliedFix[];
  readonly djangoStarts: number;
}

/** Runs these steps as `devsetup --only` does: with its lock, its log and its memory. Never throws for what a step does. */
export const runFixSteps = async (steps: readonly PlannedStep[], services: FixStepsServices): Promise<FixSteps> => {
  const { diagnosis, host, signal, verbose } = services;
  const { project } = diagnosis;
  const allFailed = (message: string): FixSteps => ({
    fixes: steps.map(({ codes, action }) => ({ codes, action, outcome: 'failed', message })),
    djangoStarts: 0,
  });
  if (project === null) return allFailed('there is no Django project');
  try {
    const report = await runSetup(
      {
        mode: 'apply',
        selection: { only: steps.map(({ step }) => step), skip: [], from: undefined },
        options: { ...NO_OPTIONS, verbose },
      },
      { workspace: { ...diagnosis, project }, host, signal, createView: onlyThese(steps, services.createView()) },
    );
    return { fixes: steps.map((fix) => asApplied(fix, report)), djangoStarts: report.djangoStarts };
  } catch (error) {
    if (!isDevsetupError(error)) throw error;
    return allFailed(error.message);
  }
};

/** That all other steps are left out is what was asked for, and not worth a line each. */
const onlyThese =
  (wanted: readonly PlannedStep[], createView: SetupServices['createView']): SetupServices['createView'] =>
  async (steps) => {
    const ids = new Set(wanted.map(({ step }) => step));
    const view: RunView = await createView(steps.filter(({ id }) => ids.has(id)));
    const idOf = (event: RunEvent): string | null =>
      event.type === 'notice' ? null : event.type === 'step-finished' ? event.result.id : event.id;
    return {
      event: (event) => {
        const id = idOf(event);
        if (id === null || ids.has(id)) view.event(event);
      },
      finish: (report) => view.finish({ ...report, steps: report.steps.filter(({ id }) => ids.has(id)) }),
    };
  };

const GOOD: ReadonlySet<StepStatus> = new Set(['changed', 'unchanged']);

const asApplied = ({ codes, action, step }: PlannedStep, report: RunReport): AppliedFix => {
  const result = report.steps.find(({ id }) => id === step);
  const isDone = result !== undefined && GOOD.has(result.status);
  const message = result === undefined ? 'there is no such step' : (result.failure?.message ?? result.message);
  return { codes, action, outcome: isDone ? 'done' : 'failed', message: isDone ? null : message };
};
