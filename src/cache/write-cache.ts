import { randomBytes } from 'node:crypto';

import type { State } from '../core/step.ts';
import type { Inputs } from '../django/protocol.ts';
import { digestDatabase } from '../postgres/digest-database.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import { digestMarks, findDifference, findNewest } from '../state/digest-marks.ts';
import type { Mark } from '../state/path-marks.ts';
import type { Tree } from '../state/walk-tree.ts';
import { removeCachedRun, writeCachedRun, type CachedRun } from './cached-run.ts';
import { digestEnvironment } from './digest-environment.ts';
import { markObserved, MOST_ENTRIES, outsideOf, walkCheckout } from './fingerprint.ts';
import { findPasswordSource } from './find-password.ts';
import { keyOf, type CacheOptions } from './read-cache.ts';

export interface Finding {
  readonly inputs: Inputs;
  readonly target: DatabaseTarget;
  /** The checkout right before Django was started; undefined: too large. */
  readonly checkoutBefore: Tree | undefined;
  /** Milliseconds since 1970: a file changed after this may not be the one that Django read. */
  readonly djangoStartedAt: number;
  /**
   * Looks once more, after the database was condensed: what changes before that is seen by the look, what changes later by the next
   * comparison. null: something is to be done.
   */
  readonly look: () => Promise<Readonly<Record<string, State>> | null>;
}

/** The times of files may be this much older than the clock: the kernel takes them from its last tick. */
const TICK_MILLISECONDS = 50;

/**
 * Keeps what a good run found. Answers why it keeps nothing, as sentences without a full stop: then something was done whose result
 * cannot be compared, or changed while Django read it.
 */
export const writeCache = async (options: CacheOptions, finding: Finding): Promise<readonly string[]> => {
  const planned = await planCachedRun(options, finding);
  if ('reasons' in planned) {
    removeCachedRun(options.store);
    return planned.reasons;
  }
  writeCachedRun(options.store, planned);
  return [];
};

interface NotCached {
  readonly reasons: readonly string[];
}

const planCachedRun = async (options: CacheOptions, finding: Finding): Promise<CachedRun | NotCached> => {
  const { inputs, target, checkoutBefore, djangoStartedAt, look } = finding;
  const { checkout, env, signal } = options;
  if (inputs.obstacles.length > 0) return { reasons: inputs.obstacles };
  // libpq reads its files where Python does not see it.
  if (target.service !== undefined) return notCached('the database is named by a libpq service');
  if (target.tls.keyPassword !== undefined) return notCached('the key of the connection has a password');
  const password = findPasswordSource(target.password, env);
  if (password === null) return notCached('the password of the database is in no environment variable');

  const key = keyOf(options);
  const tree = walkCheckout(checkout);
  if (tree === undefined || checkoutBefore === undefined)
    return notCached(`the checkout has more than ${MOST_ENTRIES} files`);
  const written = new Set(inputs.written);
  const difference = findDifference(checkoutBefore.marks, tree.marks, written);
  if (difference !== null) return notCached(`${difference} changed during the run`);
  const observed = outsideOf(inputs, tree, checkout);
  const marks = markObserved(observed, checkout);
  if (marks === undefined) return notCached(`a package outside of the checkout has more than ${MOST_ENTRIES} files`);
  const recent = findRecent([tree.marks, marks], written, djangoStartedAt);
  if (recent !== null) return notCached(`${recent} changed during the run`);

  const { digest: databaseDigest } = await digestDatabase(target, inputs.tables, { signal });
  const states = await look();
  if (states === null) return notCached('something was to be done again at the end of the run');
  const salt = randomBytes(16).toString('hex');
  const { password: _, ...place } = target;
  return {
    key,
    observed,
    observedDigest: digestMarks(marks, written),
    checkoutDigest: digestMarks(tree.marks, written),
    variables: inputs.variables,
    salt,
    environmentDigest: digestEnvironment(env, inputs.variables, salt),
    target: place,
    password,
    tables: inputs.tables,
    databaseDigest,
    states,
  };
};

const notCached = (reason: string): NotCached => ({ reasons: [reason] });

/** A path changed after Django was started, or so shortly before that the kernel cannot tell. */
const findRecent = (
  all: readonly ReadonlyMap<string, Mark>[],
  written: ReadonlySet<string>,
  startedAt: number,
): string | null => {
  const limit = BigInt(startedAt - TICK_MILLISECONDS) * 1_000_000n;
  return all.map((marks) => findNewest(marks, written)).find(({ changedAt }) => changedAt >= limit)?.path ?? null;
};
