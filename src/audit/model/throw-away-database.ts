import type { AuditedJob } from '../pipeline.ts';

/** A database server of the job's own, by the name of its image. */
const DATABASE_IMAGE = /(?:^|\/)(?:postgres|postgis|postgresql|timescaledb|pgvector|mysql|mariadb)\b/i;

export const isDatabaseService = ({ image, name }: AuditedJob['services'][number]): boolean =>
  DATABASE_IMAGE.test(image?.value ?? name);

/** What such a job migrates is gone with it: a test, or a look at migrations on the job's own service. */
export const runsOnThrowAwayDatabase = ({ role, services, does }: AuditedJob): boolean => {
  if (role === 'test') return true;
  const isOnItsOwn = services.some(isDatabaseService);
  return isOnItsOwn && !does.has('deploy') && !['deploy', 'post-deploy', 'rollback'].includes(role);
};
