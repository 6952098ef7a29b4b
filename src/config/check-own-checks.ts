import type { PathMistake } from './config-mistake.ts';

/** What the schema cannot say about own checks: their ids are unique. Works on unvalidated input, as `checkSteps` does. */
export const checkOwnChecks = (value: unknown): readonly PathMistake[] => {
  const checks = (value as { doctor?: { checks?: unknown } | null } | null)?.doctor?.checks;
  const ids = Array.isArray(checks) ? checks.map((check: unknown) => (check as { id?: unknown } | null)?.id) : [];
  return ids.flatMap((id, index): PathMistake[] =>
    typeof id === 'string' && ids.indexOf(id) < index
      ? [{ path: ['doctor', 'checks', index, 'id'], onKey: false, text: `there is another check with the id "${id}"` }]
      : [],
  );
};
