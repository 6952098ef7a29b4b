import { readFileSync, rmSync } from 'node:fs';

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
    return JSON.parse(readFileSync(file, 'utf8')) as KeeperMark;
  } catch {
    // Never started, stopped, or not readable: nothing is known of a keeper, and the server itself is asked anyway.
    return null;
  }
};

export const writeKeeperMark = (file: string, mark: KeeperMark): void =>
  writeAtomically(file, `${JSON.stringify(mark)}\n`);

export const removeKeeperMark = (file: string): void => rmSync(file, { force: true });
