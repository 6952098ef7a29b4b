import type { Fault } from './fault.ts';

const SHELLS = /(?:^|\/)(?:ba|da|z|k|a)?sh$/;
/** Built into the shell: no program has that name. */
const BUILTINS = new Set([
  'source',
  '.',
  'cd',
  'export',
  'set',
  'unset',
  'alias',
  'eval',
  'pushd',
  'popd',
  'shopt',
  'trap',
  'declare',
  'umask',
  'ulimit',
]);
/** They print what they are given. */
const PRINTERS = new Set(['echo', 'printf']);

/** Why a list of words does not start what is meant: no shell reads it. null: nothing that is certain. */
export const judgeArrayForm = (words: readonly string[], exists: (name: string) => boolean): Fault | null => {
  const [program = '', ...args] = words;
  const commandText = words.join(' ');
  if (program.includes('${')) return null;
  // The path of a program may have blanks in it.
  const isPath = exists(program) || (program.startsWith('/') && !/^\/(?:usr\/)?bin\/\S+\s/.test(program));
  if (/\s/.test(program.trim()) && !isPath) {
    const isWhole = words.length === 1;
    return {
      kind: 'array-form',
      subject: `"${clip(program)}"`,
      why: 'the first item of a list is the name of a program, and no shell splits it at its blanks',
      remedy: isWhole
        ? 'Write the command as a string instead of a list.'
        : 'Write one string, with && between the commands, or each word as an item of its own.',
      value: isWhole ? program : null,
    };
  }
  if (/^(?:~\/|\$\w)/.test(program)) {
    return {
      kind: 'array-form',
      subject: `"${clip(program)}"`,
      why: `no shell expands ${program.startsWith('~') ? '~' : 'variables'} in a list`,
      remedy: 'Write the command as a string instead of a list.',
      value: null,
    };
  }
  if (BUILTINS.has(program)) {
    return {
      kind: 'array-form',
      subject: `"${program}"`,
      why: 'it is a command of the shell, and no shell reads a list',
      remedy: 'Write the command as a string instead of a list.',
      value: args.every((word) => /^[\w@%+=:,./&|;-]+$/.test(word)) ? commandText : null,
    };
  }
  const script = SHELLS.test(program) ? args.find((word) => !word.startsWith('-')) : undefined;
  const isRead = args.some((word) => /^-[a-z]*c[a-z]*$/.test(word));
  if (script !== undefined && !isRead && /^(?:~\/|\$\w)/.test(script)) {
    return {
      kind: 'array-form',
      subject: `"${clip(script)}"`,
      why: `no shell expands ${script.startsWith('~') ? '~' : 'variables'} in a list`,
      remedy: 'Write the command as a string instead of a list.',
      value: null,
    };
  }
  const operator = args.find((word) => word === '&&' || word === '||');
  if (operator === undefined || isRead || PRINTERS.has(program)) return null;
  return {
    kind: 'array-form',
    subject: `"${program}" with "${operator}"`,
    why: `no shell reads a list, so ${program} gets ${operator} and what follows as arguments`,
    remedy: 'Write the command as a string instead of a list.',
    value: words.every((word) => /^[\w@%+=:,./&|-]+$/.test(word)) ? commandText : null,
  };
};

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
