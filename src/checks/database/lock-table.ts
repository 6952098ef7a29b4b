import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import type { SchemaFacts } from '../../postgres/server-schemas.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { serverService } from './server-service.ts';

const FINDINGS = { 'locks-low': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** The server's table of locks has room for a backup of all schemas, and for dropping the largest. */
export const lockTable = defineCheck<CheckContext, Code>({
  id: 'lock-table',
  group: 'database',
  title: 'Room for locks',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { schemas, role, ...settings } = await context.server();
    if (schemas === null) return notApplicable(`${role} may not see what is in the schemas`);
    const facts = { ...settings, schemas, service: await serverService(context) };
    return problemsOr(judgeLocks(facts), `${countTables(schemas)} tables, room for ${roomForLocks(facts)} locks`);
  },
});

export interface LockFacts {
  readonly maxLocksPerTransaction: number;
  readonly maxConnections: number;
  readonly maxPreparedTransactions: number;
  readonly schemas: readonly Pick<SchemaFacts, 'name' | 'tables' | 'relations'>[];
  /** The compose service that the server is; null: it is none. */
  readonly service: string | null;
}

/**
 * How many objects can be locked at any one time, by all sessions together: PostgreSQL's manual, "Lock Management",
 * max_locks_per_transaction. The server has a little more than it promises.
 */
const roomForLocks = (facts: Omit<LockFacts, 'schemas' | 'service'>): number =>
  facts.maxLocksPerTransaction * (facts.maxConnections + facts.maxPreparedTransactions);

const countTables = (schemas: LockFacts['schemas']): number => schemas.reduce((sum, { tables }) => sum + tables, 0);

/**
 * pg_dump locks every table it writes, all in one transaction (its manual page). DROP SCHEMA … CASCADE locks everything in the
 * schema, of which its relations are the least.
 */
export const judgeLocks = (facts: LockFacts): readonly Problem<Code>[] => {
  const room = roomForLocks(facts);
  const tables = countTables(facts.schemas);
  const [largest] = facts.schemas.toSorted((a, b) => b.relations - a.relations);
  const evidence = [
    ...(tables > room ? [`pg_dump locks each of the ${tables} tables in ${facts.schemas.length} schemas`] : []),
    ...(largest !== undefined && largest.relations > room
      ? [`dropping the schema ${largest.name} locks its ${largest.relations} tables, indexes and sequences`]
      : []),
  ];
  if (evidence.length === 0) return [];
  const { maxLocksPerTransaction, maxConnections, maxPreparedTransactions } = facts;
  const { service } = facts;
  const value = enoughLocks(Math.max(tables, largest?.relations ?? 0), maxConnections + maxPreparedTransactions);
  return [
    {
      code: 'locks-low',
      message: `The server has room for ${room} locks, and ${tables > room ? `a backup of this database takes ${tables}` : 'dropping one of its schemas takes more'}.`,
      evidence: [
        ...evidence,
        `max_locks_per_transaction ${maxLocksPerTransaction} × (max_connections ${maxConnections} + max_prepared_transactions ${maxPreparedTransactions}) = ${room}`,
      ],
      remedy: {
        text: `Raise it and restart the server: ALTER SYSTEM SET max_locks_per_transaction = ${value};${service === null ? '' : ` or, in the compose service ${service}: command: postgres -c max_locks_per_transaction=${value}.`}`,
        command: null,
      },
    },
  ];
};

/** Half as many again as are needed now, in steps of the default. */
const enoughLocks = (needed: number, sessions: number): number => Math.ceil((needed * 1.5) / sessions / 64) * 64;
