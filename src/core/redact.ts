import { isCommonWord, secretForms } from './secret-forms.ts';

/** Masks secrets in text. */
export interface Redactor {
  /** From now on this value is masked too, e.g. a password that is known only once settings are loaded. */
  add(secret: string): void;
  /** A value that is no secret (user, database, host): a password that equals it is masked only where it stands as a password. */
  addName(name: string): void;
  /** Give it whole lines: a secret that is cut in two is not found. `createStreamRedactor` does that for chunks. */
  redact(text: string): string;
}

const MASK = '***';

// Begins at `://`, not at the scheme, so that the time stays linear in lines without any.
const URL_PASSWORD = /(:\/\/[^\s:@/?#"'<>]*):([^\s/?#"'<>]+)@/g;
/** A lone user name this long is a token: `https://ghp_…@host`. */
const URL_TOKEN = /(:\/\/)[^\s:@/?#"'<>]{20,}@/g;

const maskUrls = (text: string): string =>
  text.includes('://') ? text.replaceAll(URL_PASSWORD, `$1:${MASK}@`).replaceAll(URL_TOKEN, `$1${MASK}@`) : text;

const longestFirst = (a: string, b: string): number => b.length - a.length;

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** One expression for all: many times faster over long output than one search a secret. The longest is tried first. */
const anyOf = (values: readonly string[]): RegExp | undefined =>
  values.length === 0
    ? undefined
    : new RegExp([...new Set(values)].toSorted(longestFirst).map(escapeRegExp).join('|'), 'g');

/** `password=value`, `"PASSWORD": "value"`, `DB_PASS: value`. */
const assignments = (values: readonly string[]): RegExp | undefined => {
  if (values.length === 0) return undefined;
  const name = '(?:pass|passwd|password|pwd|passphrase|secret|token|key|credentials?)';
  const alternatives = values.map(escapeRegExp).join('|');
  return new RegExp(`(${name}[\\w-]{0,40}["']?\\s{0,4}[:=]\\s{0,4}["']?)(?:${alternatives})(?![\\w-])`, 'gi');
};

/**
 * Masks every secret wherever it stands, also percent-encoded and as a JSON string holds it, and the credentials of any URL.
 *
 * A secret that is a common word (`postgres`, `admin`, a short number), shorter than four characters, or equal to a name given by
 * `addName` would mask half the log, and masking it there would give it away. It is masked only where it stands as a
 * password: inside URLs and in assignments such as `password=postgres`.
 */
export const createRedactor = (secrets: Iterable<string> = []): Redactor => {
  const known = new Set<string>();
  const names = new Set<string>();
  let strong: RegExp | undefined;
  let weak: RegExp | undefined;

  const prepare = (): void => {
    const isWeak = (value: string): boolean => isCommonWord(value) || names.has(value);
    const values = [...known];
    strong = anyOf(values.filter((value) => !isWeak(value)).flatMap(secretForms));
    weak = assignments(values.filter(isWeak).toSorted(longestFirst));
  };
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return;
    known.add(secret);
    prepare();
  };
  for (const secret of secrets) if (secret !== '') known.add(secret);
  prepare();

  return {
    add,
    addName: (name) => {
      if (name === '' || names.has(name)) return;
      names.add(name);
      prepare();
    },
    redact: (text) => {
      // Secrets first: a password with an unescaped `@` or `/` in a URL is known as a whole, the pattern would see a part of it.
      const masked = maskUrls(strong === undefined ? text : text.replaceAll(strong, MASK));
      return weak === undefined ? masked : masked.replaceAll(weak, `$1${MASK}`);
    },
  };
};

export interface StreamRedactor {
  /** Takes a chunk of any length and gives what can be shown now: whole lines. */
  write(chunk: string): string;
  /** The rest, when the stream has ended. */
  end(): string;
}

const LONGEST_LINE = 65_536;
/** Longer than any secret: so much of a line that does not end is held back. */
const HELD_BACK = 8_192;

/**
 * Holds a line back until it is whole, so that a secret that two chunks share is masked too. A line that never ends is given out
 * in pieces, in bounded memory.
 */
export const createStreamRedactor = (redactor: Pick<Redactor, 'redact'>): StreamRedactor => {
  let rest = '';
  return {
    write: (chunk) => {
      const text = rest + chunk;
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
      const whole = redactor.redact(text.slice(0, end));
      rest = text.slice(end);
      if (rest.length <= LONGEST_LINE) return whole;
      const masked = redactor.redact(rest);
      rest = masked.slice(-HELD_BACK);
      return whole + masked.slice(0, -HELD_BACK);
    },
    end: () => {
      const last = redactor.redact(rest);
      rest = '';
      return last;
    },
  };
};
