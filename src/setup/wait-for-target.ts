import { DEFAULTS } from '../config/defaults.ts';
import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Progress } from '../core/step.ts';
import { composeHint, isOfferedByNone, publishingService } from '../postgres/compose-hint.ts';
import { describeTarget, type DatabaseTarget } from '../postgres/target.ts';
import { waitForDatabase } from '../postgres/wait-for-database.ts';
import type { ComposeService } from '../project/compose-services.ts';
import { isInComposeNetwork } from '../project/in-container.ts';
import type { ReachableDatabase, SetupContext } from '../steps/context.ts';
import { embeddedTarget } from '../steps/embedded-database.ts';
import { isContinuousIntegration } from '../ui/choose-ui.ts';
import type { Host } from './host.ts';
import type { Workspace } from './open-workspace.ts';
import { tlsAdvice } from './tls-advice.ts';

/** How a wait for a database ends that may come up later. */
const WITHOUT_SUCCESS: ReadonlySet<string> = new Set(['DATABASE_UNREACHABLE', 'DATABASE_STARTING', 'DATABASE_FULL']);

/** A server that has just been started listens by then. */
const START_SECONDS = 3;

export interface WaiterOptions {
  readonly workspace: Workspace;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly context: () => Pick<SetupContext, 'composeServices' | 'findProgram' | 'options' | 'pipeline' | 'runProgram'>;
  /** Once Django has started. */
  readonly settingsModule: () => string | null;
}

/** Waits for the databases of one run. */
export const createWaiter = ({ workspace, host, signal, context, settingsModule }: WaiterOptions) => {
  const tooLate = new Map<string, DevsetupError>();

  return async (target: DatabaseTarget, progress: Progress): Promise<ReachableDatabase> => {
    const key = JSON.stringify(target);
    const earlier = tooLate.get(key);
    const { options, pipeline, composeServices: services } = context();
    // Once it was waited for without success, one more try is enough.
    const { waitSeconds } = workspace.config.database;
    const deadlineSeconds = earlier === undefined ? waitSeconds : 0;
    try {
      const composeServices = await services();
      // Said while it waits, not only at the end: a minute is long for somebody who has forgotten to start it.
      const hint = composeHint(target, composeServices);
      const advice = hint && (host.typed?.(hint, { root: workspace.root }) ?? hint);
      const publishing = publishingService(target, composeServices);
      const isJob = pipeline !== null || isContinuousIntegration(host.env);
      // A pipeline starts its database itself, and the embedded one was just started.
      const isUnoffered =
        !isJob && embeddedTarget(workspace)?.port !== target.port && isOfferedByNone(target, composeServices);
      const { serverVersion, waitedMs } = await waitForDatabase(target, {
        deadlineSeconds,
        signal,
        composeServices,
        isOutsideCompose: !isInComposeNetwork(host.env),
        mayOfferOwn: !isJob,
        isOfferedByNone: isUnoffered,
        // How long to wait can be configured.
        ...(isUnoffered && waitSeconds === DEFAULTS.database.waitSeconds ? { refusedSeconds: START_SECONDS } : {}),
        tls: await tlsAdvice(target, workspace, settingsModule()),
        onAttempt: ({ problem, limitSeconds }) => {
          const parts = [problem.message, ...(advice === null ? [] : [advice]), `waiting up to ${limitSeconds} s`];
          progress.update(parts.join(' · '));
        },
        ...(options.startServices && publishing !== undefined && earlier === undefined
          ? { onRefused: () => startService(publishing, target, progress) }
          : {}),
      });
      return { serverVersion, waitedMilliseconds: waitedMs };
    } catch (error) {
      if (!isDevsetupError(error) || !WITHOUT_SUCCESS.has(error.code)) throw error;
      tooLate.set(key, earlier ?? error);
      throw earlier ?? error;
    }
  };

  async function startService(service: ComposeService, target: DatabaseTarget, progress: Progress): Promise<void> {
    const { typed, problem, tail } = await runCompose(service, progress);
    if (problem === null) return;
    throw new DevsetupError({
      code: 'DATABASE_UNREACHABLE',
      message: `Nothing listens at ${describeTarget(target)}, and \`${typed}\` ${problem}.`,
      hint: 'Fix what it says, or let devsetup run a PostgreSQL for this checkout, without Docker: `npx devsetup --db embedded`',
      output: tail.trimEnd().split('\n').slice(-20),
    });
  }

  async function runCompose(
    { up, upArguments }: ComposeService,
    progress: Progress,
  ): Promise<{ readonly typed: string; readonly problem: string | null; readonly tail: string }> {
    const { findProgram, runProgram } = context();
    const place = { directory: workspace.root, env: {} };
    progress.update(`${up} …`, { important: true });
    const { exitCode, missing, tail } = await runProgram({ program: 'docker', args: upArguments, ...place }, progress);
    if (exitCode === 0) return { typed: up, problem: null, tail };
    if (!missing && !LACKS_COMPOSE.test(tail)) return { typed: up, problem: 'failed', tail };
    const without = missing ? 'docker is not installed' : 'docker has no compose here (package docker-compose-plugin)';
    if ((await findProgram('docker-compose')) === null)
      return { typed: up, problem: `cannot be run: ${without}`, tail };
    // Compose 1 is a program of its own, with the same words.
    const args = upArguments.slice(1);
    const typed = ['docker-compose', ...args.map(shellWord)].join(' ');
    progress.update(`${typed} …`, { important: true });
    const older = await runProgram({ program: 'docker-compose', args, ...place }, progress);
    return { typed, problem: older.exitCode === 0 ? null : 'failed', tail: older.tail };
  }
};

/** What docker says to `compose`, or to the flags behind it, where it lacks the plugin. */
const LACKS_COMPOSE = /'compose' is not a docker command|unknown command: docker compose|unknown (?:shorthand )?flag: /;
