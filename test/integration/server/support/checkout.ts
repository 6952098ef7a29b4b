import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { DatabaseReport } from '../../../../src/core/database-report.ts';
import { runDevsetup, type DevsetupRun, type RunDevsetupOptions } from '../../../support/run-devsetup.ts';

/** A checkout with an embedded database of its own. */
export interface Checkout {
  readonly root: string;
  run(args: readonly string[], options?: Partial<RunDevsetupOptions>): Promise<DevsetupRun>;
  /** `devsetup db <words> --json` */
  db(...words: readonly string[]): Promise<DatabaseReport>;
  url(): Promise<string>;
  /** Ends the server, whatever the test did to it. */
  remove(): Promise<void>;
}

export const openCheckout = async (root?: string): Promise<Checkout> => {
  const folder = root ?? (await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-db-'))));
  const run: Checkout['run'] = (args, options = {}) => runDevsetup(args, { cwd: folder, ...options });
  return {
    root: folder,
    run,
    db: async (...words) => {
      const { stdout, stderr } = await run(['db', ...words, '--json']);
      try {
        return JSON.parse(stdout) as DatabaseReport;
      } catch (error) {
        throw new Error(`devsetup db ${words.join(' ')} printed no document:\n${stdout}\n${stderr}`, { cause: error });
      }
    },
    url: async () => (await run(['db', 'url'])).stdout.trimEnd(),
    remove: async () => {
      await run(['db', 'reset', '--yes']);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
