import type { ShellWord } from '../shell-run.ts';

/** Options of a program that take the next word as their value. */
export const optionSet = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** The index of the first word that is neither an option nor the value of one. */
export const skipOptions = (words: readonly ShellWord[], from: number, valued: ReadonlySet<string>): number => {
  let at = from;
  while (at < words.length) {
    const word = words[at]?.value ?? '';
    if (word === '--') return at + 1;
    if (!word.startsWith('-') || word === '-') return at;
    const takesNext =
      valued.has(word) ||
      (/^-[A-Za-z]{2,}$/.test(word) && valued.has(`-${word.at(-1) ?? ''}`) && !hasInlineValue(word, valued));
    at += takesNext ? 2 : 1;
  }
  return at;
};

/** `-p2222`: the value follows its letter without a blank. */
const hasInlineValue = (word: string, valued: ReadonlySet<string>): boolean => {
  return Array.from(word.slice(1, -1)).some((each) => valued.has(`-${each}`));
};

/** The value of an option: `--name value`, `--name=value`. */
export const optionValue = (
  words: readonly ShellWord[],
  names: readonly string[],
): { readonly word: ShellWord; readonly at: number; readonly skip: number } | null => {
  for (const [at, word] of words.entries()) {
    for (const name of names) {
      if (word.value === name) {
        const next = words[at + 1];
        if (next !== undefined) return { word: next, at: at + 1, skip: 0 };
      }
      if (name.startsWith('--') && word.value.startsWith(`${name}=`)) return { word, at, skip: name.length + 1 };
    }
  }
  return null;
};
