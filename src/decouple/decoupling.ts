import type { TextEdit } from '../audit/finding.ts';
import type { LeftPart, MovedPart } from '../core/decouple-report.ts';
import type { Span } from '../core/placed-text.ts';
import type { NodeInstall } from '../scaffold/workflows/blocks/node-steps.ts';
import type { PythonInstall } from '../scaffold/workflows/blocks/python-steps.ts';
import type { PipelineVariables } from '../scaffold/workflows/look-at-variables.ts';

/** What the migrate job runs: devsetup, or the plain commands of manage.py. */
export type MigrateWith = 'devsetup' | 'manage';

/** What is known of the checkout and wished by the user. */
export interface DecoupleFacts {
  readonly with: MigrateWith;
  /** false: the checkout has no manage.py, so its jobs cannot run Django's migrations. */
  readonly hasDjango: boolean;
  /** `--secret`: the secret that holds the address of the database, or its password; null: the workflows have to say it. */
  readonly secret: string | null;
  /** Without that, the names of the settings themselves are taken: what is shown until the secret is named. */
  readonly isProposal?: boolean;
  readonly variables: PipelineVariables;
  readonly urlVariable: string;
  /** Python of the project mentions that variable, although the settings cannot be read. */
  readonly mentionsUrl: boolean;
  readonly engine: string;
  /** What the settings name is not PostgreSQL, for which devsetup is made. */
  readonly isOtherEngine: boolean;
  /** Of the checkout, for workflows without a job that tests. */
  readonly python: { readonly version: string; readonly install: PythonInstall | null };
  /** Folder of manage.py, relative to the root. */
  readonly backendFolder: string;
  readonly node: NodeInstall & { readonly nodeVersion: string };
  /** Files of the checkout that mention a script by its name, workflows and itself aside. */
  readonly mentionsOf: (script: string) => readonly string[];
  /** Names that `devsetup migrate --environment` takes. */
  readonly environments: readonly string[];
}

/** What stays as it is, and where. */
export interface Left extends Pick<LeftPart, 'what' | 'why' | 'remedy'> {
  readonly span: Span;
  /** `--secret`, or an answer, is all that it needs. */
  readonly needsSecret?: boolean;
}

/** What has to be set on GitHub: the migrate job reads it. */
export interface NeededSetting {
  readonly kind: 'secret' | 'variable';
  readonly name: string;
  /** null: of the repository. */
  readonly environment: string | null;
}

export interface ChangedFile {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export interface Decoupling {
  readonly files: readonly ChangedFile[];
  readonly moved: readonly MovedPart[];
  readonly left: readonly Left[];
  readonly settings: readonly NeededSetting[];
  readonly notes: readonly string[];
  /** A new job installs devsetup: package.json has to name it. */
  readonly needsDevsetup: boolean;
}

/** What is planned for one workflow. */
export interface WorkflowPlan {
  readonly edits: readonly TextEdit[];
  readonly moved: readonly MovedPart[];
  readonly settings: readonly NeededSetting[];
  readonly notes: readonly string[];
  /** Scripts and actions that are changed, too: every job that runs them has to be among those that are changed. */
  readonly shared: readonly string[];
  /** The migrate job is a new one. */
  readonly isNew: boolean;
}
