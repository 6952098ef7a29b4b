import { hasShape, isOptional, isText } from '../core/shape.ts';
import type { DevContainerOutcome } from '../core/up-report.ts';

export type ReadOutcome =
  | { readonly kind: 'known'; readonly outcome: DevContainerOutcome }
  /** The program did not get that far, or was killed while it wrote. */
  | { readonly kind: 'absent' }
  /** A document of another form: another version of the program, or another program under its name. */
  | { readonly kind: 'unreadable'; readonly line: string };

/** The one line of JSON that the dev container program ends with. */
export const readOutcome = (stdout: string): ReadOutcome => {
  const line = stdout.split('\n').findLast(isOutcome);
  if (line === undefined) return { kind: 'absent' };
  const found = parseLine(line);
  if (found === undefined) return { kind: 'absent' };
  return isKnown(found) ? { kind: 'known', outcome: found } : { kind: 'unreadable', line };
};

const parseLine = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Cut off.
    return undefined;
  }
};

const isKnown = hasShape({
  outcome: isText,
  message: isOptional(isText),
  description: isOptional(isText),
  containerId: isOptional(isText),
  composeProjectName: isOptional(isText),
  remoteUser: isOptional(isText),
  remoteWorkspaceFolder: isOptional(isText),
});

export const isOutcome = (line: string): boolean => line.startsWith('{"outcome":');
