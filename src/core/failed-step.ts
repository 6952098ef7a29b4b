import { groupBy } from './group-by.ts';
import type { RunReport } from './report.ts';
import { INTERRUPTED_CODE } from './run-steps.ts';
import type { StepResult } from './step.ts';
import type { FailedStep } from './status-report.ts';

/** Codes of a Django that does not start: the first step that asks it fails, and has no part in it. */
const START_CODES: ReadonlySet<string> = new Set([
  'ENVIRONMENT_MISSING',
  'DJANGO_MISSING',
  'SETTINGS_FAILED',
  'APPS_FAILED',
  'MANAGE_PY_FAILED',
  'MANAGE_PY_NO_DJANGO',
  'MANAGE_PY_REPLACED',
  'PYTHON_MISSING',
]);

/** What failed, for people. */
export const subjectOf = ({ title, failure }: Pick<StepResult, 'title' | 'failure'>): string =>
  START_CODES.has(failure?.code ?? '') ? 'Start of Django' : title;

/** Steps that failed for the same reason are reported together; what was interrupted has no reason of its own. */
export const groupFailed = (steps: readonly StepResult[]): readonly FailedGroup[] => {
  const failed = steps.filter(({ status }) => status === 'failed');
  const groups = groupBy(failed, ({ id, failure }) =>
    failure === null || failure.code === INTERRUPTED_CODE ? id : JSON.stringify(failure),
  );
  return [...groups.values()].map((same) => ({
    first: same[0],
    steps: same,
    subject: [...new Set(same.map(subjectOf))].join(', '),
  }));
};

interface FailedGroup {
  readonly first: StepResult;
  readonly steps: readonly StepResult[];
  /** What failed, for people. */
  readonly subject: string;
}

/** What was not attempted, by why. `reason` is null where it is the same for all: the one cause has been named. */
export const groupNotAttempted = (
  steps: readonly StepResult[],
): readonly { readonly titles: string; readonly reason: string | null }[] => {
  const waiting = steps.filter(({ status }) => status === 'not-attempted');
  const groups = [...groupBy(waiting, ({ message }) => message)];
  return groups.map(([message, same]) => ({
    titles: same.map(({ title }) => title).join(', '),
    reason: groups.length === 1 ? null : message,
  }));
};

/** The first step that failed, with its cause; null: none did. */
export const failedStep = ({ steps }: Pick<RunReport, 'steps'>): FailedStep | null => {
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed === undefined) return null;
  const { id, message, failure } = failed;
  const [line = '', next = ''] = (failure?.message ?? message).split('\n');
  const cause = line.endsWith(':') ? `${line} ${next.trim()}` : line;
  return {
    id,
    title: subjectOf(failed),
    code: failure?.code ?? null,
    message: cause.trim(),
    hint: failure?.hint ?? null,
  };
};
