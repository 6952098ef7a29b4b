import type { Command, CommanderError } from 'commander';

import { closestName } from '../config/closest-name.ts';
import { usageError, type DevsetupError } from '../core/errors.ts';

const HELP = '`npx devsetup --help` lists the commands, `npx devsetup help <command>` its flags.';

/**
 * What commander found wrong with the command line, in devsetup's form: so it is one document under --json, too. A word that is no
 * command reaches the default command as an argument too many; it was meant as a command.
 */
export const usageMistake = (error: CommanderError, words: readonly string[], program: Command): DevsetupError => {
  const isOfName = error.code === 'commander.excessArguments' || error.code === 'commander.unknownCommand';
  const unknown = isOfName ? findUnknown(program, leading(words)) : undefined;
  if (unknown !== undefined) return unknown;
  const [text = '', ...suggestions] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = suggestions.map((line) => line.replace(/^\((.*)\)$/, '$1 ')).join('');
  return usageError({ code: 'USAGE', message: sentence(text), hint: `${suggestion}${HELP}` });
};

/**
 * Help that is asked for with a command that does not exist (`help nonsense`, `db help nonsense`, `nonsense --help`, `db nonsense --help`): the parser
 * would print the help of the command above it, and report success.
 */
export const helpMistake = (words: readonly string[], program: Command): DevsetupError | undefined => {
  const names = leading(words);
  const help = names.indexOf('help');
  if (help >= 0) return findUnknown(program, names.toSpliced(help, 1));
  return words.some((word) => word === '--help' || word === '-h') ? findUnknown(program, names) : undefined;
};

/** Of a command line that cannot be parsed: --json, or --format with json on stdout. Words behind `--` are those of another program. */
export const asksForJson = (words: readonly string[]): boolean => {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const formats = own.flatMap((word, index) =>
    own[index - 1] === '--format' ? [word] : word.split('--format=').slice(1),
  );
  return own.includes('--json') || formats.some((list) => list.split(',').includes('json'));
};

/** The words before the first option. */
const leading = (words: readonly string[]): readonly string[] => {
  const end = words.findIndex((word) => word.startsWith('-'));
  return end < 0 ? words : words.slice(0, end);
};

/** The first of these names that is none of a command; the words after a command without subcommands are its arguments. */
const findUnknown = (program: Command, names: readonly string[]): DevsetupError | undefined => {
  let command = program;
  for (const [index, name] of names.entries()) {
    if (command.commands.length === 0) return undefined;
    const next = command.commands.find((one) => one.name() === name);
    if (next === undefined) {
      const known = command.commands.map((one) => one.name());
      return unknownCommand(names.slice(0, index), name, known);
    }
    command = next;
  }
  return undefined;
};

const unknownCommand = (before: readonly string[], name: string, known: readonly string[]): DevsetupError => {
  const meant = closestName(name, known);
  const typed = ['npx devsetup', ...before].join(' ');
  return usageError({
    code: 'USAGE',
    message: `There is no command "${[...before, name].join(' ')}".`,
    hint: `${meant === undefined ? '' : `Did you mean \`${typed} ${meant}\`? `}The commands${before.length === 0 ? '' : ` of \`${typed}\``} are: ${known.join(', ')}.`,
  });
};

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** Commands that start no Python and no server of the project. */
const ON_WINDOWS: readonly string[] = ['init', 'up', 'down', 'audit', 'decouple', 'status', 'completion', 'shell-hook'];

/** Said before something fails there in a way that explains nothing. */
export const windowsMistake = (platform: string, command: string, isInContainer: boolean): DevsetupError | undefined =>
  platform !== 'win32' || ON_WINDOWS.includes(command) || isInContainer
    ? undefined
    : usageError({
        code: 'WINDOWS',
        message: `devsetup ${command} does not run on Windows itself.`,
        hint: 'Use it inside WSL, or in the dev container: `npx devsetup up` starts that, and `npx devsetup init` makes one.',
      });
