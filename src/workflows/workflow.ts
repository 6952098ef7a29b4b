import type { PlacedText, SourceFile, Span } from '../core/placed-text.ts';

/** A scalar as it is written: its text with `${{ … }}` still in it. */
export interface Scalar {
  readonly placed: PlacedText;
  /** The text. */
  readonly value: string;
  readonly span: Span;
}

/** A key with its value, in the order of the file. */
export interface Entry<T> {
  readonly key: string;
  /** Of the key. */
  readonly keySpan: Span;
  readonly value: T;
}

export type Entries<T = Scalar> = ReadonlyMap<string, Entry<T>>;

/** What is left of YAML where no key of its own is read. */
export type YamlValue =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'list'; readonly items: readonly YamlValue[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: Entries<YamlValue>; readonly span: Span };

export interface Concurrency {
  readonly group: Scalar | null;
  /** `true`, `false` or an expression. */
  readonly cancelInProgress: Scalar | null;
  /** Further keys, as they are: GitHub adds some. */
  readonly others: Entries;
  /** From the key on. */
  readonly span: Span;
}

export interface WorkflowStep {
  readonly index: number;
  readonly id: string | null;
  readonly name: Scalar | null;
  readonly condition: Scalar | null;
  readonly uses: Scalar | null;
  /** Scalars only; a list or mapping is left out (GitHub takes none). */
  readonly with: Entries;
  readonly run: Scalar | null;
  readonly shell: Scalar | null;
  readonly workingDirectory: Scalar | null;
  readonly env: Entries;
  readonly continueOnError: Scalar | null;
  readonly span: Span;
}

export interface WorkflowJob {
  readonly id: string;
  /** Of its key. */
  readonly idSpan: Span;
  readonly name: Scalar | null;
  readonly needs: readonly Scalar[];
  /** The whole `needs: …` with its key; null: none. */
  readonly needsSpan: Span | null;
  readonly condition: Scalar | null;
  readonly environment: Scalar | null;
  readonly env: Entries;
  readonly defaults: { readonly shell: Scalar | null; readonly workingDirectory: Scalar | null };
  readonly concurrency: Concurrency | null;
  readonly continueOnError: Scalar | null;
  readonly timeoutMinutes: Scalar | null;
  readonly runsOn: YamlValue | null;
  readonly container: YamlValue | null;
  readonly services: Entries<YamlValue>;
  /** `strategy.matrix`: lists by name, `include` and `exclude` among them. */
  readonly matrix: YamlValue | null;
  readonly outputs: Entries;
  readonly steps: readonly WorkflowStep[];
  /** A job that calls a workflow. */
  readonly uses: Scalar | null;
  readonly with: Entries;
  readonly secrets: YamlValue | null;
  readonly permissions: YamlValue | null;
  readonly span: Span;
}

export interface WorkflowInput {
  readonly default: Scalar | null;
  readonly options: readonly Scalar[];
  readonly type: Scalar | null;
  readonly required: Scalar | null;
}

export interface Trigger {
  /** `push`, `workflow_call`, … */
  readonly event: string;
  readonly span: Span;
  readonly branches: readonly Scalar[];
  readonly tags: readonly Scalar[];
  /** Patterns of files: it runs where one of them has changed; []: whatever has. */
  readonly paths: readonly Scalar[];
  /** Of `workflow_run`: the names of workflows. */
  readonly workflows: readonly Scalar[];
  /** Of `workflow_dispatch` and `workflow_call`. */
  readonly inputs: Entries<WorkflowInput>;
  /** Of `workflow_call`. */
  readonly secrets: Entries<Pick<WorkflowInput, 'required'>>;
  /** Of `workflow_call`. */
  readonly outputs: Entries<YamlValue>;
}

/** One file of `.github/workflows`, as far as it can be read. */
export interface Workflow {
  readonly source: SourceFile;
  readonly name: Scalar | null;
  readonly triggers: readonly Trigger[];
  readonly env: Entries;
  readonly defaults: { readonly shell: Scalar | null; readonly workingDirectory: Scalar | null };
  readonly concurrency: Concurrency | null;
  readonly permissions: YamlValue | null;
  readonly jobs: readonly WorkflowJob[];
  /** Why GitHub refuses it: broken YAML, a key twice, a `needs` that names no job, a cycle, a job without steps and `uses`, … */
  readonly faults: readonly WorkflowFault[];
}

export interface WorkflowFault {
  readonly message: string;
  /** What to do, one sentence. */
  readonly remedy: string;
  readonly span: Span;
  /** What is written there is not YAML: nothing of the file may be relied on. */
  readonly isFatal: boolean;
}

/** An `action.yml` with `runs.using: composite`. */
export interface CompositeAction {
  readonly source: SourceFile;
  /** null: it has none. */
  readonly name: string | null;
  readonly inputs: Entries<WorkflowInput>;
  readonly outputs: Entries<YamlValue>;
  readonly steps: readonly WorkflowStep[];
}

/** `${{ … }}`, parsed. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `github.sha`, `needs.build.outputs.tag`, `matrix['image']`; `*` for a wildcard, null for a part that is computed. */
  | { readonly kind: 'reference'; readonly path: readonly (string | null)[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: Expression;
      readonly right: Expression;
    };
