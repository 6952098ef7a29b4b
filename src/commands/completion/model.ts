import type { Command } from 'commander';

import { isListOption } from '../common-options.ts';

/** What can be typed after a command, for the shells. */
export interface CompletedCommand {
  /** `doctor`, `db start`; '' is the program itself. */
  readonly path: string;
  /** Words that may follow: subcommands, or values of its argument. */
  readonly words: readonly Described[];
  readonly options: readonly CompletedOption[];
}

interface Described {
  readonly name: string;
  readonly description: string;
}

export interface CompletedOption extends Described {
  readonly short: string | null;
  /** Values to choose from, [] where nothing is known of them; `file`: the shell's own; null: it takes none. */
  readonly value: readonly string[] | 'file' | null;
  /** Several of them, separated by commas. */
  readonly isList: boolean;
}

/** Values of an option or of an argument that the parser does not list itself, by `command --option` or `command`. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** The program without the commands and options that its help hides. */
export const completedCommands = (program: Command, known: KnownValues): readonly CompletedCommand[] => {
  // What is typed without a command is the one that then runs.
  const run = program.commands.find((command) => command.name() === 'run');
  return visit(program, [], known).map((command) =>
    command.path === '' && run !== undefined
      ? { ...command, options: unique([...command.options, ...optionsOf(run, 'run', known)]) }
      : command,
  );
};

const visit = (command: Command, before: readonly string[], known: KnownValues): readonly CompletedCommand[] => {
  const subcommands = command.createHelp().visibleCommands(command);
  const path = before.join(' ');
  const values = (known[path] ?? []).map((name) => ({ name, description: '' }));
  const words = subcommands.map((one) => ({ name: one.name(), description: one.description() }));
  const isHelp = before.at(-1) === 'help';
  return [
    { path, words: [...words, ...values], options: isHelp ? [] : optionsOf(command, path, known) },
    ...subcommands.flatMap((one) => visit(one, [...before, one.name()], known)),
  ];
};

const optionsOf = (command: Command, path: string, known: KnownValues): readonly CompletedOption[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map((option) => {
      const name = option.long ?? option.short ?? '';
      const takesValue = option.required || option.optional;
      const others = /<(?:file|dir|folder)/.test(option.flags) ? 'file' : [];
      const values = option.argChoices ?? known[`${path} ${name}`] ?? others;
      return {
        name,
        short: option.short ?? null,
        description: option.description,
        value: takesValue ? values : null,
        isList: isListOption(option),
      };
    });

const unique = (options: readonly CompletedOption[]): readonly CompletedOption[] => [
  ...new Map(options.map((option) => [option.name, option])).values(),
];
