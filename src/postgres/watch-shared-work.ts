import { setTimeout as sleep } from 'node:timers/promises';

import { openSession, type Session } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import { isSharedWorkRunning, sharedWorkChannel } from './shard-lock.ts';

/**
 * How far shard 1 is with what it does for all tenants: not seen at it so far (it has not started, is at its end, or has nothing to do) ·
 * at it · done · stopped before its end.
 */
export type SharedWork = 'unseen' | 'running' | 'done' | 'stopped';

export interface SharedWorkWatch {
  look(): Promise<SharedWork>;
  close(): Promise<void>;
}

/** A notification of the server arrives after the answer to a query that saw the lock gone. */
const NOTICE_MS = 500;

/** Another session than the lock's: shard 1 is another process, maybe on another machine. */
export const watchSharedWork = (
  target: () => Promise<DatabaseTarget>,
  count: number,
  signal: AbortSignal,
): SharedWorkWatch => {
  let opened: Promise<{ readonly session: Session; readonly done: AbortSignal }> | undefined;
  let seen = false;
  const open = async () => {
    const session = await openSession(await target(), { signal });
    // Before the first question: a shard that finishes later notifies this session as well.
    return { session, done: await session.listen(sharedWorkChannel(count)) };
  };
  return {
    look: async () => {
      const { session, done } = await (opened ??= open());
      if (await isSharedWorkRunning(session, count)) {
        seen = true;
        return 'running';
      }
      if (!seen) return 'unseen';
      if (!done.aborted) await sleep(NOTICE_MS, undefined, { signal });
      return done.aborted ? 'done' : 'stopped';
    },
    close: async () => {
      await opened?.then(({ session }) => session.end());
    },
  };
};
