import type { RunReport } from './report.ts';
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
