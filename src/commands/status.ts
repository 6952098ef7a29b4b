import process from 'node:process';

import type { Command } from 'commander';

import { findRoot } from '../project/find-root.ts';
import type { Host } from '../setup/host.ts';
import { readRunState } from '../state/run-state.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import { renderStatus } from '../ui/render-status.ts';
import { statusOf } from '../state/status-of.ts';
import type { StatusReport } from '../core/status-report.ts';
import type { Terminal } from './terminal.ts';

interface StatusOptions {
  readonly project?: string;
  readonly json?: boolean;
}

/** `devsetup status`: loads nothing that a look at two small files does not need. */
export const addStatusCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('status')
    .description('how the last run ended, in three lines; exit code 1 if it failed or was cut short')
    .option('--project <dir>', 'the checkout to tell about (default: the one around this folder)')
    .option('--json', 'print exactly one JSON document on stdout')
    .action((options: StatusOptions) => terminal.run(options, (host) => status(options, host)));
};

const status = async (options: StatusOptions, host: Host): Promise<StatusReport> => {
  const root = await findRoot({ cwd: host.cwd, project: options.project });
  const store = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
  const report = statusOf(readRunState(store), { version: host.version, project: root });
  const text = options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderStatus(report, host.now());
  process.stdout.write(text);
  for (const warning of store.warnings()) process.stderr.write(`${warning}\n`);
  return report;
};
