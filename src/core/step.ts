import { hasShape, isOrNull, isText, isTexts, type Guard } from './shape.ts';

/** The steps devsetup ships, in their order. A project's own steps carry ids of their own. */
export const STEP_IDS = [
  'backend-dependencies',
  'frontend-dependencies',
  'database',
  'shared-migrations',
  'super-tenant',
  'tenant-migrations',
  'guest-tenant',
  'superuser',
] as const;

export type BuiltInStepId = (typeof STEP_IDS)[number];

/** What they do depends on files alone: they need no database. */
export const INSTALLING_STEPS: ReadonlySet<string> = new Set<BuiltInStepId>([
  'backend-dependencies',
  'frontend-dependencies',
]);

/** What `inspect` finds. */
export type State =
  | {
      readonly kind: 'satisfied';
      readonly evidence: string;
      readonly details?: readonly string[];
      /** What the user should know although nothing is to be done. */
      readonly warnings?: readonly string[];
      readonly data?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'needed';
      readonly reason: string;
      readonly actions: readonly string[];
      /** For a run that only looks. */
      readonly data?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'blocked';
      readonly code: string;
      readonly reason: string;
      readonly hint: string;
      /** The management command that mends it, where one does: what stands after manage.py. */
      readonly manage?: readonly string[];
    }
  | { readonly kind: 'not-applicable'; readonly reason: string }
  | { readonly kind: 'skipped'; readonly reason: string };

/** What `apply` has to tell beyond "done"; the engine inspects again to see whether it is true. */
export interface Applied {
  /** One line for the summary, e.g. `42 migrations applied, 3 faked`. */
  readonly summary: string;
  /** Further lines the user must see, e.g. the names of the migrations that were faked. */
  readonly details?: readonly string[];
  /** Structured facts for `--json`, without secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** False: somebody else had done it meanwhile, this run changed nothing. */
  readonly changed?: boolean;
}

export interface UpdateStyle {
  /** A log shows it in any case; others only at intervals. */
  readonly important?: boolean;
  /** The live tree shows it until the next update, whatever the command prints meanwhile. */
  readonly stays?: boolean;
}

/** How a running step reports; every call is cheap and may come often. */
export interface Progress {
  /** What is being done now, e.g. `137/900 · 2 failed`. */
  update(text: string, how?: UpdateStyle): void;
  /** Output of a child process as it arrives, in pieces of any length. */
  output(chunk: string): void;
  /** Something the user must see although the step goes on. */
  warn(text: string): void;
}

/** For work without progress output. */
export const SILENT: Progress = { update: () => undefined, output: () => undefined, warn: () => undefined };

/**
 * A desired state: what should be true, how to see whether it is, how to make it so. `C` is the context steps share.
 * `inspect` changes nothing; `apply` is idempotent and is called only after `inspect` answered `needed`.
 */
export interface Step<C> {
  readonly id: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  /** Work that may start before the dependencies are done (the early wait for the database). */
  begin?(context: C, progress: Progress): Promise<void>;
  inspect(context: C, progress: Progress): Promise<State>;
  apply(context: C, progress: Progress): Promise<Applied>;
}

export type StepStatus =
  'unchanged' | 'changed' | 'would-change' | 'not-applicable' | 'skipped' | 'failed' | 'not-attempted';

/** A failure as the report carries it: the four things a user needs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** Last lines of the command's own output. */
  readonly output: readonly string[];
}

export const isFailure: Guard<Failure> = hasShape({
  code: isText,
  message: isText,
  hint: isOrNull(isText),
  output: isTexts,
});

export interface StepResult {
  readonly id: string;
  readonly title: string;
  readonly status: StepStatus;
  /** Evidence, reason or summary: one line. */
  readonly message: string;
  readonly details: readonly string[];
  /** For `would-change`: the exact actions. */
  readonly actions: readonly string[];
  readonly warnings: readonly string[];
  /** Wall time, rounded to milliseconds. */
  readonly milliseconds: number;
  readonly failure: Failure | null;
  readonly data: Readonly<Record<string, unknown>>;
}
