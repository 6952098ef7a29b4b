import type { Meaning } from './safe-edit.ts';

/** The groups of `devsetup doctor`, in the order they are shown. */
export const CHECK_GROUPS = [
  'checkout',
  'toolchain',
  'environment',
  'database',
  'django',
  'setup',
  'dev-container',
  'pipelines',
  'last-run',
  'project',
] as const;

export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** `error`: it does not work · `warning`: it will bite · `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** Where in the checkout; the path is relative to its root, lines and columns begin with 1. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** What to type or edit next. */
export interface Remedy {
  /** One sentence. */
  readonly text: string;
  /** A command to be typed at the root of the checkout as it stands; null: it is an edit, or a decision. */
  readonly command: string | null;
}

/**
 * How `--fix` mends a finding: through the step that owns the state, by an edit of one file whose difference is shown first, or by the form of a file.
 * Only what is safe to do without knowing more: nothing that removes or changes data.
 */
export type Fix =
  | { readonly by: 'step'; readonly step: string }
  | {
      readonly by: 'edit';
      /** Absolute. */
      readonly file: string;
      /** What the edit does, e.g. `add the missing variables`. */
      readonly summary: string;
      /** The new text; `text` is null where there is no file yet. Pure, and given what the file holds when it is asked. */
      readonly edit: (text: string | null) => string;
      /** What the file says together with others. If given, the edit is written only where it changes what is wanted, and nothing else. */
      readonly meaning?: Meaning;
    }
  | {
      /** What the file says stays; how it is stored changes. */
      readonly by: 'form';
      /** Absolute. */
      readonly file: string;
      readonly make: FileForm;
    };

/** How a file is stored. `executable`: also in git, if git has it. */
export type FileForm = 'executable' | 'unix-lines' | 'no-mark';

/** What a check reports; severity is that of its code in the check's table unless given here. */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  /** What is wrong: one sentence that names the file, variable, host … */
  readonly message: string;
  /** What shows it, a line each. */
  readonly evidence?: readonly string[];
  readonly remedy: Remedy;
  readonly place?: Place;
  readonly fix?: Fix;
  readonly severity?: Severity;
}

export type CheckOutcome<Code extends string = string> =
  | { readonly kind: 'passed'; readonly evidence: string }
  | { readonly kind: 'problems'; readonly problems: readonly Problem<Code>[] }
  | { readonly kind: 'not-applicable'; readonly reason: string }
  /** It could not be looked at. `blockedBy`: the code of the finding that prevents it. `network`: the world's fault, not the project's. */
  | {
      readonly kind: 'could-not-check';
      readonly reason: string;
      readonly blockedBy?: string;
      readonly network?: boolean;
    };

/**
 * A question that `devsetup doctor` asks. `C` is what checks share. `run` changes nothing; what it throws is reported as "could
 * not check". `findings` lists every code it may report: each has a page in `docs/findings/`.
 */
export interface Check<C, Code extends string = string> {
  /** In kebab-case, for `--only` and `--skip`. */
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  readonly findings: Readonly<Record<Code, Severity>>;
  /** Default 15. */
  readonly timeoutSeconds?: number;
  run(context: C): Promise<CheckOutcome<Code>>;
}

/** Keeps the codes of a check and those it reports together. */
export const defineCheck = <C, Code extends string>(check: Check<C, Code>): Check<C> => check as Check<C>;

export const passed = (evidence: string): CheckOutcome<never> => ({ kind: 'passed', evidence });

export const notApplicable = (reason: string): CheckOutcome<never> => ({ kind: 'not-applicable', reason });

/** Passed where there are none. */
export const problemsOr = <Code extends string>(
  problems: readonly Problem<Code>[],
  evidence: string,
): CheckOutcome<Code> => (problems.length === 0 ? passed(evidence) : { kind: 'problems', problems });

/** Thrown by what checks share to end the check that asked: what it asks for does not exist here, or cannot be had. */
export class CheckStopped extends Error {
  readonly outcome: Extract<CheckOutcome, { kind: 'not-applicable' | 'could-not-check' }>;

  constructor(outcome: Extract<CheckOutcome, { kind: 'not-applicable' | 'could-not-check' }>) {
    super(outcome.reason);
    this.name = 'CheckStopped';
    this.outcome = outcome;
  }
}

export interface Finding {
  /** In kebab-case; names its page `docs/findings/<code>.md`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly remedy: Remedy;
  readonly place: Place | null;
  readonly fix: Fix | null;
}

export type CheckStatus = 'passed' | 'findings' | 'could-not-check' | 'not-applicable' | 'skipped';

export interface CheckResult {
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  readonly status: CheckStatus;
  /** Evidence or reason: one line. */
  readonly message: string;
  readonly findings: readonly Finding[];
  /** For `could-not-check`: the code of the finding that prevents it, or null. */
  readonly blockedBy: string | null;
  /** For `could-not-check`: true if the network is to blame. */
  readonly network: boolean;
  /** Wall time, rounded to milliseconds. */
  readonly milliseconds: number;
}
