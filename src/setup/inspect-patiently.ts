import type { Progress } from '../core/step.ts';
import type { DjangoClient } from '../django/companion-client.ts';
import type { Inspection } from '../django/protocol.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import { isLockError } from '../steps/lock-failure.ts';

/**
 * Looks at the schemas. In a pipeline a look gives way to other sessions' locks as everything does (a migration of another shard may
 * just have the table of tenants), and is simply repeated.
 */
export const inspectPatiently = async (
  django: DjangoClient,
  pipeline: PipelineRun | null,
  signal: AbortSignal,
  progress: Progress,
): Promise<Inspection> => {
  const retries = pipeline?.settings.lockRetries ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await django.inspect();
    } catch (error) {
      if (attempt > retries || !isLockError(error)) throw error;
      const say = (seconds: string): void => progress.update(`a table is locked: looking again in ${seconds} s`);
      if (!(await pauseBefore(attempt, signal, say))) throw error;
    }
  }
};
