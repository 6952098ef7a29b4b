import type { Function } from 'unbash';

/** Stands in a word for what only a running shell knows. */
export const OPEN = '\u0000';

/** The root of the checkout, wherever it will be. Paths below it are absolute ones below this. */
export const CHECKOUT = '/.checkout';

/** What is known while a script is followed without being run. */
export interface Scope {
  /** Several values: an array of the shell. */
  readonly variables: Map<string, readonly string[]>;
  /** Those that a condition decides: the last value of the text is taken. */
  readonly unsure: Set<string>;
  readonly functions: Map<string, Function>;
  /** Below CHECKOUT; with OPEN in it where it is not known. */
  directory: string;
  /** `$1` and what follows. */
  args: readonly string[];
  /** The script, below CHECKOUT. */
  readonly file: string;
  /** The checkout's folder in the container, where it is known. */
  readonly workspaceFolder: string | null;
}

export const isStatic = (word: string): boolean => !word.includes(OPEN);

/** A path as seen from a folder; what the container calls its workspace is the checkout. */
export const resolvePath = (path: string, { directory, workspaceFolder }: Scope): string => {
  const mapped =
    workspaceFolder !== null && (path === workspaceFolder || path.startsWith(`${workspaceFolder}/`))
      ? CHECKOUT + path.slice(workspaceFolder.length)
      : path;
  const joined = mapped.startsWith('/') ? mapped : `${directory}/${mapped}`;
  return normalize(joined);
};

const normalize = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** Relative to the checkout, `.` for itself; null: outside, or not known. */
export const fromCheckout = (path: string): string | null => {
  if (!isStatic(path)) return null;
  if (path === CHECKOUT) return '.';
  return path.startsWith(`${CHECKOUT}/`) ? path.slice(CHECKOUT.length + 1) : null;
};
