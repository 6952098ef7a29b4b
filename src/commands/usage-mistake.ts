import type { CommanderError } from 'commander';

import { closestName } from '../config/closest-name.ts';
import { usageError, type DevsetupError } from '../core/errors.ts';

const HELP = 'devsetup --help lists the commands, devsetup help <command> its flags.';

/**
 * What commander found wrong with the command line, in devsetup's form: so it is one document under --json, too. A word that is no
 * command reaches the default command as an argument too many; it was meant as a command.
 */
export const usageMistake = (
  error: CommanderError,
  words: readonly string[],
  commands: readonly string[],
): DevsetupError => {
  const [text = '', ...suggestions] = error.message.replace(/^error: /, '').split('\n');
  const [word = ''] = words;
  if (error.code === 'commander.excessArguments' && word !== '' && !word.startsWith('-') && !commands.includes(word)) {
    const meant = closestName(word, commands);
    return usageError({
      code: 'USAGE',
      message: `There is no command "${word}".`,
      hint: `${meant === undefined ? '' : `Did you mean devsetup ${meant}? `}The commands are: ${commands.join(', ')}.`,
    });
  }
  const suggestion = suggestions.map((line) => line.replace(/^\((.*)\)$/, '$1 ')).join('');
  return usageError({ code: 'USAGE', message: sentence(text), hint: `${suggestion}${HELP}` });
};

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
