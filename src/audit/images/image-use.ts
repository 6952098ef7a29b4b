import type { PlacedText, Span } from '../../core/placed-text.ts';
import type { Origin, ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';

/** A reference to an image, taken apart; every part may have holes. */
export interface ImageReference {
  /** `ghcr.io`, `localhost:5000`; null: Docker Hub, or not written. */
  readonly registry: string | null;
  /** With its namespace: `owner/app`; null: only a tag is known, e.g. of `helm --set image.tag=…`. */
  readonly repository: string | null;
  /** null: none is written. */
  readonly tag: string | null;
  readonly digest: string | null;
}

/** What makes two builds the same build. */
export interface BuildInput {
  readonly context: string;
  readonly file: string | null;
  readonly target: string | null;
  readonly platform: string | null;
  /** `--build-arg`s as they are written, sorted. */
  readonly args: readonly string[];
}

/** One mention of an image by a command or action. */
export interface ImageUse {
  /** `deploy`: another program is told to run it, e.g. `kubectl set image`. */
  readonly use: 'build' | 'tag' | 'push' | 'pull' | 'run' | 'deploy';
  /** As it is said, with holes. */
  readonly value: string;
  /** Every reference that its choices allow. */
  readonly references: readonly ImageReference[];
  /** Of the reference itself, inside here-documents too. */
  readonly span: Span;
  /** The range of a text it is written in; null: not in the workflow. */
  readonly written: { readonly placed: PlacedText; readonly start: number; readonly end: number } | null;
  readonly origins: readonly Origin[];
  readonly job: AuditedJob;
  readonly step: AuditedStep;
  /** null: an action's. */
  readonly call: ShellCall | null;
  /** Of a build, and of the push that is part of one. */
  readonly build: BuildInput | null;
  /** Of `tag` and copies: what gets another name. */
  readonly source: string | null;
  /** Is run once beside the work and removed: `docker run --rm` in the foreground. */
  readonly isHelper: boolean;
  /** Of a compose file: the service's name says that it is the project's own, e.g. `web`. */
  readonly isApp: boolean;
  /** Where the reference is said, if not in the workflow: a compose file's line. */
  readonly saidIn: { readonly text: string; readonly span: Span } | null;
}
