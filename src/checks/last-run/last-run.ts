import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';

import { CheckStopped, defineCheck } from '../../core/check.ts';
import { readRunState, type RunState } from '../../state/run-state.ts';
import type { CheckContext } from '../context.ts';
import { findCreateHook } from './create-hook.ts';
import { judgeLastRun, LAST_RUN_FINDINGS, type CreateHook, type LastRunCode } from './judge-last-run.ts';

/** How the last run ended. Where all is in place by now the doctor takes its findings back: `settleLastRun`. */
export const lastRun = defineCheck<CheckContext, LastRunCode>({
  id: 'last-run',
  group: 'last-run',
  title: 'Last run',
  findings: LAST_RUN_FINDINGS,
  run: async (context) => {
    const state = readRunState(context.state);
    const [log, hook] = await Promise.all([readableLog(logOf(state), context.machine.uid), createHook(context)]);
    return judgeLastRun({ state, now: context.machine.now(), log, hook });
  },
});

const logOf = (state: RunState): string | null => {
  if (state.kind === 'never') return null;
  return state.kind === 'ended' ? state.report.logFile : (state.mark.logFile ?? null);
};

/** One that somebody else has put at its place is not named. */
const readableLog = async (file: string | null, uid: number | undefined): Promise<string | null> => {
  if (file === null) return null;
  try {
    const found = await stat(file);
    await access(file, constants.R_OK);
    return found.isFile() && (uid === undefined || found.uid === uid) ? file : null;
  } catch {
    // Gone, or closed to us: the finding does without.
    return null;
  }
};

const createHook = async (context: CheckContext): Promise<CreateHook | null> => {
  try {
    const devContainer = await context.devContainer();
    const { home, now } = context.machine;
    return await findCreateHook({ root: context.root, home, now: now(), devContainer });
  } catch (error) {
    // No dev container, no hook: the last run is told about all the same.
    if (error instanceof CheckStopped) return null;
    throw error;
  }
};
