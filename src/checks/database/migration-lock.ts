import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { describeHolder } from '../../postgres/advisory-lock.ts';
import type { LockHolder } from '../../postgres/lock-holder.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'devsetup-lock-held': 'info' } as const;

type Code = keyof typeof FINDINGS;

/** No other run of devsetup migrates this database. That one does is normal; what else the doctor finds may be its doing. */
export const migrationLock = defineCheck<CheckContext, Code>({
  id: 'migration-lock',
  group: 'database',
  title: "devsetup's lock",
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { lockHolder } = await context.server();
    return problemsOr(judgeLockHolder(lockHolder), 'free');
  },
});

export const judgeLockHolder = (holder: LockHolder | null): readonly Problem<Code>[] => {
  if (holder === null) return [];
  return [
    {
      code: 'devsetup-lock-held',
      message: `Another run of devsetup works on this database: ${describeHolder(holder)}.`,
      remedy: {
        text: `Let it end and look again; if it hangs: SELECT pg_terminate_backend(${holder.pid});`,
        command: null,
      },
    },
  ];
};
