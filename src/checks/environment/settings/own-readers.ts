import type { PlacedStatement } from './read-module.ts';
import type { Token } from './tokenize-python.ts';

/** What a function of the settings does where the variable that it is asked for is not set, and it is given no default. */
export type OwnReader = 'raises' | 'nothing' | 'default' | 'optional';

interface KnownReaders {
  readonly os: ReadonlySet<string>;
  readonly environ: ReadonlySet<string>;
  /** Functions whose first argument is the name of a variable. */
  readonly functions: ReadonlySet<string>;
}

/** Index behind `os.environ` or `environ` if it stands at `at`. */
export const behindEnviron = (
  tokens: readonly Token[],
  at: number,
  { os, environ }: Pick<KnownReaders, 'os' | 'environ'>,
): number => {
  const token = tokens[at];
  if (token?.kind !== 'name' || tokens[at - 1]?.text === '.') return -1;
  if (environ.has(token.text)) return at + 1;
  return os.has(token.text) && tokens[at + 1]?.text === '.' && tokens[at + 2]?.text === 'environ' ? at + 3 : -1;
};

/** Functions that return what the environment says of their first parameter: `def env(key, default=""): return os.environ.get(key, default)`. */
export const findOwnReaders = (
  modules: readonly (readonly PlacedStatement[])[],
  known: KnownReaders,
): ReadonlyMap<string, OwnReader> => {
  const found = new Map<string, OwnReader>();
  for (const statements of modules) {
    for (const [at, { tokens, indent, always }] of statements.entries()) {
      const [keyword, name, , parameter] = tokens;
      if (!always || keyword?.text !== 'def' || name === undefined || parameter?.kind !== 'name') continue;
      const rest = statements.slice(at + 1);
      const end = rest.findIndex((one) => one.indent <= indent);
      const body = rest.slice(0, end < 0 ? undefined : end).map((one) => one.tokens);
      const reader = judge(tokens, body, (part) => asksFor(part, parameter.text, known));
      if (reader !== null) found.set(name.text, reader);
    }
  }
  return found;
};

type Tokens = readonly Token[];

/** null: it returns something else. */
const judge = (head: Tokens, body: readonly Tokens[], asks: (part: Tokens) => boolean): OwnReader | null => {
  const values = new Set(
    body.flatMap((tokens) => (tokens[1]?.text === '=' && asks(tokens) ? [tokens[0]?.text ?? ''] : [])),
  );
  const returns = body.filter(([first]) => first?.text === 'return');
  const reading = returns.filter((tokens) => asks(tokens) || tokens.some(({ text }) => values.has(text)));
  if (reading.length === 0) return null;
  const fallback = defaultOfSecond(head);
  if (fallback !== null && fallback !== 'None') return 'default';
  const isSet = body.filter((tokens) => tokens[1]?.text === '=' && values.has(tokens[0]?.text ?? '')).length;
  // A second way to a value: it may be there without the variable.
  if (returns.length > 1 || isSet > 1) return 'optional';
  const raises = body.some(([first]) => first?.text === 'raise');
  const isPlain = returns[0]?.at(-1)?.text === ']' && body.length === 1;
  return raises || isPlain ? 'raises' : 'nothing';
};

/** Of `(key, default="")`: `""`; null: there is none. */
const defaultOfSecond = (head: Tokens): string | null => {
  const comma = head.findIndex(({ text }) => text === ',');
  const equals = comma < 0 ? -1 : head.findIndex(({ text }, at) => at > comma && text === '=');
  return equals < 0 ? null : (head[equals + 1]?.text ?? null);
};

const asksFor = (tokens: Tokens, parameter: string, known: KnownReaders): boolean =>
  tokens.some((token, at) => {
    const behind = behindEnviron(tokens, at, known);
    if (behind >= 0) {
      const open = tokens[behind]?.text === '.' && tokens[behind + 1]?.text === 'get' ? behind + 2 : behind;
      return '[('.includes(tokens[open]?.text ?? '?') && isAlone(tokens, open + 1, parameter);
    }
    const isOfOs = tokens[at - 1]?.text === '.' && known.os.has(tokens[at - 2]?.text ?? '');
    const isFunction = known.functions.has(token.text) && tokens[at - 1]?.text !== '.';
    const isCall = (isFunction || (isOfOs && token.text === 'getenv')) && tokens[at + 1]?.text === '(';
    return isCall && isAlone(tokens, at + 2, parameter);
  });

/** The whole argument: not `key.upper()`, nor `"APP_" + key`. */
const isAlone = (tokens: Tokens, at: number, parameter: string): boolean =>
  tokens[at]?.text === parameter && [',', ')', ']'].includes(tokens[at + 1]?.text ?? '');
