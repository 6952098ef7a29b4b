import type { ExitCodeValue } from './errors.ts';

export const INIT_REPORT_SCHEMA_VERSION = 1;

/** What `devsetup init --json` prints, described in schemas/init-report.schema.json. */
export interface InitReport {
  readonly schemaVersion: typeof INIT_REPORT_SCHEMA_VERSION;
  readonly command: 'init';
  /** What was to be set up; `workflows`: with --workflows. */
  readonly subject: 'dev-container' | 'workflows';
  readonly version: string;
  /** The root of the project, an absolute path. */
  readonly project: string;
  /**
   * `conflict`: files that devsetup did not write are in the way, nothing was written · `declined`: the answer was no · `failed`: all
   * files were written, and the package manager failed
   */
  readonly outcome: 'done' | 'unchanged' | 'would-change' | 'conflict' | 'declined' | 'failed' | 'interrupted';
  readonly exitCode: ExitCodeValue;
  readonly options: readonly InitOption[];
  readonly files: readonly InitFile[];
  /** Hand-written set-ups: what devsetup does of them, and what it does not know. They are left as they are. */
  readonly scripts: readonly InitScript[];
  /** null: everything is installed, or nothing was to be. */
  readonly install: InitInstall | null;
  /** What keeps the dev container from opening as it is planned; then the exit code is 1. */
  readonly problems: readonly string[];
  /** What the user should know. */
  readonly notes: readonly string[];
  /** What has to be set on GitHub by hand for the workflows; [] for a dev container. */
  readonly settings: readonly InitSetting[];
  /** What to type next. */
  readonly next: readonly string[];
}

export interface InitOption {
  /** As the template calls it, e.g. `pythonVersion`. */
  readonly option: string;
  readonly value: string;
  /** `flag`: or an answer · `made`: what an earlier `init` was told · `found`: in the checkout · `default`: nothing says. */
  readonly by: 'flag' | 'made' | 'found' | 'default';
  /** Where it was found. */
  readonly source: string | null;
}

export interface InitSetting {
  readonly kind: 'environment' | 'secret' | 'variable';
  readonly name: string;
  /** null: of the repository. */
  readonly environment: string | null;
  /** What it is for, without a full stop. */
  readonly purpose: string;
  /** As it is typed at the root; holds no value. */
  readonly command: string;
}

export interface InitFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly action: 'create' | 'update' | 'keep' | 'conflict';
  /** Whether it was written in this run. */
  readonly written: boolean;
  readonly reason: string | null;
}

export interface InitScript {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly takenOver: readonly { readonly line: number; readonly text: string; readonly step: string }[];
  /**
   * `step`: id of the own step that does it, in the configuration or planned for it; null: it stays with the script, and `why` says
   * for what reason.
   */
  readonly unknown: readonly {
    readonly line: number;
    readonly text: string;
    readonly step: string | null;
    readonly why: string | null;
  }[];
}

export interface InitInstall {
  /** As it is typed at the root. */
  readonly command: string;
  /** `left`: to the user, by --no-install or because the package manager is not on this machine. */
  readonly outcome: 'done' | 'failed' | 'left' | 'would-run';
  /** The last lines of its output where it failed. */
  readonly output: readonly string[];
}
