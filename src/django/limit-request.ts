import type { Cancel } from './protocol.ts';

const TERMINATE_AFTER_MILLISECONDS = 5_000;
const KILL_AFTER_MILLISECONDS = 10_000;
/** Timers take no longer ones. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

export interface RequestLimits {
  /** What has ended the request so far; null: nothing. */
  ending(): 'signal' | 'timeout' | null;
  /** The request has ended: nothing more is sent to it. */
  release(): void;
}

/**
 * SIGINT once a signal is aborted or the time is up (null: it never is), then SIGTERM, then SIGKILL, until it is released. An abort in
 * the past counts.
 */
export const limitRequest = (
  signals: readonly (AbortSignal | undefined)[],
  seconds: number | null,
  cancel: (signal: Cancel['signal']) => void,
): RequestLimits => {
  const timers: NodeJS.Timeout[] = [];
  let ended: 'signal' | 'timeout' | null = null;
  const after = (milliseconds: number, fn: () => void): void => void timers.push(setTimeout(fn, milliseconds));
  const end = (how: 'signal' | 'timeout'): void => {
    if (ended !== null) return;
    ended = how;
    // Not at once: the request that an already aborted signal cancels must be sent first.
    after(0, () => cancel('SIGINT'));
    after(TERMINATE_AFTER_MILLISECONDS, () => cancel('SIGTERM'));
    after(KILL_AFTER_MILLISECONDS, () => cancel('SIGKILL'));
  };
  const onAbort = (): void => end('signal');
  if (seconds !== null) after(Math.min(seconds * 1000, LONGEST_MILLISECONDS), () => end('timeout'));
  for (const signal of signals) {
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  }
  return {
    ending: () => ended,
    release: () => {
      for (const signal of signals) signal?.removeEventListener('abort', onAbort);
      timers.forEach(clearTimeout);
    },
  };
};
