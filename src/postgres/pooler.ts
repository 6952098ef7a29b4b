import { randomUUID } from 'node:crypto';

import { DevsetupError } from '../core/errors.ts';
import { openSession, type ConnectOptions, type Session } from './connect.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';

export interface PoolerFound {
  /** What gave it away. */
  readonly evidence: string;
}

const ROUNDS = 3;

/**
 * Detects a pooler that gives every transaction (or statement) to any server session: PgBouncer, PgCat, Supavisor, Odyssey … Session locks
 * and settings do not last behind it. Asked is the effect and not the product: two sessions that are open at the same time must have
 * two server processes, each keeps its own, and a session's setting stays in it.
 */
export const detectTransactionPooler = async (
  target: DatabaseTarget,
  options: ConnectOptions = {},
): Promise<PoolerFound | null> => {
  const first = await openSession(target, options);
  try {
    const second = await openSession(target, options);
    try {
      return await compare(first, second);
    } finally {
      await second.end();
    }
  } finally {
    await first.end();
  }
};

const compare = async (first: Session, second: Session): Promise<PoolerFound | null> => {
  const nonce = randomUUID();
  await first.query("SELECT set_config('devsetup.probe', $1, false)", [nonce]);
  const a = await look(first);
  const b = await look(second);
  if (a.pid === b.pid) return { evidence: `two open sessions share one server process (${a.pid})` };
  for (let round = 0; round < ROUNDS; round += 1) {
    // At the same time, so that a pooler has to use several server sessions, and then one after the other.
    const [nowA, nowB] =
      round === 0 ? await Promise.all([look(first), look(second)]) : [await look(first), await look(second)];
    if (nowA.pid !== a.pid || nowB.pid !== b.pid)
      return { evidence: 'a session changes its server process between two statements' };
    if (nowA.probe !== nonce) return { evidence: 'a setting made in a session is gone with the next statement' };
    if (nowB.probe === nonce) return { evidence: 'a setting made in one session shows up in another' };
  }
  return null;
};

const look = async (session: Session): Promise<{ readonly pid: number; readonly probe: string }> => {
  const [row] = await session.query<{ pid: number; probe: string | null }>(
    "SELECT pg_backend_pid() AS pid, current_setting('devsetup.probe', true) AS probe",
  );
  return { pid: row?.pid ?? 0, probe: row?.probe ?? '' };
};

export const poolerError = (target: DatabaseTarget, { evidence }: PoolerFound): DevsetupError => {
  const port = target.port === 6543 ? ' (usually the same host with port 5432 instead of 6543)' : '';
  return new DevsetupError({
    code: 'DATABASE_POOLER',
    message: `${describeTarget(target)} is a connection pooler in transaction mode (${evidence}): locks and search_path mean nothing there.`,
    hint: `For migrations, give Django's settings the direct address of the server${port}.`,
  });
};
