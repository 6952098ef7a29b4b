import type { CacheOptions } from '../cache/read-cache.ts';
import type { DevsetupError } from '../core/errors.ts';
import type { Redactor } from '../core/redact.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import type { Installed } from '../django/examination.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { Tree } from '../state/walk-tree.ts';
import type { DatabasePlace, SetupContext, SetupOptions } from '../steps/context.ts';
import type { Host } from './host.ts';
import type { Workspace } from './open-workspace.ts';

export interface OpenContext {
  readonly context: SetupContext;
  readonly djangoStarts: () => number;
  /** Django, if this run had to ask it. */
  readonly started: () => DjangoClient | undefined;
  /** The database that is migrated; null: Django was not asked, or names none that devsetup works on. */
  readonly place: () => DatabasePlace | null;
  /** Milliseconds since 1970. */
  readonly djangoStartedAt: () => number;
  /** The checkout right before Django was started; undefined: it was not, or the checkout is too large. */
  readonly checkoutBefore: () => Tree | undefined;
  /** Why the cache did not answer; undefined: it was not asked, or did. */
  readonly cacheMiss: () => string | undefined;
  /** Whether this step was looked at, and may be cached. */
  readonly isNoted: (id: string) => boolean;
  /** undefined: the flags ask for more than what is cached. */
  readonly cache: CacheOptions | undefined;
  /** Releases the lock and ends Django. Never throws. */
  readonly close: () => Promise<void>;
}

export interface ContextOptions {
  readonly workspace: Workspace;
  readonly host: Host;
  readonly options: SetupOptions;
  readonly signal: AbortSignal;
  /** Ends the run as an interruption would, with this as its reason. */
  readonly abort: (reason: DevsetupError) => void;
  readonly redactor: Redactor;
  /** false: nothing is taken from the cache. Default true. */
  readonly caches?: boolean;
  /** Default null. */
  readonly pipeline?: PipelineRun | null;
  /** Further variables of everything that is started. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Wants to know, with the start of Django, what is installed. */
  readonly installed?: {
    /** What the project asks for, as PEP 508 requirements. Never throws. */
    readonly requirements: () => Promise<readonly string[]>;
    readonly tell: (installed: Installed) => void;
  };
}
