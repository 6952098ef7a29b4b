import { readFileSync, rmSync } from 'node:fs';

import { hasShape, isCount, isExactly, isListOf, isOrNull, isText } from '../core/shape.ts';
import type { ProcessMark } from '../state/process-identity.ts';
import { writeAtomically } from '../state/write-atomically.ts';

/** What the process that keeps the server running says of itself. A server that answers counts for more than this. */
export interface KeeperMark extends ProcessMark {
  readonly state: 'starting' | 'ready' | 'failed';
  /** Of the server, once it is ready. */
  readonly port: number | null;
  /** Why it failed. */
  readonly failure: KeeperFailure | null;
}

export interface KeeperFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly output: readonly string[];
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

const isFailure = hasShape({ code: isText, message: isText, hint: isOrNull(isText), output: isListOf(isText) });

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
