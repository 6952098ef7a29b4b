import process from 'node:process';

import type { InitReport } from '../../../src/core/init-report.ts';
import { cleanEnvironment, runProgram } from '../../e2e/support/run-program.ts';
import { VERSIONS } from './base-images.ts';
import type { Suite } from './suite.ts';

/** `devsetup init` in this folder, as somebody would run it who has the package of this run. */
export const initCheckout = async (folder: string, suite: Suite, ...flags: readonly string[]): Promise<InitReport> => {
  const versions = Object.entries(VERSIONS).flatMap(([name, version]) => [`--${name}`, version]);
  const args = [suite.cli, 'init', '--yes', '--json', '--package', suite.tarball, ...versions, ...flags];
  const { stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder, env: cleanEnvironment() });
  try {
    return JSON.parse(stdout) as InitReport;
  } catch (error) {
    throw new Error(`devsetup init printed something else:\n${stdout}\n${stderr}`, { cause: error });
  }
};
