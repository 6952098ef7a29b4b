import { lookupAt } from './find-lookups.ts';
import type { Readers } from './find-readers.ts';
import type { SettingsFile } from './follow-imports.ts';
import { literal, parseArguments } from './parse-arguments.ts';
import type { Condition, PlacedStatement } from './read-module.ts';
import type { Token } from './tokenize-python.ts';

type Tokens = readonly Token[];

/**
 * The variables that decide whether the settings take their database from the variables of these names: those in conditions around such a lookup, or
 * around a DATABASES that is no SQLite. Conditions that are known to be right where nothing is set do not count.
 */
export const findDeciding = (
  files: readonly SettingsFile[],
  readers: Readers,
  names: ReadonlySet<string>,
): readonly string[] => {
  const statements = files.flatMap((file) => file.statements);
  const assigned = new Map(
    statements.flatMap(({ tokens, always }) =>
      always && tokens[0]?.kind === 'name' && tokens[1]?.text === '=' ? [[tokens[0].text, tokens.slice(2)]] : [],
    ),
  );
  const ways = files.flatMap((file) =>
    file.statements.flatMap((statement): readonly Way[] => {
      const read = statement.tokens.flatMap((_, at) => lookupAt(statement.tokens, at, readers)?.found.name ?? []);
      const reads = read.some((name) => names.has(name));
      const isWay =
        reads || (assignsDatabases(statement) && !statement.tokens.some(({ text }) => /sqlite/i.test(text)));
      return isWay ? [{ asks: [...file.asks, ...statement.asks], reads, assigns: assignsDatabases(statement) }] : [];
    }),
  );
  const isOnTop = ways.some(({ asks, reads }) => reads && asks.length === 0);
  const counted = ways.filter(({ assigns, asks }) => asks.length > 0 && (assigns || !isOnTop));
  const isEitherWay = (condition: Condition): boolean =>
    ways.some(
      ({ reads, asks }) =>
        reads && asks.some((one) => one.holds !== condition.holds && textOf(one.tokens) === textOf(condition.tokens)),
    );
  const found = counted.flatMap(({ asks, reads }) =>
    asks.flatMap((condition) =>
      variablesOf(condition, { readers, assigned }).filter(
        (name) => OF_RUNNER.test(name) || !reads || !isEitherWay(condition),
      ),
    ),
  );
  return [...new Set(found)].filter((name) => !names.has(name));
};

interface Way {
  readonly asks: readonly Condition[];
  /** It reads one of the variables. */
  readonly reads: boolean;
  readonly assigns: boolean;
}

const textOf = (tokens: Tokens): string => tokens.map(({ text }) => text).join(' ');

/** `DATABASES = …` and `DATABASES["default"] = …` */
const assignsDatabases = ({ tokens }: PlacedStatement): boolean =>
  tokens[0]?.text === 'DATABASES' && (tokens[1]?.text === '=' || (tokens[1]?.text === '[' && tokens[4]?.text === '='));

/** The runner sets these itself. */
const OF_RUNNER = /^(?:CI|GITHUB_\w+|RUNNER_\w+)$/;

const variablesOf = (
  condition: Condition,
  { readers, assigned }: { readonly readers: Readers; readonly assigned: ReadonlyMap<string, Tokens> },
): readonly string[] => {
  const tokens = condition.tokens.flatMap((token, at): Tokens => {
    const value =
      condition.tokens[at - 1]?.text === '.' || token.kind !== 'name' ? undefined : assigned.get(token.text);
    return value ?? [token];
  });
  const names = tokens.flatMap((_, at) => lookupAt(tokens, at, readers)?.found.name ?? []);
  const asked = tokens.flatMap(({ kind, value }, at) =>
    kind === 'string' && value !== null && tokens[at + 1]?.text === 'in' ? [value] : [],
  );
  const isRight = holdsUnset(tokens, readers) === condition.holds;
  return [...new Set([...names, ...asked])].filter((name) => !isRight || OF_RUNNER.test(name));
};

/** What a condition about one variable comes to where that is not set; null: not known. */
const holdsUnset = (tokens: Tokens, readers: Readers): boolean | null => {
  const isDenied = tokens[0]?.text === 'not';
  const start = isDenied ? 1 : 0;
  const isAsked = tokens[start]?.kind === 'string' && tokens[start + 1]?.text === 'in';
  if (isAsked) return isDenied;
  const rest = tokens.slice(start);
  const place = lookupEnd(rest, readers);
  if (place === null) return null;
  const [operator, right, ...more] = rest.slice(place.end);
  if (operator?.text === 'in' && '([{'.includes(right?.text ?? '?'))
    return more.some(({ value }) => value === (place.fallback ?? '')) !== isDenied;
  if (operator === undefined) return place.fallback === null ? isDenied : (place.fallback !== '') !== isDenied;
  if (right?.kind !== 'string' || right.value === null || more.length > 0) return null;
  const isSame = (place.fallback ?? '') === right.value;
  if (operator.text === '==') return isSame !== isDenied;
  return operator.text === '!=' ? isSame === isDenied : null;
};

/** A lookup at the start that gives a text: where it ends, `.lower()` behind it included, and its default. */
const lookupEnd = (
  tokens: Tokens,
  readers: Readers,
): { readonly end: number; readonly fallback: string | null } | null => {
  const place = [0, 2].map((at) => lookupAt(tokens, at, readers)).find((one) => one !== undefined);
  if (place === undefined || place.found.otherwise === 'raises') return null;
  const open = tokens.findIndex(({ text }) => text === '(');
  const { positional, keywords } = parseArguments(tokens, open);
  const given = positional[1] ?? keywords['default'];
  const isBool = 'cast' in keywords || tokens[open - 1]?.text === 'bool';
  const fallback = given === undefined ? undefined : textOfDefault(given, isBool);
  // A default from elsewhere; one of the scheme of an `Env`, or of the function.
  if (fallback === null || (given === undefined && place.found.otherwise === 'default')) return null;
  const isMethod = tokens[place.end]?.text === '.' && /^(?:lower|upper|strip)$/.test(tokens[place.end + 1]?.text ?? '');
  const change = (text: string): string => {
    const method = isMethod ? tokens[place.end + 1]?.text : '';
    return method === 'lower' ? text.toLowerCase() : method === 'upper' ? text.toUpperCase() : text;
  };
  return { end: isMethod ? place.end + 4 : place.end, fallback: fallback === undefined ? null : change(fallback) };
};

/** As a text, '' for what is false; undefined: None; null: not known. */
const textOfDefault = (given: Tokens, isBool: boolean): string | null | undefined => {
  const [only, ...more] = given;
  if (more.length > 0) return null;
  if (only?.text === 'None') return undefined;
  if (only?.text === 'True' || only?.text === 'False') return only.text === 'True' ? 'True' : '';
  const text = literal(given) ?? null;
  return isBool && text !== null && /^(?:false|0|no|off|n|f)$/i.test(text) ? '' : text;
};
