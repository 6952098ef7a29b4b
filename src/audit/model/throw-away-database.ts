import type { AuditedJob } from '../pipeline.ts';

/** A database server, by the name of its image. */
export const DATABASE_IMAGE = /(?:^|\/)(?:postgres|postgis|postgresql|timescaledb|pgvector|mysql|mariadb)\b/i;

/** Of the job's own. */
export const isDatabaseService = ({ image, name }: AuditedJob['services'][number]): boolean =>
  DATABASE_IMAGE.test(image?.value ?? name);

/** What such a job migrates is gone with it: a test, or a look at migrations on the job's own service. */
export const runsOnThrowAwayDatabase = ({ role, services, does }: AuditedJob): boolean => {
  if (role === 'test') return true;
  const isOnItsOwn = services.some(isDatabaseService);
  return isOnItsOwn && !does.has('deploy') && !['deploy', 'post-deploy', 'rollback'].includes(role);
};
