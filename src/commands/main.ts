import process from 'node:process';

import { Command, CommanderError } from 'commander';

import { ExitCode } from '../core/errors.ts';
import { addRunCommand } from './run.ts';
import { createTerminal } from './terminal.ts';

/** The program with all its subcommands. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const terminal = createTerminal();
  const program = new Command('devsetup')
    .description(
      'Brings a multi-tenant Django backend from a fresh checkout to a working, migrated database, and keeps it there.',
    )
    .version(terminal.host.version, '-V, --version')
    .showHelpAfterError('(devsetup --help lists the commands, devsetup help <command> its flags)')
    .exitOverride();
  addRunCommand(program, terminal);
  // Subcommands do not inherit it.
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has printed its text; help and version are no mistakes.
    process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  }
};
