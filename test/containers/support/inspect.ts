import type { RunReport } from '../../../src/core/report.ts';
import type { StatusReport } from '../../../src/core/status-report.ts';
import type { DevContainer, TimedRun } from './dev-container.ts';

export interface DevsetupInside<Report> extends TimedRun {
  readonly report: Report;
}

/** Runs devsetup in the container with `--json`; throws where stdout is not exactly one document. */
const devsetup = async <Report>(container: DevContainer, ...args: string[]): Promise<DevsetupInside<Report>> => {
  const run = await container.exec('npx', '--no-install', 'devsetup', ...args, '--json');
  try {
    return { ...run, report: JSON.parse(run.stdout) as Report };
  } catch (error) {
    throw new Error(`devsetup ${args.join(' ')} printed something else:\n${run.stdout}\n${run.stderr}`, {
      cause: error,
    });
  }
};

export const runInside = (container: DevContainer, ...args: string[]): Promise<DevsetupInside<RunReport>> =>
  devsetup(container, ...args);

export const statusInside = (container: DevContainer): Promise<DevsetupInside<StatusReport>> =>
  devsetup(container, 'status');

/** id → status. */
export const statuses = ({ steps }: RunReport): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.map((step) => [step.id, step.status]));

/** Rows in the database container; columns separated by `|`. */
export const query = async (container: DevContainer, sql: string, database = 'app'): Promise<readonly string[]> => {
  const args = ['psql', '--username=postgres', `--dbname=${database}`, '--no-align', '--tuples-only', '--command', sql];
  return (await container.inService('db', ...args)).split('\n').filter((line) => line !== '');
};

/** What a new terminal of the user in this folder says before its first prompt. */
export const openTerminal = async (container: DevContainer): Promise<string> =>
  (await container.exec('bash', '-ic', ':')).stdout;
