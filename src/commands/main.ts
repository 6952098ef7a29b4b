import process from 'node:process';

import { Command, CommanderError, Help, type OutputConfiguration } from 'commander';

import { ExitCode, isDevsetupError, type DevsetupError } from '../core/errors.ts';
import { textBlock } from '../ui/text-block.ts';
import { addAuditCommand } from './audit.ts';
import { addCompletionCommand } from './completion.ts';
import { addDbCommand } from './db.ts';
import { addDecoupleCommand } from './decouple.ts';
import { addDemoCommand } from './demo.ts';
import { addDownCommand } from './down.ts';
import { addDoctorCommand } from './doctor.ts';
import { addExecCommand } from './exec.ts';
import { addInitCommand } from './init.ts';
import { addMigrateCommand } from './migrate.ts';
import { addRunCommand } from './run.ts';
import { addShellHookCommand } from './shell-hook.ts';
import { addStatusCommand } from './status.ts';
import { addUpCommand } from './up.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { startedAs } from './typed-commands.ts';
import { asksForJson, helpMistake, usageMistake, windowsMistake } from './usage-mistake.ts';

/** A pseudo-terminal without a size reports 0 columns: the usual width is taken then. */
const helpWidth = (): number => process.stdout.columns || USUAL_COLUMNS;

const OUTPUT: OutputConfiguration = {
  // Mistakes are thrown, and told as every other error is.
  outputError: () => undefined,
  getOutHelpWidth: helpWidth,
};

/** The program with all its subcommands. */
export const createProgram = (name: string, terminal: Terminal): Command => {
  const program = new Command(name)
    .description(
      'Brings a multi-tenant Django backend from a fresh checkout to a working, migrated database, and keeps it there.',
    )
    .version(terminal.host.version, '-V, --version')
    // Subcommands inherit it.
    .configureHelp({ minWidthToWrap: 20, formatItem: formatHelpItem })
    .configureOutput(OUTPUT)
    .exitOverride()
    // Words of the command that `devsetup exec` runs are not devsetup's own, with or without `--` before them.
    .enablePositionalOptions();
  addRunCommand(program, terminal);
  addMigrateCommand(program, terminal);
  addDoctorCommand(program, terminal);
  addAuditCommand(program, terminal);
  addDecoupleCommand(program, terminal);
  addInitCommand(program, terminal);
  addStatusCommand(program, terminal);
  addUpCommand(program, terminal);
  addDownCommand(program, terminal);
  addDbCommand(program, terminal);
  addExecCommand(program, terminal);
  addShellHookCommand(program, terminal);
  addCompletionCommand(program, terminal);
  addDemoCommand(program, terminal);
  for (const command of [program, ...program.commands]) addHelpCommand(command);
  showDefaultCommand(program);
  // Subcommands do not inherit it.
  for (const command of program.commands) {
    for (const one of [command, ...command.commands]) one.exitOverride().configureOutput(OUTPUT);
  }
  program.hook('preAction', (_, command) => {
    if (command.name() === 'help') return;
    const mistake = windowsMistake(terminal.host.platform, nameOf(command), command.opts()['container'] === true);
    if (mistake !== undefined) throw mistake;
  });
  return program;
};

export const main = async (argv: readonly string[]): Promise<void> => {
  const terminal = createTerminal();
  const program = createProgram(startedAs(argv), terminal);
  const words = argv.slice(2);
  const tell = (mistake: DevsetupError): Promise<void> =>
    terminal.run({ json: asksForJson(words) }, () => Promise.reject(mistake));
  const unknown = helpMistake(words, program);
  if (unknown !== undefined) return tell(unknown);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (isDevsetupError(error)) return tell(error);
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are no mistakes; for a command that does not exist, help has shown those that do.
    process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (error.exitCode === 0 || error.code === 'commander.help') return;
    await tell(usageMistake(error, words, program));
  }
};

/** Where the column of descriptions would be narrow, they stand below what they describe; commander would not wrap them at all. */
const formatHelpItem: Help['formatItem'] = (term, termWidth, description, help) => {
  const columns = help.helpWidth ?? USUAL_COLUMNS;
  return columns - termWidth < 44
    ? [`  ${term}`, ...textBlock(description, { columns, indent: 6 })].join('\n')
    : Help.prototype.formatItem.call(help, term, termWidth, description, help);
};

const USUAL_COLUMNS = 80;

/** Of `db start` it is `db`. */
const nameOf = (command: Command): string =>
  command.parent === null || command.parent.parent === null ? command.name() : nameOf(command.parent);

/** A command like any other, so that it has help of its own; `helpMistake` has found the names that are wrong. */
const addHelpCommand = (command: Command): void => {
  if (command.commands.length === 0) return;
  command.helpCommand(false);
  command
    .command('help [command...]')
    .description('display help for command')
    .action((names: readonly string[]) => findCommand(command, names).outputHelp());
};

const findCommand = (command: Command, [name, ...rest]: readonly string[]): Command => {
  const next = command.commands.find((one) => one.name() === name);
  return next === undefined ? command : findCommand(next, rest);
};

/** `devsetup --help` shows the flags of the command that runs when none is named: most people need no other. */
const showDefaultCommand = (program: Command): void => {
  program.addHelpText('after', () => {
    const run = program.commands.find((command) => command.name() === 'run');
    const help = program.createHelp();
    const width = Math.min(helpWidth(), 120);
    const options = run === undefined ? [] : help.visibleOptions(run).filter((option) => option.long !== '--help');
    const indent = Math.max(...options.map((option) => help.optionTerm(option).length)) + 2;
    help.prepareContext({ helpWidth: width });
    return [
      '',
      `Options of ${program.name()} and ${program.name()} run:`,
      ...options.map((option) =>
        help.formatItem(help.optionTerm(option), indent - 2, help.optionDescription(option), help),
      ),
    ].join('\n');
  });
};
