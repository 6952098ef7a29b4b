import type { VariableLine } from './read-env-lines.ts';

const REFERENCES = /\$\$|\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)/;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const IN_DOUBLE_QUOTES = new RegExp(`${REFERENCES.source}|\\\\([\\\\"$abfnrtv])`, 'g');
const UNQUOTED = new RegExp(`${REFERENCES.source}|\\\\\\$`, 'g');

/**
 * The value of a line as docker compose and a shell give it: they read the files that no project reads by itself. A reference to a
 * variable that is not set stays as it is written, since it may be part of a password.
 */
export const evaluateLine = (
  { value, quote }: Pick<VariableLine, 'value' | 'quote'>,
  find: (name: string) => string | undefined,
): string => {
  if (quote === "'") return value.replaceAll(String.raw`\'`, "'");
  if (quote === '`') return value;
  return value.replaceAll(
    quote === '"' ? IN_DOUBLE_QUOTES : UNQUOTED,
    (written, braced?: string, fallback?: string, bare?: string, escaped?: string) => {
      if (typeof escaped === 'string') return ESCAPES[escaped] ?? escaped;
      const name = braced ?? bare;
      if (name === undefined) return written;
      const found = find(name);
      return found !== undefined && (found !== '' || fallback === undefined) ? found : (fallback ?? written);
    },
  );
};

/** Every variable of the lines; `own` wins over them. A reference to itself or in a circle stays as it is written. */
export const evaluateLines = (
  lines: ReadonlyMap<string, VariableLine>,
  own: Readonly<Record<string, string>>,
): Record<string, string> => {
  const evaluate = (name: string, pending: readonly string[]): string | undefined => {
    const line = lines.get(name);
    if (Object.hasOwn(own, name) || line === undefined) return own[name];
    const before = [...pending, name];
    return evaluateLine(line, (other) => (before.includes(other) ? undefined : evaluate(other, before)));
  };
  const values: Record<string, string> = {};
  for (const name of lines.keys()) values[name] = evaluate(name, []) ?? '';
  return values;
};

/** Every reader of env files gives this value: nothing in the line means one thing to one of them and another to the next. */
export const isUnambiguous = ({ value, quote, isExported, isSpaced, hasComment, isUnclosed }: VariableLine): boolean =>
  !isExported &&
  !isSpaced &&
  !hasComment &&
  !isUnclosed &&
  (quote === null ? /^[^\s"'`#$\\]*$/.test(value) : quote !== '`' && /^[^"'\n$\\]*$/.test(value));
