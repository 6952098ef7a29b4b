import type { Role } from './job-role.ts';
import type { Span } from './placed-text.ts';

/** How a workflow is understood, as `devsetup audit --explain` tells it. Holes are shown by their names: `app:${github.sha}`. */
export interface WorkflowExplanation {
  readonly file: string;
  readonly name: string | null;
  readonly events: readonly string[];
  readonly stage: string | null;
  /** Other workflows call it, nothing else starts it. */
  readonly isOnlyCalled: boolean;
  readonly faults: readonly { readonly message: string; readonly span: Span }[];
  readonly jobs: readonly JobExplanation[];
  /** Jobs that never run, and why. No rule judges them. */
  readonly disabledJobs: readonly DisabledExplanation[];
}

export interface DisabledExplanation {
  readonly name: string;
  readonly why: string;
  readonly span: Span;
}

export interface JobExplanation {
  readonly key: string;
  /** Of its id, in the file it is written in. */
  readonly span: Span;
  /** Ids of the jobs whose call leads to it, from outside to inside. */
  readonly calledBy: readonly string[];
  readonly role: Role;
  /** Why it has this role; '': nothing says what it is for. */
  readonly why: string;
  /** What shows that it builds, tests or deploys: `deploy: docker compose up`, `deploy, weakly: ssh`. */
  readonly shows: readonly string[];
  /** What else it does. */
  readonly does: readonly Role[];
  readonly stage: string | null;
  readonly environment: string | null;
  readonly condition: string | null;
  /** What its `if`, and those of the jobs that call its workflow, certainly ask for. */
  readonly demands: readonly string[];
  /** Jobs of the workflow that never run in the same run. */
  readonly neverWith: readonly string[];
  readonly needs: readonly string[];
  /** Needed jobs whose failure does not stop it. */
  readonly ignoresResultOf: readonly string[];
  /** Calls a workflow that is not here. */
  readonly isOpaque: boolean;
  readonly migrations: readonly MigrationExplanation[];
  readonly images: readonly ImageExplanation[];
  /** The containers that it deploys, as far as the checkout says how they start. */
  readonly starts: readonly StartExplanation[];
  /** Scripts it runs that are not in the checkout. */
  readonly unknownScripts: readonly { readonly path: string; readonly span: Span }[];
  /** Steps that never run. */
  readonly disabledSteps: readonly DisabledExplanation[];
}

export interface MigrationExplanation {
  /** `migrate_schemas --shared`, without values of options. */
  readonly command: string;
  readonly stage: string;
  /** Outermost first. */
  readonly within: readonly string[];
  /** What becomes of its failure. */
  readonly fate: 'fails' | 'swallowed' | 'replaced' | 'retried' | 'unheeded';
  /** What hides its failure; []: nothing does. */
  readonly hiddenBy: readonly string[];
  /** The shells it runs in, outermost first. */
  readonly shells: readonly ShellExplanation[];
  readonly step: string;
  readonly span: Span;
}

/** How a shell was understood. */
export interface ShellExplanation {
  readonly shell: string;
  /** At a failure; null: not known. */
  readonly stops: boolean | null;
  readonly why: string;
  /** Where it is started; null: it is the job's. */
  readonly span: Span | null;
}

export interface StartExplanation {
  /** `service web`, `init container migrate` */
  readonly what: string;
  /** The Dockerfile it is built from, or the image it names; null: neither is known. */
  readonly image: string | null;
  /** Programs and management commands, in the order they are run. */
  readonly runs: readonly string[];
  readonly migrations: readonly {
    readonly command: string;
    /** Only the server knows whether it is run. */
    readonly isConditional: boolean;
    readonly span: Span;
  }[];
  /** `kept`: it serves. `init`: it is run before each of those. `once`: it is run to its end, and others wait for that. */
  readonly kind: 'kept' | 'init' | 'once';
  /** Scripts and images that are not in the checkout. */
  readonly unknown: readonly string[];
  readonly span: Span;
}

export interface ImageExplanation {
  readonly use: string;
  /** As it is said, holes by their names. */
  readonly said: string;
  /** What it may be. */
  readonly references: readonly { readonly name: string; readonly verdict: { readonly kind: string } }[];
  readonly origins: readonly { readonly text: string; readonly span: Span | null }[];
  readonly step: string;
  readonly span: Span;
}
