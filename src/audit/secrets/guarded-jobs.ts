import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';

const GUARDED = new Set(['build', 'migrate', 'deploy', 'post-deploy', 'rollback']);

/** Jobs that work with what people rely on: tests may say what they like. Each job once, also where several workflows call it. */
export const guardedJobs = ({ pipelines }: Audit): readonly AuditedJob[] => {
  const seen = new Set<unknown>();
  return pipelines.flatMap(({ jobs }) =>
    jobs.filter((job) => {
      if (!GUARDED.has(job.role) || runsOnThrowAwayDatabase(job) || seen.has(job.job)) return false;
      seen.add(job.job);
      return true;
    }),
  );
};
