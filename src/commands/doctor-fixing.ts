import process from 'node:process';

import type { Diagnosis } from '../checks/context.ts';
import type { FixServices } from '../doctor/run-doctor.ts';
import { renderAppliedFix, renderPlannedFix } from '../ui/render-fix.ts';
import { askYesNo } from '../ui/prompts.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

/** How `--fix` talks: everything on stderr, so that stdout holds the result alone. */
export const createFixing = (
  options: CommonOptions,
  terminal: Terminal,
  reopen: () => Promise<Diagnosis>,
): FixServices => {
  const { stderr } = process;
  const text = { columns: stderr.isTTY ? stderr.columns : undefined, color: terminal.color(stderr) };
  const isSilent = terminal.ui(options) === 'silent';
  return {
    canAsk: options.yes === true || terminal.canAsk(),
    reopen,
    confirm: async (fix) => {
      // Whoever is asked is told first, whatever else is silent.
      if (options.yes !== true || !isSilent) terminal.print(stderr, renderPlannedFix(fix, text));
      return options.yes === true || askYesNo('  Do this? [y/N] ', terminal.signal);
    },
    onApplied: (fix) => {
      if (!isSilent) terminal.print(stderr, renderAppliedFix(fix, text));
    },
    createView: () => terminal.progressFor(options),
    verbose: options.verbose === true,
  };
};
