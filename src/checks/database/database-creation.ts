import { CheckStopped, defineCheck, notApplicable, passed } from '../../core/check.ts';
import { createDenied, mayCreateDatabases } from '../../postgres/create-database.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';

const FINDINGS = { 'database-create-denied': 'error' } as const;

/** Where a run is going to create the database, the role may. */
export const databaseCreation = defineCheck<CheckContext, keyof typeof FINDINGS>({
  id: 'database-creation',
  group: 'database',
  title: 'Creation of the database',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    if (!(await isGoingToBeCreated(context))) return notApplicable('it exists');
    const { maintenanceDatabase } = context.config.database;
    const target = await context.target();
    const may = await mayCreateDatabases(target, { maintenanceDatabase, signal: context.signal });
    if (may) return passed('the role may create databases');
    const { message, hint } = createDenied(target);
    const remedy = { text: hint ?? '', command: null };
    return { kind: 'problems', problems: [{ code: 'database-create-denied', message, remedy }] };
  },
});

/** What stands in the way of asking the server is then what the step is going to do. */
const isGoingToBeCreated = async (context: CheckContext): Promise<boolean> => {
  try {
    await context.server();
    return false;
  } catch (error) {
    if (!(error instanceof CheckStopped)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'could-not-check' && outcome.blockedBy === 'database-needed') return true;
    throw error;
  }
};
