import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { DevsetupError } from '../core/errors.ts';
import type { DevContainer } from '../devcontainer/dev-container.ts';
import type { ComposeProject } from '../project/compose/compose-project.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import type { Examination, Installed } from '../django/examination.ts';
import type { Inspection } from '../django/protocol.ts';
import type { ServerExamination } from '../postgres/examine-server.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { CommandResult } from '../process/run-command.ts';
import type { FoundManagePy } from '../project/find-manage-py.ts';
import type { Project } from '../project/types.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DatabasePlace, Verdict } from '../steps/context.ts';
import type { WorkflowFile } from '../workflows/read-workflows.ts';

/** What a check may know of the machine. */
export interface Machine {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  /** `v20.19.0` */
  readonly nodeVersion: string;
  /** undefined where users have no numbers (Windows). */
  readonly uid: number | undefined;
  readonly version: string;
  readonly now: () => Date;
}

/** A checkout as far as it can be opened, with what stands in the way. */
export interface Diagnosis {
  readonly root: string;
  readonly config: Config;
  readonly environment: Environment;
  /** null: no manage.py was found, or several. */
  readonly backend: FoundManagePy | null;
  /** null: no backend, no Python, or a configuration that names what is not there; `problems` says which. */
  readonly project: Project | null;
  /** Why the checkout could not be opened as `devsetup` would. */
  readonly problems: readonly DevsetupError[];
  readonly state: StateStore;
  /** `--allow-remote`: a database on another host is examined, too. */
  readonly examinesRemote: boolean;
}

/**
 * What checks share in one run. Everything lazy is found out at most once, whoever asks first. What does not exist here, or cannot
 * be had, ends the asking check (`CheckStopped`): "not applicable", or "could not check" with the code of the finding that says why.
 */
export interface CheckContext extends Diagnosis {
  readonly machine: Machine;
  /** Ends with the time limit of this check; for programs and queries it starts by itself. */
  readonly signal: AbortSignal;

  /** The project's Django. Stops: not applicable without a project; could not check where it does not start. */
  django(): Promise<DjangoClient>;
  /** Why Django did not start, or null. Stops where there is no project. */
  djangoFailure(): Promise<DevsetupError | null>;
  inspection(): Promise<Inspection>;
  /** What Django itself says about the project; stops as `django` does. */
  examination(): Promise<Examination>;
  /** What is installed in the interpreter's environment, also where Django does not start. */
  installed(): Promise<Installed>;
  /** The database Django names, or, where Django does not start, the one of the URL variable. Stops: not PostgreSQL, or unknown. */
  target(): Promise<DatabaseTarget>;
  /** Every database that a run may touch; the one of `target` first. Stops as `target` does. */
  databases(): Promise<readonly DatabasePlace[]>;
  /** What the server says of itself. Stops as `target` does, and where it is on a host that is not allowed, does not answer or does not let us in. */
  server(): Promise<ServerExamination>;
  development(): Promise<Verdict>;
  /** The compose files of the root, `.devcontainer/` and the backend. `services` is empty where there are none. */
  compose(): Promise<ComposeProject>;
  /** The first one, or the one that is checked. Stops (not applicable) where the checkout has no devcontainer.json. */
  devContainer(): Promise<DevContainer>;
  /** One for each devcontainer.json of the checkout; []: there is none. */
  devContainers(): Promise<readonly DevContainer[]>;
  /** `.github/workflows/*.yml`; [] where there are none. */
  workflows(): Promise<readonly WorkflowFile[]>;

  /** Absolute path of a program on the PATH of the project's environment, or null. */
  findProgram(name: string): Promise<string | null>;
  /** Runs a program at the root with the project's environment, ended with this check. Never throws. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
}

export interface RunOptions {
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}
