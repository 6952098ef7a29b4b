import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Progress, State } from '../core/step.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import type { Inspection } from '../django/protocol.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { SharedWork } from '../postgres/watch-shared-work.ts';
import type { ComposeService } from '../project/compose-services.ts';
import type { Project } from '../project/types.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { CommandOptions, CommandResult } from '../process/run-command.ts';
import type { StateStore } from '../state/state-store.ts';
import type { InstallCommand } from '../dependencies/install-backend.ts';

/** What the user asked for on the command line, as far as steps have to know. */
export interface SetupOptions {
  readonly force: boolean;
  readonly verbose: boolean;
  readonly allowRemote: boolean;
  readonly updateSuperuser: boolean;
  /** Creates tables that recorded migrations should have created, in the schemas that lack them. */
  readonly createMissingTables: boolean;
  readonly failFast: boolean;
  /** Starts the compose service that publishes the database's port, where nothing listens on it. */
  readonly startServices: boolean;
  readonly onlyTenants: readonly string[];
}

/** Where no flag is given. */
export const NO_OPTIONS: SetupOptions = {
  force: false,
  verbose: false,
  allowRemote: false,
  updateSuperuser: false,
  createMissingTables: false,
  failFast: false,
  startServices: false,
  onlyTenants: [],
};

/** What steps share in one run. Everything lazy is done at most once until `forget` says that it may have changed. */
export interface SetupContext {
  readonly project: Project;
  readonly config: Config;
  readonly environment: Environment;
  readonly options: SetupOptions;
  readonly state: StateStore;
  readonly signal: AbortSignal;
  readonly cores: number;
  /** NODE_MODULE_VERSION: packages with native code are of no use to another. */
  readonly nodeAbi: string;
  /** The folder of the devsetup that runs, links resolved: what holds it must not be emptied. */
  readonly ownPackage: string;
  /** Where devsetup keeps what belongs to this project and not into it. */
  readonly stateDirectory: string;
  /** null: this is no run of `devsetup migrate`. */
  readonly pipeline: PipelineRun | null;
  /** Keys of the advisory locks that everything which migrates holds shared. */
  readonly workerLocks: WorkerLocks;

  /** Runs a program with the project's environment; its output goes to the progress and the log. Never throws. */
  runProgram(
    command: InstallCommand,
    progress: Progress,
    options?: Pick<CommandOptions, 'timeoutSeconds'>,
  ): Promise<CommandResult>;
  /** Runs `fn` while no other devsetup does the same in this checkout; `waited`: another one did so before. */
  exclusively<T>(what: string, progress: Progress, fn: (waited: boolean) => Promise<T>): Promise<T>;
  /** Absolute path of a program on the user's PATH, or null. */
  findProgram(name: string): Promise<string | null>;

  /** The project's Django, started on the first call. @throws DevsetupError saying why it cannot start */
  django(progress: Progress): Promise<DjangoClient>;
  /** State of all schemas. @throws DevsetupError DATABASE_ERROR */
  inspection(progress: Progress): Promise<Inspection>;
  /** Every database that a run may touch, with a host: the one that is migrated first. Opens no connection. */
  databases(progress: Progress): Promise<readonly DatabasePlace[]>;
  /** The database that is migrated, as Django's own settings name it; an empty host or user is filled in as libpq does. Only for PostgreSQL. */
  target(progress: Progress): Promise<DatabaseTarget>;
  /** Compose services of this project; read once. */
  composeServices(): Promise<readonly ComposeService[]>;
  /** Whether this is a development set-up, and the fact that decides it. */
  development(progress: Progress): Promise<Verdict>;
  /** Waits until the server answers this target; a second call for the same target costs nothing. */
  reachable(target: DatabaseTarget, progress: Progress): Promise<ReachableDatabase>;
  /** Takes the migration lock, kept until the run ends; true if somebody else held it meanwhile. */
  lock(progress: Progress): Promise<boolean>;
  /** How far shard 1 is with what it does for all. Only in a shard. */
  sharedWork(): Promise<SharedWork>;
  /** Of shard 1: the others may list the tenants. */
  endSharedWork(): Promise<void>;
  /** What a step found in the last good run, if nothing that it depended on has changed since. */
  cached(id: string): Promise<State | undefined>;
  /** This step was looked at: what it finds at the end of the run is kept for the next. */
  note(id: string): void;
  /** What was inspected or cached may no longer be true. */
  forget(): void;
  /** Nothing is left to do after the migrations of this schema (see steps/unfinished-schemas). */
  finished(schema: string | null): void;
  /** Marks something as done in this run; answers whether it was marked before. */
  markDone(what: string): boolean;
  isDone(what: string): boolean;
}

export interface DatabasePlace {
  /** Of DATABASES. */
  readonly alias: string;
  readonly target: DatabaseTarget;
}

export interface WorkerLocks {
  readonly workerLock: readonly [number, number];
  /** Of a shard's workers, beside the one of all. */
  readonly shardLock?: readonly [number, number];
}

export interface Verdict {
  readonly yes: boolean;
  readonly reason: string;
}

export interface ReachableDatabase {
  readonly serverVersion: string;
  readonly waitedMilliseconds: number;
}
