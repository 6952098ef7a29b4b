import type { DevContainerOutcome } from '../core/up-report.ts';

/** The one line of JSON that the dev container program ends with; null: it did not get that far. */
export const readOutcome = (stdout: string): DevContainerOutcome | null => {
  const line = stdout.split('\n').findLast(isOutcome);
  try {
    return line === undefined ? null : (JSON.parse(line) as DevContainerOutcome);
  } catch {
    // Cut off: it was killed while it wrote.
    return null;
  }
};

export const isOutcome = (line: string): boolean => line.startsWith('{"outcome":');

const TIME = /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] ?/;
/** Of its own stack, which says nothing to its user; that of a hook's program may. */
const STACK = /^\s+at .*(?:devContainersSpecCLI|Promise\.\w+ \(index|node:internal)/;

/** A line of its log as a user should see it; null: not at all. */
export const shownLine = (line: string): string | null => {
  if (isOutcome(line) || STACK.test(line)) return null;
  const text = line.replace(TIME, '').trimEnd();
  return text === '' ? null : text;
};
