import { runToSuccess } from '../../e2e/support/run-program.ts';

/** What docker prints; throws with its output unless it ends with 0. */
export const docker = async (...args: readonly string[]): Promise<string> =>
  (await runToSuccess('docker', args, { cwd: '/' })).stdout.trim();

/** One name or id a line. */
export const dockerList = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await docker(...args)).split('\n').filter((line) => line !== '');
