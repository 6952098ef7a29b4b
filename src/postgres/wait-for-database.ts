import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { composeHint, EMBEDDED_HINT, type ComposeService } from './compose-hint.ts';
import { tryConnect, type Session } from './connect.ts';
import { connectionProblem, type ConnectionProblem } from './connection-problem.ts';
import type { TlsAdvice } from './tls-problem.ts';
import { queryProblem } from './query-problem.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';

interface Clock {
  /** Milliseconds from any fixed point. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface WaitOptions {
  /** Default 60. */
  readonly deadlineSeconds?: number;
  readonly signal?: AbortSignal;
  /** After every try that failed and is worth another. */
  readonly onAttempt?: (attempt: {
    readonly number: number;
    readonly waitedMs: number;
    readonly problem: ConnectionProblem;
    /** How long it waits in all. */
    readonly limitSeconds: number;
  }) => void;
  /** For the hint about names that only compose knows. */
  readonly composeServices?: readonly ComposeService[];
  /** devsetup runs in no network of compose: names that only compose knows will not be resolved, however long it waits. */
  readonly isOutsideCompose?: boolean;
  /** A server of devsetup's own may be offered instead: not in a pipeline. */
  readonly mayOfferOwn?: boolean;
  /** No compose file offers a database there: for the hint where nothing listens. */
  readonly isOfferedByNone?: boolean;
  /** A shorter deadline where nothing listens. */
  readonly refusedSeconds?: number;
  /** Called once, where nothing listens: may start it. The wait begins after it. */
  readonly onRefused?: () => Promise<void>;
  /** For the message where TLS is demanded and fails. */
  readonly tls?: TlsAdvice;
  readonly clock?: Clock;
}

export interface Reached {
  /** e.g. `16.4`. */
  readonly serverVersion: string;
  readonly waitedMs: number;
  readonly attempts: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const ONE_ATTEMPT_MS = 5_000;
/** Where nothing comes after it: a healthy server on a busy machine may take seconds to answer. */
const ONLY_ATTEMPT_MS = 10_000;
/** Also at the end of the wait: a slow server must not be taken for a silent one. */
const SHORTEST_ATTEMPT_MS = 2_000;

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

/**
 * Tries until the database lets us in: again after 50 ms, twice as long each time up to 2 s, until the deadline
 * (`DATABASE_UNREACHABLE`, with the last answer). What waiting cannot heal ends it at once with that problem's code. A deadline of
 * 0 is a single try: any problem ends it with its code.
 */
export const waitForDatabase = async (target: DatabaseTarget, options: WaitOptions = {}): Promise<Reached> => {
  const { signal, deadlineSeconds = 60, clock = systemClock } = options;
  let started = clock.now();
  let limitSeconds = deadlineSeconds;
  let { onRefused } = options;
  const remaining = (): number => limitSeconds * 1000 - (clock.now() - started);
  let pause = FIRST_PAUSE_MS;
  for (let number = 1; ; number += 1) {
    signal?.throwIfAborted();
    const result = await tryConnect(target, {
      connectMilliseconds:
        deadlineSeconds === 0 ? ONLY_ATTEMPT_MS : Math.max(SHORTEST_ATTEMPT_MS, Math.min(ONE_ATTEMPT_MS, remaining())),
      ...(signal === undefined ? {} : { signal }),
    });
    const waitedMs = Math.round(clock.now() - started);
    const reached = 'session' in result ? await readVersion(result.session) : result;
    if ('serverVersion' in reached) return { ...reached, waitedMs, attempts: number };
    // A server that shuts down may let us in and end the session at once.
    const problem =
      'failure' in reached
        ? connectionProblem(reached.failure, target, options.tls)
        : queryProblem(reached.error, target);
    if (problem.kind === 'stop')
      throw new DevsetupError({ ...problem, cause: 'failure' in reached ? reached.failure.error : reached.error });
    if (number >= ENOUGH && isBeyondReach(target, problem, options)) throw outside(target, options);
    limitSeconds =
      problem.isRefused === true
        ? Math.min(deadlineSeconds, options.refusedSeconds ?? deadlineSeconds)
        : deadlineSeconds;
    if (problem.isRefused === true && onRefused !== undefined) {
      await onRefused();
      onRefused = undefined;
      started = clock.now();
    }
    if (remaining() <= 0) throw tooLate(target, problem, waitedMs, number, options);
    options.onAttempt?.({ number, waitedMs, problem, limitSeconds });
    await clock.sleep(Math.min(pause, Math.max(1, remaining())), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
};

/** Attempts after which a name counts as unknown: one may fail because the network has just come up. */
const ENOUGH = 2;

const isBeyondReach = (
  target: DatabaseTarget,
  { isUnresolved }: ConnectionProblem,
  { composeServices = [], isOutsideCompose = false }: WaitOptions,
): boolean => isOutsideCompose && isUnresolved === true && composeHint(target, composeServices) !== null;

const outside = (target: DatabaseTarget, { composeServices = [], mayOfferOwn }: WaitOptions): DevsetupError =>
  new DevsetupError({
    code: 'DATABASE_UNREACHABLE',
    message: `No database at ${describeTarget(target)}: the name ${target.host} belongs to the network of compose, and devsetup runs outside of it.`,
    hint: composeHint(target, composeServices) ?? '',
    data: mayOfferOwn === true ? OFFER : {},
  });

/** The data of a failure after which the embedded server is offered. */
const OFFER = { offer: 'embedded' };

const readVersion = async (
  session: Session,
): Promise<{ readonly serverVersion: string } | { readonly error: unknown }> => {
  try {
    const [row] = await session.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    // Distributions append their own version in parentheses.
    return { serverVersion: row?.version.replace(/ .*/, '') ?? 'unknown' };
  } catch (error) {
    if (!isDevsetupError(error)) throw error;
    return { error: error.cause };
  } finally {
    await session.end();
  }
};

const tooLate = (
  target: DatabaseTarget,
  problem: ConnectionProblem,
  waitedMs: number,
  attempts: number,
  { composeServices = [], deadlineSeconds, isOfferedByNone }: WaitOptions,
): DevsetupError => {
  const isUnoffered = problem.isRefused === true && isOfferedByNone === true;
  const hint = isUnoffered ? EMBEDDED_HINT : (composeHint(target, composeServices) ?? problem.hint);
  const data = isUnoffered ? OFFER : {};
  if (deadlineSeconds === 0) {
    // You do not wait, so you want to know what it is like now.
    const message = `The database does not answer: ${problem.message}.`;
    return new DevsetupError({ code: problem.code, message, hint, data });
  }
  const seconds = Math.round(waitedMs / 1000);
  const message = isUnoffered
    ? `${problem.message.replace(/^./, (first) => first.toUpperCase())}, and nothing in this checkout starts a database there.`
    : `No database at ${describeTarget(target)} after ${seconds} s (${attempts} attempts). The last answer: ${problem.message}.`;
  return new DevsetupError({ code: 'DATABASE_UNREACHABLE', message, hint, data });
};
