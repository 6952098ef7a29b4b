/** What the text of the settings says of the database's host. */
export interface WrittenHost {
  /** '' is the socket of this machine. null: a variable alone says it. */
  readonly value: string | null;
  /** The variable that decides it, `value` being its default; null: nothing outside of the settings can change it. */
  readonly variable: string | null;
  /** `config/settings.py:12` */
  readonly place: string;
  /** What stands beside it as a text, which nothing outside can change either. */
  readonly literals: { readonly name?: string; readonly user?: string; readonly password?: string };
}

/** A literal, a variable, or a variable with its default. */
const KEY = /(?:["']HOST["']\]?\s*[:=]|(?<=[\s(,])HOST\s*=)\s*(.+)$/;
const LITERAL = /^["']([^"']*)["']/;
const LOOKUP = /[([]\s*(?:["'](\w+)["'])\s*(?:,\s*(?:default\s*=\s*)?["']([^"']*)["'])?/;
const URL = /postg\w*:\/\/[^"'\s@/]*@([\w.-]+)/;
const URL_VARIABLE = /["'](\w*UR[LI]\w*)["']/;

/** The first mention of a host, in files that are read in this order; null: there is none that can be understood. */
export const findWrittenHost = (
  files: readonly { readonly name: string; readonly text: string }[],
  urlVariable: string,
): WrittenHost | null => {
  for (const { name, text } of files) {
    if (!/postg|psycopg|dj_database_url/i.test(text)) continue;
    for (const [index, line] of text.split('\n').entries()) {
      const found = line.trimStart().startsWith('#') ? undefined : (hostOf(line) ?? urlOf(line, urlVariable));
      if (found !== undefined) return { ...found, place: `${name}:${index + 1}`, literals: literalsOf(text) };
    }
  }
  return null;
};

type Found = Omit<WrittenHost, 'place' | 'literals'>;

const literalsOf = (text: string): WrittenHost['literals'] => {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  const literal = (key: string): string | undefined =>
    new RegExp(`(?:["']${key}["']\\]?\\s*[:=]|(?<=[\\s(,])${key}\\s*=)\\s*["']([^"']+)["']\\s*[,)}\\n]`).exec(
      code,
    )?.[1];
  const found = { user: literal('USER'), password: literal('PASSWORD') };
  const name = found.user === undefined && found.password === undefined ? undefined : literal('NAME');
  return Object.fromEntries(
    Object.entries({ name, ...found }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
};

const hostOf = (line: string): Found | undefined => {
  const [, written] = KEY.exec(line) ?? [];
  if (written === undefined) return undefined;
  const [, literal] = LITERAL.exec(written) ?? [];
  if (literal !== undefined) return { value: literal, variable: null };
  const [, variable, fallback] = LOOKUP.exec(written) ?? [];
  return variable === undefined ? undefined : { value: fallback ?? null, variable };
};

const urlOf = (line: string, urlVariable: string): Found | undefined => {
  const [, value] = URL.exec(line) ?? [];
  if (value === undefined) return undefined;
  const isLookup = /\bdefault\b|environ|getenv|\benv\b|\bconfig\b/.test(line);
  return { value, variable: isLookup ? (URL_VARIABLE.exec(line)?.[1] ?? urlVariable) : null };
};
