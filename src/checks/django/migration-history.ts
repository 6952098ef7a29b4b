import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import type { HistoryFault, Inspection } from '../../django/protocol.ts';
import { describeFault, historyHint } from '../../steps/migration-refusal.ts';
import type { CheckContext } from '../context.ts';
import { listSome } from './list-some.ts';

const FINDINGS = { 'migration-history': 'error' } as const;

/** No migration is recorded as applied before one it depends on. */
export const migrationHistory = defineCheck<CheckContext, keyof typeof FINDINGS>({
  id: 'migration-history',
  group: 'django',
  title: 'Recorded migrations',
  findings: FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const [{ description }, inspection] = [await context.django(), await context.inspection()];
    const problems = inspection.history.map((fault) => asProblem(fault, inspection, description.database.alias));
    return problemsOr(problems, 'what is recorded agrees with the code');
  },
});

const asProblem = (fault: HistoryFault, inspection: Inspection, alias: string): Problem<keyof typeof FINDINGS> => ({
  code: 'migration-history',
  message: `${describeFault(fault)}.`,
  evidence: fault.schemas.length > 1 ? [listSome(fault.schemas.flatMap((schema) => schema ?? []))] : [],
  remedy: { text: historyHint(fault, inspection, alias), command: null },
});
