import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'connections-low': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** The server takes as many more sessions as a run needs. */
export const freeConnections = defineCheck<CheckContext, Code>({
  id: 'free-connections',
  group: 'database',
  title: 'Free connections',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { freeConnections: free, maxConnections, role } = await context.server();
    if (free === null) return notApplicable(`${role} may not see who is connected`);
    const { concurrency } = context.config.migrations;
    const workers = concurrency === 'auto' ? 1 : Math.min(concurrency, await countTenants(context));
    return problemsOr(judgeConnections({ free, maxConnections, workers }), `${free} of ${maxConnections}`);
  },
});

/** Without Django nobody knows; then a single worker is counted. */
const countTenants = async (context: CheckContext): Promise<number> =>
  (await context.djangoFailure()) === null ? Math.max(1, ((await context.inspection()).tenants ?? []).length) : 1;

/** A run's lock, its look, Django itself, and one for the user. */
const BESIDE_WORKERS = 4;

export interface ConnectionFacts {
  readonly free: number;
  readonly maxConnections: number;
  /** That migrate at once, as configured and as far as there is work for them. */
  readonly workers: number;
}

export const judgeConnections = ({ free, maxConnections, workers }: ConnectionFacts): readonly Problem<Code>[] => {
  const needed = workers + BESIDE_WORKERS;
  if (free >= needed) return [];
  return [
    {
      code: 'connections-low',
      message: `The server takes ${free} more ${free === 1 ? 'connection' : 'connections'} of this role to this database, and a run of devsetup uses up to ${needed}.`,
      evidence: [
        `max_connections is ${maxConnections}; what is reserved, and limits of the role and the database, are taken off`,
      ],
      remedy: {
        text: 'Close programs that hold connections open (SELECT pid, application_name, state FROM pg_stat_activity), or raise the limit; fewer workers: "migrations": { "concurrency": 1 }.',
        command: null,
      },
    },
  ];
};
