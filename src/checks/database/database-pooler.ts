import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { poolerError } from '../../postgres/pooler.ts';
import type { DatabaseTarget } from '../../postgres/target.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'database-pooler': 'error' } as const;

type Code = keyof typeof FINDINGS;

/** Sessions are sessions: no pooler in transaction mode lies between Django and the server. */
export const databasePooler = defineCheck<CheckContext, Code>({
  id: 'database-pooler',
  group: 'database',
  title: 'Connection pooler',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { pooler } = await context.server();
    const target = await context.target();
    const changesIt = pooler !== null && (await isMigratedHere(context));
    return problemsOr(judgePooler(pooler, target, changesIt), 'every session has a server process of its own');
  },
});

/** Search paths of tenants, and devsetup's lock: elsewhere an application may live with such a pooler. */
const isMigratedHere = async (context: CheckContext): Promise<boolean> => {
  if ((await context.djangoFailure()) !== null) return false;
  const { description } = await context.django();
  return description.tenancy.mode === 'schemas' || (await context.development()).yes;
};

export const judgePooler = (
  evidence: string | null,
  target: DatabaseTarget,
  changesIt: boolean,
): readonly Problem<Code>[] => {
  if (evidence === null) return [];
  const { message, hint } = poolerError(target, { evidence });
  return [
    {
      code: 'database-pooler',
      severity: changesIt ? 'error' : 'warning',
      message,
      remedy: { text: hint ?? '', command: null },
    },
  ];
};
