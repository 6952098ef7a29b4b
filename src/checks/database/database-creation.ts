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
    if (!(await isMissing(context))) return notApplicable('it exists');
    const { create, maintenanceDatabase } = context.config.database;
    const willCreate = create === 'auto' ? (await context.development()).yes : create;
    if (!willCreate) return notApplicable('devsetup does not create it');
    const target = await context.target();
    const may = await mayCreateDatabases(target, { maintenanceDatabase, signal: context.signal });
    if (may) return passed('the role may create databases');
    const { message, hint } = createDenied(target);
    const remedy = { text: hint ?? '', command: null };
    return { kind: 'problems', problems: [{ code: 'database-create-denied', message, remedy }] };
  },
});

const isMissing = async (context: CheckContext): Promise<boolean> => {
  try {
    await context.server();
    return false;
  } catch (error) {
    if (!(error instanceof CheckStopped)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'could-not-check' && outcome.blockedBy === 'database-missing') return true;
    throw error;
  }
};
