import { createHash } from 'node:crypto';

import { usageError } from '../core/errors.ts';

/** One of several runs that share the tenants; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Both fit into the one number of an advisory lock. */
const MOST_SHARDS = 1_000;

/**
 * Reads `--shard i/n`.
 *
 * @throws usage error SHARD_INVALID
 */
export const parseShard = (text: string): Shard => {
  const [, first = '', second = ''] = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  if (first !== '' && index >= 1 && index <= count && count <= MOST_SHARDS) return { index, count };
  throw usageError({
    code: 'SHARD_INVALID',
    message: `--shard: "${text}" is no shard.`,
    hint: `Write which of how many, counted from 1, e.g. --shard 2/4; at most ${MOST_SHARDS}.`,
  });
};

export const describeShard = ({ index, count }: Shard): string => `shard ${index}/${count}`;

/** The shard, from 1 to `count`, that a tenant is in: by its schema's name alone, so the same on every machine and in every run. */
export const shardOf = (schema: string, count: number): number =>
  (createHash('sha256').update(schema).digest().readUIntBE(0, 6) % count) + 1;

/** null: there are no shards, every tenant is meant. */
export const isInShard = (schema: string, shard: Shard | null): boolean =>
  shard === null || shardOf(schema, shard.count) === shard.index;
