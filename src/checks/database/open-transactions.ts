import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import type { OpenTransaction } from '../../postgres/server-transactions.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'transaction-left-open': 'warning', 'transaction-blocks': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** No session holds up others, or the server's housekeeping, by a transaction that does not end. */
export const openTransactions = defineCheck<CheckContext, Code>({
  id: 'open-transactions',
  group: 'database',
  title: 'Open transactions',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { transactions, role } = await context.server();
    if (transactions === null) return notApplicable(`${role} may not see the transactions of this database`);
    return problemsOr(judgeTransactions(transactions), 'none that idles or blocks');
  },
});

/** A program that works between two statements is not idle for so long; a shell that somebody left is. */
const IDLE_SECONDS = 300;
/** Idle, with somebody waiting for it. */
const IDLE_BLOCKING_SECONDS = 10;
/** Busy with one statement, with somebody waiting: it will end, though perhaps not soon. */
const BUSY_BLOCKING_SECONDS = 300;

export const judgeTransactions = (transactions: readonly OpenTransaction[]): readonly Problem<Code>[] =>
  transactions.flatMap((transaction) => {
    const { state, secondsInState, blocks, waits } = transaction;
    // Who waits is a victim, whoever waits for it in turn.
    if (waits) return [];
    const isIdle = state.startsWith('idle in transaction');
    if (blocks > 0 && secondsInState >= (isIdle ? IDLE_BLOCKING_SECONDS : BUSY_BLOCKING_SECONDS))
      return [problemOf('transaction-blocks', transaction)];
    return isIdle && secondsInState >= IDLE_SECONDS ? [problemOf('transaction-left-open', transaction)] : [];
  });

const problemOf = (code: Code, transaction: OpenTransaction): Problem<Code> => {
  const { pid, applicationName, role, state, seconds, secondsInState, blocks } = transaction;
  const who = `${applicationName === null ? 'A session' : `The session "${applicationName}"`} of ${role} (server process ${pid})`;
  const doing = state === 'active' ? 'busy with one statement' : state;
  return {
    code,
    message:
      code === 'transaction-blocks'
        ? `${who} holds up ${blocks} other ${blocks === 1 ? 'session' : 'sessions'}: it has been ${doing} for ${duration(secondsInState)}.`
        : `${who} has been ${doing} for ${duration(secondsInState)}.`,
    evidence: [`its transaction began ${duration(seconds)} ago`],
    remedy: {
      text: `End it there (COMMIT or ROLLBACK, or close the program); if that is not possible: SELECT pg_terminate_backend(${pid});`,
      command: null,
    },
  };
};

const duration = (seconds: number): string =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
