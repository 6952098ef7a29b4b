import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedStep } from '../pipeline.ts';

const DEPLOYS_TASK = 'aws-actions/amazon-ecs-deploy-task-definition';

const verbOf = ({ words: [program, service, verb] }: ShellCall): string | undefined =>
  program?.value === 'aws' && service?.value === 'ecs' ? verb?.value : undefined;

const runsByAction = ({ action, with: given }: AuditedStep): boolean =>
  action === DEPLOYS_TASK && given.get('run-task')?.value.trim() === 'true';

/** Where steps run a task of ECS to its end, by a command or by the action, whose call is null; null: nowhere. */
export const runOfTask = (
  steps: readonly AuditedStep[],
): { readonly step: AuditedStep; readonly call: ShellCall | null } | null => {
  for (const step of steps) {
    const call = step.calls.find((one) => verbOf(one) === 'run-task');
    if (call !== undefined) return { step, call };
    if (runsByAction(step)) return { step, call: null };
  }
  return null;
};

/** The action gives a task definition to no service: it registers it, for a task that these steps run. */
export const registersForRun = ({ action, with: given }: AuditedStep, steps: readonly AuditedStep[]): boolean =>
  action === DEPLOYS_TASK && (given.get('service')?.value ?? '').trim() === '' && runOfTask(steps) !== null;

/** A task of ECS is run to its end, and no service gets another task definition. */
export const runsTasksOnly = (steps: readonly AuditedStep[]): boolean =>
  runOfTask(steps) !== null &&
  !steps.some(
    (step) =>
      (step.action === DEPLOYS_TASK && !registersForRun(step, steps)) ||
      step.calls.some((call) => /^(?:update-service|create-service|deploy)$/.test(verbOf(call) ?? '')),
  );
