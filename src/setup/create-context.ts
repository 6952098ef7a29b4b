import { showTarget } from './show-places.ts';
import type { DevsetupError } from '../core/errors.ts';
import { SILENT, type Progress } from '../core/step.ts';
import { findSecrets } from '../config/find-secrets.ts';
import type { Description, Inspection, MissingEnvironment } from '../django/protocol.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import { collectMissing, startCompanion } from '../django/start-companion.ts';
import { libpqSystem, secretsOf, targetFromDjango, type LibpqSystem } from '../postgres/target.ts';
import { findProgram } from '../project/find-program.ts';
import { readComposeServices, type ComposeService } from '../project/compose-services.ts';
import { runCommand } from '../process/run-command.ts';
import type { Tree } from '../state/walk-tree.ts';
import type { DatabasePlace, ReachableDatabase, SetupContext, Verdict } from '../steps/context.ts';
import { givingWay } from '../steps/giving-way.ts';
import { databasePlaces, databaseProblem } from '../steps/guard-databases.ts';
import { watchingSession } from '../steps/lock-failure.ts';
import { SESSION_LOCK } from '../postgres/advisory-lock.ts';
import { walkCheckout } from '../cache/fingerprint.ts';
import { readCache, type CacheAnswer } from '../cache/read-cache.ts';
import { childEnvironment } from './child-environment.ts';
import { decideDevelopment } from './decide-development.ts';
import { exportedGroups, settleVariables } from './file-variables.ts';
import { holdExclusively } from './hold-exclusively.ts';
import { holdLock, type HeldLock } from './hold-lock.ts';
import { planCache } from './plan-cache.ts';
import { claimOf, workerLocksOf } from './shard-locks.ts';
import { withPythonProblem } from './python-problem.ts';
import { startProblem, unsupportedDjango } from './start-problem.ts';
import { watchSharedWork } from '../postgres/watch-shared-work.ts';
import { createWaiter } from './wait-for-target.ts';
import { unfinishedSchemas } from '../steps/unfinished-schemas.ts';
import type { ContextOptions, OpenContext } from './open-context.ts';

/** The context of one run: everything lazy in it happens at most once, whoever asks first. */
export const createContext = (given: ContextOptions): OpenContext => {
  const { workspace, host, options, signal, abort, redactor } = given;
  const { project, config, environment, state } = workspace;
  const pipeline = given.pipeline ?? null;
  const shards = pipeline === null ? undefined : claimOf(pipeline);
  const env = { ...childEnvironment(environment.asRecord(), project.backend.python), ...given.variables };
  const exported = exportedGroups(env, environment, config.envFiles);
  const done = new Set<string>();
  const reached = new Map<string, Promise<ReachableDatabase>>();
  /** Ends the wait for a database that nobody asked for in the end. */
  const closed = new AbortController();
  let client: Promise<DjangoClient> | undefined;
  let guarded: Promise<DevsetupError | null> | undefined;
  let inspection: Promise<Inspection> | undefined;
  const unfinished = unfinishedSchemas(state);
  const watch = watchSharedWork(() => context.target(SILENT), shards?.count ?? 1, signal);
  let services: Promise<readonly ComposeService[]> | undefined;
  let lock: Promise<HeldLock> | undefined;
  let started: DjangoClient | undefined;
  let place: DatabasePlace | null = null;
  let attempts = 0;
  let startedAt = 0;
  let checkoutBefore: Tree | undefined;
  let asked: Promise<CacheAnswer> | undefined;
  let answer: CacheAnswer | undefined;
  let isChanged = false;
  const notes = new Set<string>();
  const cache = given.caches === false ? undefined : planCache({ workspace, host, options, env, signal });

  /** Before Django opens a connection, whichever step or check asks it to: a step can be skipped, this cannot. */
  const verify = async (): Promise<void> => {
    const problem = await (guarded ??= databaseProblem(context, SILENT));
    if (problem !== null) throw problem;
  };

  const settle = (description: Description): ReturnType<typeof settleVariables> =>
    settleVariables(env, environment, description);
  /** As the connections of Django see it. */
  const systemOf = (description: Description): LibpqSystem =>
    libpqSystem(settle(description).django, project.backend.directory);

  const start = async (progress: Progress): Promise<DjangoClient> => {
    const { managePy, directory, python } = project.backend;
    const limit =
      pipeline === null ? {} : { lockTimeoutMilliseconds: Math.round(pipeline.settings.lockTimeoutSeconds * 1000) };
    const launch = {
      python: python.interpreter,
      managePy,
      directory,
      env,
      exported,
      signal,
      timeoutSeconds: config.timeouts.commandSeconds,
      verify,
      sessionLock: SESSION_LOCK,
      ...limit,
    };
    attempts += 1;
    if (cache !== undefined) checkoutBefore = walkCheckout(cache.checkout);
    startedAt = host.now().getTime();
    let missing: MissingEnvironment | undefined;
    const { installed } = given;
    const wanted =
      installed === undefined ? {} : { requirements: await installed.requirements(), onInstalled: installed.tell };
    try {
      started = await startCompanion({
        ...launch,
        ...wanted,
        onOutput: (text) => progress.output(text),
        onMissing: (found) => void (missing = found),
      });
      const { description } = started;
      const { database, django, otherDatabases, secretKey, mode, modeReason } = description;
      const system = systemOf(description);
      const unsupported = unsupportedDjango(django);
      if (unsupported !== null) progress.warn(unsupported);
      if (mode === 'fresh')
        progress.warn(`Django is started again for every request, which takes longer: ${modeReason}`);
      for (const settings of [database, ...otherDatabases]) {
        const { user, name, host: server } = settings;
        for (const text of [user, name, server]) redactor.addName(text ?? '');
        for (const secret of secretsOf(settings, system)) redactor.add(secret);
      }
      for (const secret of [secretKey, ...findSecrets(settle(description).django)]) redactor.add(secret);
      return started;
    } catch (error) {
      if (signal.aborted) throw error;
      const problem = await startProblem(error, workspace, async () => {
        if (missing !== undefined) return missing;
        // The companion could not do it while it failed: it takes another start.
        attempts += 1;
        return collectMissing(launch);
      });
      throw await withPythonProblem(problem, project, config);
    }
  };

  const context: SetupContext = {
    project,
    config,
    environment,
    options,
    state,
    signal,
    cores: host.cores,
    nodeAbi: host.nodeAbi,
    ownPackage: host.ownPackage,
    stateDirectory: state.directory,
    pipeline,
    workerLocks: workerLocksOf(pipeline),
    findProgram: async (name) => (await findProgram(name, { get: (variable) => env[variable] })) ?? null,
    exclusively: (what, progress, fn) => {
      const seconds = config.timeouts.dependenciesSeconds;
      return holdExclusively(what, progress, { stateDirectory: state.directory, pid: host.pid, signal, seconds }, fn);
    },
    runProgram: (command, progress, limits) => {
      progress.output(`$ ${[command.program, ...command.args].join(' ')}\n`);
      const variables = started === undefined ? env : settle(started.description).programs;
      return runCommand(
        { ...command, env: { ...variables, ...command.env } },
        { ...limits, signal, onOutput: (chunk) => progress.output(chunk) },
      );
    },
    django: (progress) => (client ??= start(progress).then(unfinished.following)),
    inspection: (progress) => (inspection ??= inspect(progress)),
    target: async (progress) => {
      const { description } = await context.django(progress);
      return targetFromDjango(description.database, systemOf(description));
    },
    databases: async (progress) => {
      const { description } = await context.django(progress);
      const places = databasePlaces(description, systemOf(description));
      place = places.find(({ alias }) => alias === description.database.alias) ?? null;
      return places;
    },
    composeServices: () =>
      (services ??= readComposeServices({ root: project.root, backendDirectory: project.backend.directory })),
    development: async (progress): Promise<Verdict> => {
      const { description } = await context.django(progress);
      const host = description.database.vendor === 'postgresql' ? (await context.target(progress)).host : null;
      const names = (await context.composeServices()).map((service) => service.name);
      return decideDevelopment({ configured: config.development, debug: description.debug, host, services: names });
    },
    reachable: async (target, progress) => {
      const key = JSON.stringify(target);
      const known = reached.get(key) ?? wait(target, progress);
      reached.set(key, known);
      // A failed wait is not remembered: the database may be created meanwhile.
      known.catch(() => reached.delete(key));
      return known;
    },
    lock: async (progress) => {
      const { description } = await context.django(progress);
      if (description.database.vendor !== 'postgresql' || lock !== undefined) return (await lock, false);
      lock = holdLock(await context.target(progress), {
        timeoutSeconds: config.migrations.lockTimeoutSeconds,
        version: host.version,
        shards,
        progress,
        signal,
        onLost: abort,
      });
      return (await lock).waited;
    },
    sharedWork: watch.look,
    endSharedWork: async () => (await lock)?.endSharedWork(),
    finished: unfinished.end,
    cached: async (id) => {
      if (cache === undefined) return undefined;
      answer = await (asked ??= readCache(cache));
      if (answer.isValid) showTarget(redactor, answer.target);
      return isChanged || !answer.isValid ? undefined : answer.states[id];
    },
    note: (id) => void notes.add(id),
    forget: () => {
      isChanged = true;
      inspection = undefined;
    },
    isDone: (what) => done.has(what),
    markDone: (what) => {
      const before = done.has(what);
      done.add(what);
      return before;
    },
  };

  /** A migration of another shard may just have locked the table of tenants. */
  const inspect = async (progress: Progress): Promise<Inspection> => {
    const django = await context.django(progress);
    const ask = (): Promise<Inspection> => watchingSession(context, progress, () => django.inspect());
    const found = await givingWay(context, progress, 'the inspection of the schemas', ask);
    return { ...found, unfinished: unfinished.list() };
  };

  const wait = createWaiter({
    workspace,
    host,
    signal: AbortSignal.any([signal, closed.signal]),
    context: () => context,
    settingsModule: () => started?.description.settingsModule ?? null,
  });

  const close = async (): Promise<void> => {
    closed.abort();
    // Both are best effort: the server and the kernel release what a dying process held.
    await lock?.then((held) => held.release()).catch(() => undefined);
    await watch.close().catch(() => undefined);
    await client?.then((django) => django.close()).catch(() => undefined);
  };
  return {
    context,
    started: () => started,
    place: () => place,
    djangoStartedAt: () => startedAt,
    checkoutBefore: () => checkoutBefore,
    cacheMiss: () => (answer?.isValid === false ? answer.reason : undefined),
    isNoted: (id) => notes.has(id),
    cache,
    djangoStarts: () => started?.starts() ?? attempts,
    close,
  };
};
