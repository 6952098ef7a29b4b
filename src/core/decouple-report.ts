import type { ExitCodeValue } from './errors.ts';
import type { InitSetting } from './init-report.ts';
import type { Span } from './placed-text.ts';

export const DECOUPLE_REPORT_SCHEMA_VERSION = 1;

/** What `devsetup decouple --json` prints, described in schemas/decouple-report.schema.json. */
export interface DecoupleReport {
  readonly schemaVersion: typeof DECOUPLE_REPORT_SCHEMA_VERSION;
  readonly command: 'decouple';
  readonly version: string;
  /** The root of the checkout, an absolute path. */
  readonly project: string;
  readonly outcome: 'done' | 'unchanged' | 'would-change' | 'declined' | 'interrupted';
  readonly exitCode: ExitCodeValue;
  readonly files: readonly DecoupledFile[];
  readonly moved: readonly MovedPart[];
  readonly left: readonly LeftPart[];
  /** What has to be set on GitHub, because no workflow uses it yet. */
  readonly settings: readonly InitSetting[];
  readonly notes: readonly string[];
  /** What to type next. */
  readonly next: readonly string[];
}

export interface DecoupledFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly action: 'create' | 'update';
  readonly written: boolean;
  /** This would be written once that secret is named with `--secret`; null: it waits for nothing. */
  readonly needsSecret: string | null;
  /** As `git diff` shows it. */
  readonly diff: readonly string[];
}

/** A row of the table. */
export interface MovedPart {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** What stays as it is. */
export interface LeftPart extends Span {
  readonly what: string;
  /** A sentence without its period. */
  readonly why: string;
  /** What to do, one sentence. */
  readonly remedy: string;
}
