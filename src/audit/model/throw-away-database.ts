import type { AuditedJob } from '../pipeline.ts';

/** A database server of the job's own, by the name of its image. */
const DATABASE_IMAGE = /(?:^|\/)(?:postgres|postgis|postgresql|timescaledb|pgvector|mysql|mariadb)\b/i;

/** What such a job migrates is gone with it: a test, or a look at migrations on the job's own service. */
export const runsOnThrowAwayDatabase = ({ role, services, does }: AuditedJob): boolean => {
  if (role === 'test') return true;
  const isOnItsOwn = services.some(({ image, name }) => DATABASE_IMAGE.test(image?.value ?? name));
  return isOnItsOwn && !does.has('deploy') && !['deploy', 'post-deploy', 'rollback'].includes(role);
};
