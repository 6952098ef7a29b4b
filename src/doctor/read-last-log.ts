import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import type { SupportFacts } from '../core/support-facts.ts';
import { readRunState } from '../state/run-state.ts';
import type { StateStore } from '../state/state-store.ts';

const MOST_BYTES = 2_097_152;
const MOST_LINES = 120;

/** How the last run ended, and the end of its log. Changes nothing, never throws. */
export const readLastLog = async (
  store: StateStore,
  uid: number | undefined,
): Promise<Pick<SupportFacts, 'lastRun' | 'log'>> => {
  const state = readRunState(store);
  if (state.kind === 'never') return { lastRun: null, log: null };
  const { logFile = null, startedAt } = state.kind === 'ended' ? state.report : state.mark;
  return { lastRun: state.kind === 'ended' ? state.report : null, log: await readTail(logFile, startedAt, uid) };
};

/**
 * Only of a regular file of our own: a fixed name in a directory that everybody can write may be somebody else's. Only what this run
 * wrote: all checkouts of a machine share the file.
 */
const readTail = async (
  file: string | null,
  startedAt: string,
  uid: number | undefined,
): Promise<SupportFacts['log']> => {
  if (file === null) return null;
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile() || (uid !== undefined && found.uid !== uid)) return null;
      const start = Math.max(0, found.size - MOST_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(found.size - start), 0, found.size - start, start);
      const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
      // The first line may be half a line, and half a secret.
      const own = linesOfRun(start > 0 ? lines.slice(1) : lines, startedAt);
      return own.length === 0 ? null : { path: file, lines: own.slice(-MOST_LINES) };
    } finally {
      await handle.close();
    }
  } catch {
    // Gone, a link, or closed to us: the report does without.
    return null;
  }
};

const HEADER = /^=== devsetup run (\S+) pid (\d+) /;

/** What one run wrote. Its header comes just before it is recorded as started. */
export const linesOfRun = (lines: readonly string[], startedAt: string): readonly string[] => {
  const at = lines.findLastIndex((line) => (HEADER.exec(line)?.[1] ?? '\uFFFF') <= startedAt);
  const pid = HEADER.exec(lines[at] ?? '')?.[2];
  const own = new RegExp(String.raw`^(?:\S+Z ${pid} |=== .* pid ${pid} )`);
  return pid === undefined ? [] : lines.slice(at).filter((line) => own.test(line));
};
