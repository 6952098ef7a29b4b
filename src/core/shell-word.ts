import { escapeControls } from './visible-text.ts';

/** A value as one word of a POSIX shell's command line, for commands that a user is to copy. */
export const shellWord = (value: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  const quoted = escapeControls(value.replaceAll('\\', '\\\\'));
  // What a terminal would act on is not pasted as it is: bash, zsh and ksh know this notation.
  if (quoted !== value.replaceAll('\\', '\\\\'))
    return `$'${quoted.replaceAll("'", "\\'").replaceAll(/\\u\{(\w+)\}/g, wide)}'`;
  return `'${value.replaceAll("'", `'\\''`)}'`;
};

const wide = (_: string, digits: string): string => `\\U${digits.padStart(8, '0')}`;
