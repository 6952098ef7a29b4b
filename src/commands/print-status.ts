import os from 'node:os';
import process from 'node:process';

import type { StatusReport } from '../core/status-report.ts';
import { printableIn } from '../core/workflow-text.ts';
import { findRoot } from '../project/find-root.ts';
import { readRunState } from '../state/run-state.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import { statusOf } from '../state/status-of.ts';
import { renderJson } from '../ui/render-json.ts';
import { renderStatus } from '../ui/render-status.ts';
import { readVersion } from '../version.ts';
import { asTyped, readStart } from './typed-commands.ts';

export interface StatusOptions {
  readonly project?: string;
  readonly json?: boolean;
}

/**
 * Prints how the last run stands. Imports nothing that a look at two small files does not need: prompts and hooks ask often.
 *
 * @throws usage error of `--project`
 */
export const printStatus = async ({ project, json }: StatusOptions): Promise<StatusReport> => {
  const root = await findRoot({ cwd: process.cwd(), project });
  const store = openStateStore(stateDirectory({ env: process.env, home: os.homedir(), root }));
  const found = statusOf(readRunState(store), { version: readVersion(), project: root });
  const next = found.next && asTyped(found.next, { project }, readStart(process, process.cwd()));
  const report = { ...found, next };
  const printable = printableIn(process.env);
  const { stdout } = process;
  const text = (): string => renderStatus(report, new Date(), stdout.isTTY ? stdout.columns || undefined : undefined);
  stdout.write(json === true ? renderJson(report) : printable(text()));
  for (const warning of store.warnings()) process.stderr.write(printable(`${warning}\n`));
  return report;
};
