import { readFileSync, rmSync } from 'node:fs';

import { hasShape, isCount, isExactly, isOrNull, isText } from '../core/shape.ts';
import { isFailure, type Failure } from '../core/step.ts';
import type { ProcessMark } from '../state/process-identity.ts';
import { writeAtomically } from '../state/write-atomically.ts';

/** What the process that keeps the server running says of itself. A server that answers counts for more than this. */
export interface KeeperMark extends ProcessMark {
  readonly state: 'starting' | 'ready' | 'failed';
  /** Of the server, once it is ready. */
  readonly port: number | null;
  /** Why it failed. */
  readonly failure: Failure | null;
}

export const readKeeperMark = (file: string): KeeperMark | null => {
  try {
    const mark: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isKeeperMark(mark) ? mark : null;
  } catch {
    // Never started, stopped, or not readable: nothing is known of a keeper, and the server itself is asked anyway.
    return null;
  }
};

const isKeeperMark = hasShape({
  pid: isCount,
  processStart: isOrNull(isText),
  state: isExactly('starting', 'ready', 'failed'),
  port: isOrNull(isCount),
  failure: isOrNull(isFailure),
});

export const writeKeeperMark = (file: string, mark: KeeperMark): void =>
  writeAtomically(file, `${JSON.stringify(mark)}\n`);

export const removeKeeperMark = (file: string): void => rmSync(file, { force: true });
