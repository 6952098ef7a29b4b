import type { CachedSite } from './cached-site.ts';
import type { Undoable } from './undoable.ts';

export interface Place {
  readonly site: CachedSite;
  readonly change: Undoable;
  inCheckout(name: string): string;
  inBackend(name: string): string;
  /** Among what the settings read that is not in the checkout. */
  outside(name: string): string;
  /** In `site-packages`. */
  installed(name: string): string;
}

/** One change to a site that is set up and cached. */
export interface Row {
  readonly what: string;
  make(at: Place): Promise<unknown>;
}

export const row = (what: string, make: Row['make']): Row => ({ what, make });
