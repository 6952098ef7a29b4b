import type { Place } from '../../../core/check.ts';
import type { FileForm } from '../../../core/check.ts';

/** Why a command of a hook cannot start, or fails as soon as it has. */
export interface Fault {
  readonly kind: 'array-form' | 'script' | 'interpreter' | 'syntax' | 'runner' | 'folder';
  /** What cannot run, as it is written. */
  readonly subject: string;
  /** A clause that follows a colon. */
  readonly why: string;
  /** One sentence. */
  readonly remedy: string;
  /** What can be typed at the root. */
  readonly command?: string;
  /** A value of the hook that is right; null or missing: it is not known. */
  readonly value?: string | null;
  /** A file, relative to the root, that is right in this form. */
  readonly form?: { readonly file: string; readonly make: FileForm };
  /** git has to store this file with LF. */
  readonly attribute?: string;
  readonly place?: Place;
}
