import type { RunReport } from './report.ts';
import type { FailedStep } from './status-report.ts';

/** The first step that failed, with its cause; null: none did. */
export const failedStep = ({ steps }: Pick<RunReport, 'steps'>): FailedStep | null => {
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed === undefined) return null;
  const { id, title, message, failure } = failed;
  const [line = '', next = ''] = (failure?.message ?? message).split('\n');
  const cause = line.endsWith(':') ? `${line} ${next.trim()}` : line;
  return { id, title, code: failure?.code ?? null, message: cause.trim(), hint: failure?.hint ?? null };
};
