import type { DevsetupError } from '../core/errors.ts';
import { createCompanionClient } from './companion-client.ts';
import type { DjangoClient, ReceivingClient } from './companion-client.ts';
import {
  CANCELLED,
  companionGoneError,
  pythonMissingError,
  timedOutError,
  toDevsetupError,
} from './companion-errors.ts';
import { openCompanion } from './open-companion.ts';
import type { CompanionEnding, CompanionLaunch, OpenCompanion } from './open-companion.ts';
import type { CompanionError, Message, MissingEnvironment } from './protocol.ts';

const KILL_AFTER_MILLISECONDS = 5_000;
/** Timers take no longer ones. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Starts Django once, through the project's own manage.py. Rejects with a DevsetupError: `PYTHON_MISSING`, the codes of
 * CompanionError, `CANCELLED` when the signal was aborted before Django was up. What is installed, and the variables that are
 * missing, are told to the launch before that.
 */
export const startCompanion = (launch: CompanionLaunch): Promise<DjangoClient> => {
  let receiver: ReceivingClient | undefined;
  const flags = [
    ...(launch.lockTimeoutMilliseconds === undefined ? [] : ['--lock-timeout', `${launch.lockTimeoutMilliseconds}`]),
    ...(launch.requirements === undefined ? [] : ['--report-installed']),
  ];
  return firstAnswer<DjangoClient>(launch, flags, 'Django was starting', (message, companion, resolve) => {
    if (receiver !== undefined) {
      receiver.receive(message);
    } else if (message.event === 'installed') {
      launch.onInstalled?.(message.installed);
    } else if (message.event === 'missing') {
      launch.onMissing?.(message.missing);
    } else if (message.event === 'ready') {
      receiver = createCompanionClient(companion, launch, message.description);
      resolve(receiver.client);
    }
  });
};

/** Loads the settings again and again to find every environment variable they cannot do without. Runs no command. */
export const collectMissing = (launch: CompanionLaunch): Promise<MissingEnvironment> =>
  firstAnswer<MissingEnvironment>(
    launch,
    ['--collect-missing'],
    'the missing variables were collected',
    (message, _companion, resolve) => {
      if (message.event === 'missing') resolve(message.missing);
    },
  );

/** Waits for the message that `take` resolves with; a `failed` message or the end of the process rejects. */
const firstAnswer = <T>(
  launch: CompanionLaunch,
  flags: readonly string[],
  doing: string,
  take: (message: Message, companion: OpenCompanion, resolve: (value: T) => void) => void,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    let failure: CompanionError | undefined;
    const companion: OpenCompanion = openCompanion(launch, flags, (message) => {
      if (message.event === 'failed') failure = message.error;
      else
        take(message, companion, (value) => {
          stopWatching();
          resolve(value);
        });
    });
    if (flags.includes('--report-installed')) companion.send({ requirements: launch.requirements ?? [] });
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        companion.kill('SIGKILL');
      },
      Math.min(launch.timeoutSeconds * 1000, LONGEST_MILLISECONDS),
    );
    const stopOnAbort = killOnAbort(launch.signal, companion);
    const stopWatching = (): void => {
      clearTimeout(timer);
      stopOnAbort();
    };
    const rejectAtEnd = async (): Promise<void> => {
      const ending = await companion.ended;
      stopWatching();
      const isTimeout = isLate && !launch.signal.aborted;
      reject(
        isTimeout
          ? timedOutError(null, launch.timeoutSeconds, ending.output)
          : startError(launch, ending, failure, doing),
      );
    };
    void rejectAtEnd();
  });

const startError = (
  launch: CompanionLaunch,
  ending: CompanionEnding,
  failure: CompanionError | undefined,
  doing: string,
): DevsetupError => {
  const context = { ...launch, output: ending.output };
  if (ending.startError !== null) return pythonMissingError(launch.python, ending.startError);
  if (launch.signal.aborted) return toDevsetupError(CANCELLED, context);
  return failure === undefined ? companionGoneError(ending, doing) : toDevsetupError(failure, context);
};

const killOnAbort = (signal: AbortSignal, companion: OpenCompanion): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    companion.kill('SIGTERM');
    timer = setTimeout(() => companion.kill('SIGKILL'), KILL_AFTER_MILLISECONDS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
};
