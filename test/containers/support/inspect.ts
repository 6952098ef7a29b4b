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

/** Rows of the project's database, asked in its own container; columns separated by `|`. */
export const query = async (container: DevContainer, sql: string): Promise<readonly string[]> => {
  const psql = 'psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --no-align --tuples-only --command "$0"';
  return (await container.inService('db', 'sh', '-c', psql, sql)).split('\n').filter((line) => line !== '');
};

/** What a new terminal of the user in this folder says before its first prompt; in every shell the container has the same. */
export const openTerminal = async (container: DevContainer): Promise<string> => {
  const said = new Set<string>();
  const { stdout: zsh } = await container.exec('sh', '-c', 'command -v zsh || :');
  for (const shell of zsh.trim() === '' ? ['bash'] : ['bash', 'zsh']) {
    for (const flags of ['-ic', '-lic']) said.add((await container.exec(shell, flags, ':')).stdout);
  }
  if (said.size > 1) throw new Error(`Shells say different things: ${JSON.stringify([...said])}`);
  return [...said].join('');
};
