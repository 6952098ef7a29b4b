import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { shardWorkerKey, WORKER_LOCK, type ShardClaim } from '../postgres/advisory-lock.ts';
import type { WorkerLocks } from '../steps/context.ts';

const SHARED_STEPS = ['shared-migrations', 'super-tenant'] as const;

/** What a run of a shard locks: its own tenants, and with shard 1 what all tenants share, if it works on that. */
export const claimOf = ({ shard, doesShared }: PipelineRun): ShardClaim | undefined => {
  if (shard === null) return undefined;
  const { index, count } = shard;
  return { count, indexes: index !== 1 && SHARED_STEPS.some(doesShared) ? [1, index] : [index] };
};

export const workerLocksOf = (pipeline: PipelineRun | null): WorkerLocks => {
  const shard = pipeline?.shard ?? null;
  return {
    workerLock: [WORKER_LOCK[0], WORKER_LOCK[1]],
    ...(shard !== null && { shardLock: shardWorkerKey(shard.index, shard.count) }),
  };
};
