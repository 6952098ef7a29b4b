import type { RunReport } from './report.ts';
import type { FailedStep } from './status-report.ts';

/** The first step that failed, with its cause; null: none did. */
export const failedStep = ({ steps }: Pick<RunReport, 'steps'>): FailedStep | null => {
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed === undefined) return null;
  const { id, title, message, failure } = failed;
  const [line = ''] = (failure?.message ?? message).split('\n');
  return { id, title, code: failure?.code ?? null, message: line, hint: failure?.hint ?? null };
};
