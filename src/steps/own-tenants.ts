import type { Inspection } from '../django/protocol.ts';
import { isInShard } from '../pipeline/shard.ts';
import type { SetupContext } from './context.ts';

/** The tenants that this run migrates: all, or those of its shard. What others are cloned from is migrated by shard 1. */
export const ownTenants = (
  { pipeline }: Pick<SetupContext, 'pipeline'>,
  { templates }: Pick<Inspection, 'templates'>,
): ((schema: string) => boolean) => {
  const shard = pipeline?.shard ?? null;
  const bases = new Set(templates.map(({ schema }) => schema));
  return (schema) => (bases.has(schema) ? shard === null || shard.index === 1 : isInShard(schema, shard));
};
