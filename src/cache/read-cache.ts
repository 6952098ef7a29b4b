import { createHash } from 'node:crypto';

import { isDevsetupError } from '../core/errors.ts';
import type { State } from '../core/step.ts';
import { digestDatabase } from '../postgres/digest-database.ts';
import type { StateStore } from '../state/state-store.ts';
import { readCachedRun, type CachedRun } from './cached-run.ts';
import { digestEnvironment } from './digest-environment.ts';
import { readPassword } from './find-password.ts';
import { digestCheckout, digestObserved, type Checkout } from './fingerprint.ts';

export interface CacheOptions {
  readonly store: StateStore;
  /** Whatever else decides what the steps find, as it is now. */
  readonly key: () => readonly unknown[];
  readonly checkout: Checkout;
  /** The complete environment of children. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export type CacheAnswer =
  | { readonly isValid: true; readonly states: Readonly<Record<string, State>>; readonly target: CachedRun['target'] }
  /** What has changed, as a sentence without a full stop. */
  | { readonly isValid: false; readonly reason: string };

/**
 * What the steps found at the end of the last good run, if nothing that it depended on has changed since: nothing in the checkout,
 * nothing outside that Django opened, listed or asked about, no installed distribution, no variable, nothing about the machine, and
 * no schema, table, migration, tenant, domain or superuser in the database, which is asked each time. Where anything differs or
 * cannot be compared, Django is started: that costs half a second, and a wrong "nothing to do" costs trust.
 */
export const readCache = async (options: CacheOptions): Promise<CacheAnswer> => {
  const { store, checkout, env, signal } = options;
  const cached = readCachedRun(store);
  if (cached === undefined) return changed('no good run is cached');
  if (cached.key !== keyOf(options)) return changed('devsetup, its configuration, its flags or the machine changed');
  if (cached.environmentDigest !== digestEnvironment(env, cached.variables, cached.salt))
    return changed('the environment changed');
  if (cached.checkoutDigest !== digestCheckout(checkout, cached.observed.written))
    return changed('the checkout changed');
  if (cached.observedDigest !== digestObserved(cached.observed, checkout))
    return changed('installed packages, or other files outside of the checkout, changed');
  const password = readPassword(cached.password, env);
  if (password === undefined) return changed('the password of the database is no longer in the environment');
  try {
    const found = await digestDatabase({ ...cached.target, password }, cached.tables, { signal });
    return found.digest === cached.databaseDigest
      ? { isValid: true, states: cached.states, target: cached.target }
      : changed('the database changed');
  } catch (error) {
    // Not there, not let in, or without a table that was there: the steps find out which and say so.
    if (isDevsetupError(error)) return changed('the database could not be compared');
    throw error;
  }
};

export const keyOf = ({ key }: Pick<CacheOptions, 'key'>): string =>
  createHash('sha256').update(JSON.stringify(key())).digest('hex');

const changed = (reason: string): CacheAnswer => ({ isValid: false, reason });
