import type { FileForm } from '../core/check.ts';

/** One file of the checkout, and what is to be done with it. Nothing has been written yet. */
export interface PlannedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /**
   * `create`: there is none yet · `update`: an edit in place that keeps what else the file holds, or a file devsetup wrote before ·
   * `keep`: it is as it should be, or left as it is on purpose · `conflict`: devsetup did not write it, and the template's file would replace it
   */
  readonly action: 'create' | 'update' | 'keep' | 'conflict';
  /** null: there is no such file. */
  readonly before: string | null;
  /** What it would hold; equal to `before` where it is kept. */
  readonly after: string;
  /** Why, in one sentence without the path, e.g. `hooks call devsetup`; null: it needs no explanation. */
  readonly reason: string | null;
  /** For new files; by default what the umask lets of 0666. */
  readonly mode?: number;
  /** How it is stored changes, and nothing that it says: `before` and `after` are not used. */
  readonly forms?: readonly FileForm[];
}
