export type Quote = '"' | "'" | '`';

/** `NAME=value`, perhaps over several lines. */
export interface VariableLine {
  readonly kind: 'variable';
  /** Of its first line; begins with 1. */
  readonly line: number;
  /** As it stands in the file, without the line end. */
  readonly text: string;
  readonly name: string;
  readonly value: string;
  readonly quote: Quote | null;
  /** Begins with `export`. */
  readonly isExported: boolean;
  /** White space before the `=`. */
  readonly isSpaced: boolean;
  /** A comment follows the value. */
  readonly hasComment: boolean;
  /** Quotes that begin with the value and end nowhere, or only after another variable. */
  readonly isUnclosed: boolean;
}

export type EnvLine =
  | VariableLine
  /** `comment` is also an empty line · `bare` a name alone · `other` what no reader of env files understands. */
  | { readonly kind: 'comment' | 'bare' | 'other'; readonly line: number; readonly text: string };

const VARIABLE = /^[ \t]*(export[ \t]+)?([\w.-]+)([ \t]*)=(.*)$/;
const ANOTHER = /^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]*=/;

/** The lines of an env file. Line ends of Windows and a byte order mark count as nothing. */
export const readEnvLines = (text: string): readonly EnvLine[] => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const found: EnvLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const written = lines[at] ?? '';
    const line = at + 1;
    const match = VARIABLE.exec(written);
    if (/^\s*(?:#|$)/.test(written)) found.push({ kind: 'comment', line, text: written });
    else if (match === null)
      found.push({ kind: /^\s*(?:export\s+)?\w+\s*$/.test(written) ? 'bare' : 'other', line, text: written });
    else {
      const [, exported, name = '', before = '', rest = ''] = match;
      const value = readValue(rest, lines.slice(at + 1));
      found.push({
        kind: 'variable',
        line,
        text: lines.slice(at, at + 1 + value.more).join('\n'),
        name,
        value: value.value,
        quote: value.quote,
        isExported: exported !== undefined,
        isSpaced: before !== '',
        hasComment: value.hasComment,
        isUnclosed: value.isUnclosed,
      });
      at += value.more;
    }
  }
  return found;
};

interface Value {
  readonly value: string;
  readonly quote: Quote | null;
  /** Further lines that belong to it. */
  readonly more: number;
  readonly hasComment: boolean;
  readonly isUnclosed: boolean;
}

const readValue = (written: string, following: readonly string[]): Value => {
  const rest = written.trimStart();
  const quote = /^["'`]/.exec(rest)?.[0] as Quote | undefined;
  if (quote === undefined) return unquoted(written, false);
  const here = closing(rest.slice(1), quote);
  if (here !== -1) {
    return {
      value: rest.slice(1, here + 1),
      quote,
      more: 0,
      hasComment: rest
        .slice(here + 2)
        .trim()
        .startsWith('#'),
      isUnclosed: false,
    };
  }
  const end = following.findIndex((line) => closing(line, quote) !== -1);
  const swallowed = following.slice(0, end + 1);
  if (end === -1 || swallowed.some((line) => ANOTHER.test(line))) return unquoted(written, true);
  const last = swallowed.at(-1) ?? '';
  const body = [rest.slice(1), ...swallowed.slice(0, -1), last.slice(0, closing(last, quote))];
  return { value: body.join('\n'), quote, more: end + 1, hasComment: false, isUnclosed: false };
};

const unquoted = (rest: string, isUnclosed: boolean): Value => {
  const comment = /[ \t]#/.exec(rest);
  const value = (comment === null ? rest : rest.slice(0, comment.index)).trim();
  return { value, quote: null, more: 0, hasComment: comment !== null, isUnclosed };
};

/** Where the quote ends that was opened before; -1: not here. A single quote may be escaped, or follow a last backslash. */
const closing = (text: string, quote: Quote): number => {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && (quote === '"' || text[at + 1] === quote)) at += 1;
    else if (text[at] === quote) return at;
  }
  return quote === "'" ? text.indexOf(quote) : -1;
};

/** The variables of an env file, commented ones left out; the last of a name counts. */
export const readEnvVariables = (text: string): ReadonlyMap<string, VariableLine> =>
  new Map(readEnvLines(text).flatMap((line) => (line.kind === 'variable' ? [[line.name, line] as const] : [])));
