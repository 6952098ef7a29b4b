import type { AuditConfig } from '../config/audit-config.ts';
import type { Role } from '../core/job-role.ts';
import type { PlacedText, Span } from '../core/placed-text.ts';
import type { Holes } from '../shell/holes.ts';
import type { Origin, ShellCall, ShellRun, Unfollowed as UnfollowedScript, Variable } from '../shell/shell-run.ts';
import type { Workflow, WorkflowJob, WorkflowStep } from '../workflows/workflow.ts';

/** A text of the workflow with its expressions evaluated. */
export interface Evaluated {
  /** With holes. */
  readonly value: string;
  readonly placed: PlacedText;
  readonly span: Span;
  readonly origins: readonly Origin[];
}

/** What the audit did not examine, and why. That it has no findings there does not mean that there are none. */
export interface Unfollowed {
  readonly kind:
    | UnfollowedScript['kind']
    /** More jobs, or steps of actions, than are followed. */
    | 'size';
  readonly span: Span;
}

/** A job or a step that never runs. Rules do not judge it; a secret's default is one that everybody can read there, too. */
export interface Disabled {
  /** The key of the job, the label of the step. */
  readonly name: string;
  /** `its if is false`, `it needs build, which never runs` */
  readonly why: string;
  /** Of a job its id. */
  readonly span: Span;
}

export interface AuditedStep {
  readonly step: WorkflowStep;
  /** `build`, `2`: the id, else the name, else the number from 1. */
  readonly label: string;
  /** `owner/name@ref` or `./path`, evaluated; null: a `run` step. */
  readonly uses: Evaluated | null;
  /** The action without its ref, lower case: `docker/build-push-action`. */
  readonly action: string | null;
  readonly with: ReadonlyMap<string, Evaluated>;
  /** workflow < job < step, `$GITHUB_ENV` of earlier steps included. */
  readonly environment: ReadonlyMap<string, Variable>;
  /** Of `run`, of an action's script (`with.script`), and of a composite action's steps, which stand here in the place of the call. */
  readonly calls: readonly ShellCall[];
  readonly unknownScripts: ShellRun['unknownScripts'];
  readonly faults: ShellRun['faults'];
  readonly settings: ShellRun['settings'];
  readonly unfollowed: readonly Unfollowed[];
  /** Files that it writes, by the paths it gives them, on the runner or on a server. */
  readonly written: ShellRun['files'];
  /** Its failure does not fail the job: its own `continue-on-error` that is true for certain. */
  readonly continuesOnError: Span | null;
  /** `if`, evaluated as text; null: none. */
  readonly condition: Evaluated | null;
  /** Runs after an earlier failure: `failure()`, or `always()`/`!cancelled()` in its `if`. */
  readonly runsOnFailure: boolean;
}

export interface AuditedJob {
  /** Unique in the pipeline: `migrate`, of a called workflow `release / migrate`. */
  readonly key: string;
  readonly id: string;
  readonly job: WorkflowJob;
  /** The workflow it is written in: of a called one, that file. */
  readonly workflow: Workflow;
  /** From the job that calls outside to inside; [] in the workflow itself. */
  readonly calledBy: readonly { readonly job: WorkflowJob; readonly workflow: Workflow }[];
  readonly role: Role;
  /** Why: `runs migrate`, `audit.roles in the configuration`, `its name` … */
  readonly roleReason: string;
  /** Everything the job does, a job can deploy and migrate: what its commands and actions show. */
  readonly does: ReadonlySet<Role>;
  /** Keys of jobs it needs directly; of a job in a called workflow, the needs of the caller too. */
  readonly needs: readonly string[];
  /** Keys, transitive. */
  readonly allNeeds: ReadonlySet<string>;
  /** The GitHub environment, evaluated; null: none. Of a job in a called workflow: its own. */
  readonly environment: Evaluated | null;
  /** `dev`, `uat`, `prod`, …: from the GitHub environment, else inputs and names; null: not known. */
  readonly stage: string | null;
  readonly condition: Evaluated | null;
  /** `if` lets it run although a job it needs has failed or was skipped, and does not ask for that job's result. */
  readonly ignoresResultOf: readonly string[];
  readonly continuesOnError: Span | null;
  readonly services: readonly { readonly name: string; readonly image: Evaluated | null }[];
  readonly container: Evaluated | null;
  readonly steps: readonly AuditedStep[];
  /** Steps that never run; they are not among `steps`. */
  readonly disabledSteps: readonly Disabled[];
  /** What it does is not known, or only in part: it calls a workflow of another repository, or is too complex to follow. */
  readonly isOpaque: boolean;
  /** The value of `outputs`, evaluated. */
  readonly outputs: ReadonlyMap<string, Evaluated>;
}

/** A workflow with everything it calls: one graph of jobs. */
export interface Pipeline {
  readonly workflow: Workflow;
  /** In the order of the file; those of a called workflow in the place of the call. */
  readonly jobs: readonly AuditedJob[];
  /** Jobs that never run; they are not among `jobs`. */
  readonly disabledJobs: readonly Disabled[];
  /** Only `workflow_call` triggers it: what is around it is another workflow's. Those that are called from this checkout are judged there, and not again alone. */
  readonly isOnlyCalled: boolean;
  /** Jobs and called workflows; those of scripts and actions are with their steps. */
  readonly unfollowed: readonly Unfollowed[];
  /** `dev`, `uat`, `prod`, `staging`, …: by the file's name, its environments, its branches; null: none, or several. */
  readonly stage: string | null;
}

/** What the checkout says about its project; null where there is no checkout to look at. */
export interface ProjectFacts {
  /** There is a manage.py (true), there is a checkout without (false), nothing is known (null). */
  readonly isDjango: boolean | null;
  /** All its files but those of GitHub, relative to the root. */
  readonly paths?: readonly string[];
  /** Where a manage.py stands, relative to the root; '': the root itself. */
  readonly djangoFolders?: readonly string[];
  /** Its manage.py lies at the root: there is nothing else beside it. */
  readonly isAtRoot?: boolean;
  /** django-tenants or the like is installed, by requirements or settings; null: not known. */
  readonly hasTenants: boolean | null;
}

/** What rules are given. Everything in it is text and positions: a rule asks nothing of a machine. */
export interface Audit {
  /** Relative paths of all files read, sorted. */
  readonly files: readonly string[];
  readonly workflows: readonly Workflow[];
  readonly pipelines: readonly Pipeline[];
  readonly project: ProjectFacts;
  readonly config: AuditConfig;
  readonly holes: Holes;
  /** A workflow of the checkout by its path, also one that was not asked for; undefined: there is none. Never throws. */
  readonly workflowAt: (path: string) => Workflow | undefined;
  /** A text of the checkout by its path relative to the root, e.g. a compose file that a command names; undefined: there is none. Never throws. */
  readonly readFile: (path: string) => string | undefined;
}
