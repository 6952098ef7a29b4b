import type { DevsetupError } from '../core/errors.ts';
import { REPORT_SCHEMA_VERSION, type RunReport } from '../core/report.ts';
import { findRoot } from '../project/find-root.ts';
import { recordLastRun } from '../state/last-run.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import type { WorkspaceOptions } from './open-workspace.ts';
import { tellOutcome } from './tell-terminals.ts';

/** Mistakes of the moment, a wrong flag or the wrong folder: nobody wants to be told of them in the next terminal. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['CONFIG_MISSING', 'PROJECT_MISSING', 'MANAGE_PY_MISSING']);

/** The place of what goes wrong before there are steps; named as the check of `devsetup doctor` is. */
const CHECKOUT = { id: 'checkout', title: 'Checkout' } as const;

/**
 * Keeps that a run could not even begin, e.g. for want of Python, as the last run: a dev container's hook that fails so is the case
 * `devsetup status` and the next terminal are for. Never throws.
 */
export const recordFailedStart = async (
  error: DevsetupError,
  { project, host }: Pick<WorkspaceOptions, 'project' | 'host'>,
): Promise<void> => {
  if (OF_THE_MOMENT.has(error.code)) return;
  try {
    const root = await findRoot({ cwd: host.cwd, project });
    const state = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
    const startedAt = host.now();
    const report: RunReport = {
      schemaVersion: REPORT_SCHEMA_VERSION,
      command: 'run',
      version: host.version,
      project: root,
      outcome: 'failed',
      exitCode: error.exitCode,
      startedAt: startedAt.toISOString(),
      milliseconds: 0,
      djangoStarts: 0,
      logFile: null,
      steps: [
        {
          ...CHECKOUT,
          status: 'failed',
          message: error.message.split('\n')[0] ?? '',
          details: [],
          actions: [],
          warnings: [],
          milliseconds: 0,
          failure: {
            code: error.code,
            message: error.message,
            hint: error.hint ?? null,
            output: error.output,
          },
          data: {},
        },
      ],
      warnings: [],
    };
    recordLastRun(state, report, host.pid);
    await tellOutcome({ root, state, host, startedAt }, report);
  } catch {
    // The user is told of the error itself; that it is not remembered is no second one.
  }
};
