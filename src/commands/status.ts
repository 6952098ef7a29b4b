import type { Command } from 'commander';

import { printStatus, type StatusOptions } from './print-status.ts';
import type { Terminal } from './terminal.ts';

/** `devsetup status` */
export const addStatusCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('status')
    .description('how the last run ended, in three lines; exit code 1 if it failed or was cut short')
    .option('--project <dir>', 'the checkout to tell about (default: the one around this folder)')
    .option('--json', 'print exactly one JSON document on stdout')
    .action((options: StatusOptions) => terminal.run(options, () => printStatus(options)));
};
