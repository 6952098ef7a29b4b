import { rmSync } from 'node:fs';

import { hasShape, isExactly, isOrNull, isPort, isProcessNumber, isText } from '../core/shape.ts';
import { isFailure, type Failure } from '../core/step.ts';
import type { ProcessMark } from '../state/process-identity.ts';
import { readJson } from '../state/read-json.ts';
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
  const found = readJson(file);
  // Never started, stopped, or not readable: nothing is known of a keeper, and the server itself is asked anyway.
  return found.kind === 'document' && isKeeperMark(found.document) ? found.document : null;
};

const isKeeperMark = hasShape({
  pid: isProcessNumber,
  processStart: isOrNull(isText),
  state: isExactly('starting', 'ready', 'failed'),
  port: isOrNull(isPort),
  failure: isOrNull(isFailure),
});

export const writeKeeperMark = (file: string, mark: KeeperMark): void =>
  writeAtomically(file, `${JSON.stringify(mark)}\n`);

export const removeKeeperMark = (file: string): void => rmSync(file, { force: true });
