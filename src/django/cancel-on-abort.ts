import type { Cancel } from './protocol.ts';

const TERMINATE_AFTER_MILLISECONDS = 5_000;
const KILL_AFTER_MILLISECONDS = 10_000;

/** SIGINT on abort, then SIGTERM, then SIGKILL, until the returned function is called. An abort in the past counts. */
export const cancelOnAbort = (
  signal: AbortSignal | undefined,
  cancel: (signal: Cancel['signal']) => void,
): (() => void) => {
  const timers: NodeJS.Timeout[] = [];
  const onAbort = (): void => {
    // Not at once: the request that an already aborted signal cancels must be sent first.
    timers.push(setTimeout(() => cancel('SIGINT'), 0));
    timers.push(setTimeout(() => cancel('SIGTERM'), TERMINATE_AFTER_MILLISECONDS));
    timers.push(setTimeout(() => cancel('SIGKILL'), KILL_AFTER_MILLISECONDS));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  return () => {
    signal?.removeEventListener('abort', onAbort);
    timers.forEach(clearTimeout);
  };
};
