import type { Readers } from './find-readers.ts';
import { behindEnviron } from './own-readers.ts';
import { literal, parseArguments } from './parse-arguments.ts';
import type { PlacedStatement } from './read-module.ts';
import type { Token } from './tokenize-python.ts';

/** A place where the settings ask for an environment variable. */
export interface Lookup {
  readonly name: string;
  /** Begins with 1. */
  readonly line: number;
  /**
   * Where it is not set: `raises` · `nothing`: None, and nobody looks whether it is · `default`: a value of its own · `optional`: the
   * code goes on without, on purpose.
   */
  readonly otherwise: 'raises' | 'nothing' | 'default' | 'optional';
  /** Its default, where that is a text that is written there. */
  readonly fallback?: string;
  /** The lookup happens whenever the module is imported. */
  readonly always: boolean;
}

export interface ModuleLookups {
  readonly lookups: readonly Lookup[];
  /** Variables that the code sets, or asks about before it needs them. */
  readonly handled: readonly string[];
}

/** `env.X("NAME")` raises as `env("NAME")` does. */
const ENV_METHODS = new Set(
  (
    'str bool int float json list tuple dict url db db_url cache cache_url email email_url search_url channels channels_url path bytes ' +
    'unicode decimal date datetime time timedelta uuid log_level get_value dj_db_url dj_email_url dj_cache_url enum'
  ).split(' '),
);
/** What these ask for when they are given no name. */
const ENV_DEFAULT_NAMES: Readonly<Record<string, string>> = {
  db: 'DATABASE_URL',
  db_url: 'DATABASE_URL',
  cache: 'CACHE_URL',
  cache_url: 'CACHE_URL',
  email: 'EMAIL_URL',
  email_url: 'EMAIL_URL',
};
const UNSURE = new Set(['if', 'else', 'and', 'or', 'lambda', 'for', 'elif', 'except', 'def', 'async', 'case', 'while']);
const CHOOSES = new Set(['if', 'elif', 'while', 'and', 'or', 'not', 'assert']);

type Found = Omit<Lookup, 'line' | 'always'>;
type Place = { readonly found: Found; readonly end: number } | undefined;

/** The lookups of one module. */
export const findLookups = (statements: readonly PlacedStatement[], readers: Readers): ModuleLookups => {
  const tested = testedNames(statements);
  const lookups: Lookup[] = [];
  const handled: string[] = [];
  for (const statement of statements) {
    handled.push(...findHandled(statement.tokens, readers));
    for (const part of ['head', 'tail'] as const) {
      const tokens = statement[part];
      const always = part === 'head' && statement.always && isStraight(tokens);
      for (let at = 0; at < tokens.length; at += 1) {
        const place = lookupAt(tokens, at, readers);
        if (place === undefined) continue;
        const { found, end } = place;
        const isOptional =
          statement.tried ||
          (found.otherwise === 'nothing' && (isFollowedUp(tokens, end) || tested.has(assignedName(tokens))));
        lookups.push({
          ...found,
          line: tokens[at]?.line ?? 1,
          otherwise: isOptional ? 'optional' : found.otherwise,
          always: always && !statement.tried,
        });
      }
    }
  }
  return { lookups, handled };
};

/** No part of it is left out depending on another: neither a condition, nor a loop, nor a function. */
const isStraight = (tokens: readonly Token[]): boolean =>
  !tokens.some(
    ({ kind, text }, at) => kind === 'name' && UNSURE.has(text) && !(at === 0 && (text === 'if' || text === 'for')),
  );

/** Names that some condition looks at: None is expected of them. */
const testedNames = (statements: readonly PlacedStatement[]): ReadonlySet<string> =>
  new Set(
    statements
      .filter(({ tokens }) => tokens.some(({ kind, text }) => kind === 'name' && CHOOSES.has(text)))
      .flatMap(({ tokens, head }) => (CHOOSES.has(tokens[0]?.text ?? '') ? head : tokens))
      .filter(({ kind }) => kind === 'name')
      .map(({ text }) => text),
  );

const assignedName = (tokens: readonly Token[]): string => (tokens[1]?.text === '=' ? (tokens[0]?.text ?? '') : '');

/** `os.environ.get("X") or …`, `… == "1"`: None is as good as a value. */
const isFollowedUp = (tokens: readonly Token[], end: number): boolean =>
  ['or', 'and', '==', '!=', 'in', 'not', 'is', 'if'].includes(tokens[end]?.text ?? '') ||
  tokens.some(({ kind, text }) => kind === 'name' && (text === 'bool' || text === 'if'));

const findHandled = (tokens: readonly Token[], readers: Readers): readonly string[] =>
  tokens.flatMap((token, at) => {
    if (token.kind === 'string') {
      const next = tokens[at + 1]?.text;
      const asked = next === 'in' || (next === 'not' && tokens[at + 2]?.text === 'in');
      return asked && token.value !== null ? [token.value] : [];
    }
    const behind = behindEnviron(tokens, at, readers);
    if (behind === -1) return [];
    if (tokens[behind]?.text === '[') {
      const { positional, end } = parseArguments(tokens, behind);
      const name = literal(positional[0]);
      return name !== undefined && /^\+?=$/.test(tokens[end]?.text ?? '') ? [name] : [];
    }
    const isSetting =
      tokens[behind]?.text === '|=' || ['setdefault', 'update', 'pop'].includes(tokens[behind + 1]?.text ?? '');
    return isSetting ? tokens.slice(behind).flatMap(({ value }) => (value === null ? [] : [value])) : [];
  });

/** The lookup whose first token is at `at`, and where it ends. */
export const lookupAt = (tokens: readonly Token[], at: number, readers: Readers): Place => {
  const token = tokens[at];
  if (token?.kind !== 'name') return undefined;
  const behind = behindEnviron(tokens, at, readers);
  if (behind !== -1) return environLookup(tokens, behind);
  const isAttribute = tokens[at - 1]?.text === '.';
  const isGetenv =
    (readers.getenv.has(token.text) && !isAttribute) ||
    (token.text === 'getenv' && isAttribute && readers.os.has(tokens[at - 2]?.text ?? ''));
  if (isGetenv && tokens[at + 1]?.text === '(') return getLookup(tokens, at + 1);
  if (isAttribute) return undefined;
  const own = readers.own.get(token.text);
  if (own !== undefined && tokens[at + 1]?.text === '(' && tokens[at - 1]?.text !== 'def') {
    const place = getLookup(tokens, at + 1);
    const isBare = place?.found.otherwise === 'nothing';
    return place === undefined || !isBare ? place : { ...place, found: { ...place.found, otherwise: own } };
  }
  if (readers.config.has(token.text) && tokens[at + 1]?.text === '(') return requiredLookup(tokens, at + 1, 'config');
  return readers.env.has(token.text) ? envLookup(tokens, at, readers) : undefined;
};

const environLookup = (tokens: readonly Token[], behind: number): Place => {
  if (tokens[behind]?.text === '[') {
    const { positional, end } = parseArguments(tokens, behind);
    const name = literal(positional[0]);
    const isAssigned = /^\+?=$/.test(tokens[end]?.text ?? '') || tokens[0]?.text === 'del';
    return name === undefined || isAssigned ? undefined : { found: { name, otherwise: 'raises' }, end };
  }
  const isGet = tokens[behind + 1]?.text === 'get' && tokens[behind + 2]?.text === '(';
  return isGet ? getLookup(tokens, behind + 2) : undefined;
};

/** `os.environ.get("X")` and `os.getenv("X")`. */
const getLookup = (tokens: readonly Token[], open: number): Place => {
  const { positional, keywords, isOpen, end } = parseArguments(tokens, open);
  const name = literal(positional[0]) ?? literal(keywords['key']);
  if (name === undefined) return undefined;
  const fallback = positional[1] ?? keywords['default'];
  if (isOpen) return { found: { name, otherwise: 'default' }, end };
  const isNone = fallback === undefined || fallback[0]?.text === 'None';
  return { found: { name, otherwise: isNone ? 'nothing' : kindOf(fallback), ...written(fallback) }, end };
};

const written = (fallback: readonly Token[] | undefined): Pick<Lookup, 'fallback'> => {
  const text = literal(fallback);
  return text === undefined || text === '' ? {} : { fallback: text };
};

/** A default that says nothing: being without a value is meant. */
const EMPTY = /^(?:None|False|''|"")$/;

const kindOf = (fallback: readonly Token[]): 'default' | 'optional' =>
  fallback.length === 1 && EMPTY.test(fallback[0]?.text ?? '') ? 'optional' : 'default';

/**
 * What raises unless it is given a default, be it None: then that is meant. A second argument by position is a default to some and a
 * type to others.
 */
const requiredLookup = (tokens: readonly Token[], open: number, method: string): Place => {
  const { positional, keywords, isOpen, end } = parseArguments(tokens, open);
  const name = literal(positional[0]) ?? (positional.length === 0 ? ENV_DEFAULT_NAMES[method] : undefined);
  if (name === undefined || 'var' in keywords || 'name' in keywords) return undefined;
  const fallback = positional[1] ?? keywords['default'] ?? keywords['missing'];
  if (isOpen) return { found: { name, otherwise: 'default' }, end };
  return {
    found: { name, otherwise: fallback === undefined ? 'raises' : kindOf(fallback), ...written(fallback) },
    end,
  };
};

const envLookup = (tokens: readonly Token[], at: number, readers: Readers): Place => {
  const isCall = tokens[at + 1]?.text === '(';
  const method = tokens[at + 1]?.text === '.' ? (tokens[at + 2]?.text ?? '') : '';
  const isMethod = ENV_METHODS.has(method) && tokens[at + 3]?.text === '(';
  if (!isCall && !isMethod) return undefined;
  const place = requiredLookup(tokens, isCall ? at + 1 : at + 3, method);
  const isGiven = readers.isOpen || readers.defaults.has(place?.found.name ?? '');
  return place === undefined || !isGiven ? place : { ...place, found: { ...place.found, otherwise: 'default' } };
};
