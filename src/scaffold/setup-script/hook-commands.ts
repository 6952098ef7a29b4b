import { shellWord } from '../../core/shell-word.ts';

/** One command of a hook, as a line of shell. */
export interface HookCommand {
  /** Its name where the hook is an object of several that run side by side. */
  readonly name: string | null;
  readonly text: string;
}

/** A hook is a line of shell, the words of one command, or several of either by name. */
export const hookCommands = (value: unknown): readonly HookCommand[] => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, command]) => {
      const text = asShell(command);
      return text === null ? [] : [{ name, text }];
    });
  }
  const text = asShell(value);
  return text === null ? [] : [{ name: null, text }];
};

/** The words of a command that runs without a shell, quoted so that a shell runs just that; null: it is no command. */
const asShell = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((word) => typeof word === 'string')
    ? value.map(shellWord).join(' ')
    : null;
};
