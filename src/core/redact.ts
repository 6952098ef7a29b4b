import { groupBy } from './group-by.ts';
import { isCommonWord, secretForms } from './secret-forms.ts';
import { originOf, projectUnwrapped, projectVisible, type Projection } from './visible-text.ts';

/** Masks secrets in text. */
export interface Redactor {
  /** From now on this value is masked too, e.g. a password that is known only once settings are loaded. */
  add(secret: string): void;
  /** A value that is no secret (user, database, host): a password that equals it is masked only where it stands as a password. */
  addName(name: string): void;
  /** A folder of the checkout, absolute or relative: a password that is a part of its name is shown in the paths of what is in it. */
  addFolder(folder: string): void;
  /** Give it whole lines: a secret that is cut in two is not found. `createStreamRedactor` does that for chunks. */
  redact(text: string): string;
  /** The offset from which the text may be the start of a secret that continues in the next line; its length: there is none. */
  holdFrom(text: string): number;
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

/** Shorter ones may well stand at the end of one line and the start of the next by chance. */
const SHORTEST_WRAPPED = 8;
const SHORTEST_START = 4;
const LONGEST_START = 256;

/** By their first characters, so that the end of a line is compared with few of them. */
const byStart = (forms: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  groupBy(forms, (form) => form.slice(0, SHORTEST_START));

type IsKept = (from: number, to: number) => boolean;

/** An absolute path, or one of something in a folder; a module of Python is named with dots. */
const pathIn = (folder: string): string =>
  `(?<![\\w/-])${escapeRegExp(folder)}${folder.startsWith('/') ? String.raw`(?![\w-])[\w./-]*` : String.raw`[./]\w[\w./-]*`}`;

const keepNothing: IsKept = () => false;

/** Masks what a pattern finds in a projection, in the original: what was between its characters goes with it, but for line ends. */
const maskThrough = (
  text: string,
  projection: Projection | undefined,
  pattern: RegExp | undefined,
  isKept: IsKept = keepNothing,
): string => {
  if (projection === undefined || pattern === undefined) return text;
  let masked = '';
  let done = 0;
  // Not matchAll, which compiles a copy of the pattern each time: this one may have thousands of alternatives.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(projection.text); match !== null; match = pattern.exec(projection.text)) {
    const { 0: found, 1: before = '', index } = match;
    const from = originOf(projection, index + before.length);
    const to = originOf(projection, index + found.length - 1) + 1;
    if (from < done || isKept(from, to)) continue;
    masked += text.slice(done, from) + MASK + text.slice(from, to).replaceAll(/[^\r\n]/g, '');
    done = to;
  }
  return masked + text.slice(done);
};

/**
 * Masks every secret wherever it stands, in all the ways of writing that `secretForms` knows, also where control sequences stand between
 * its characters or a line was wrapped in the middle of it, and the credentials of any URL.
 *
 * A secret that is a common word (`postgres`, `admin`, a short number), shorter than four characters, or equal to a name given by
 * `addName` would mask half the log, and masking it there would give it away. It is masked only where it stands as a
 * password: inside URLs and in assignments such as `password=postgres`. A secret that is only a part of such a name, or of the path of a
 * folder given by `addFolder`, is masked everywhere but in that name or path.
 */
export const createRedactor = (secrets: Iterable<string> = []): Redactor => {
  const known = new Set<string>();
  const names = new Set<string>();
  const folders = new Set<string>();
  let kept: readonly { readonly name: string; readonly pattern: RegExp }[] = [];
  let strong: RegExp | undefined;
  let wrapped: RegExp | undefined;
  let weak: RegExp | undefined;
  let long: readonly string[] = [];
  let starts: ReadonlyMap<string, readonly string[]> | undefined;

  const prepare = (): void => {
    const isWeak = (value: string): boolean => isCommonWord(value) || names.has(value);
    const values = [...known];
    const forms = values.filter((value) => !isWeak(value)).flatMap(secretForms);
    long = forms.filter((form) => form.length >= SHORTEST_WRAPPED);
    strong = anyOf(forms);
    wrapped = anyOf(long);
    starts = undefined;
    const isIn = (value: string) => (name: string) => name.includes(value);
    const tokens = [...names].map((name) => [name, `(?<![\\w-])${escapeRegExp(name)}(?![\\w-])`] as const);
    const paths = [...folders].map((name) => [name, pathIn(name)] as const);
    kept = [...tokens, ...paths]
      .filter(([name]) => forms.some((form) => isIn(form)(name)))
      .map(([name, pattern]) => ({ name, pattern: new RegExp(pattern, 'g') }));
    weak = assignments(
      values.filter((value) => isWeak(value) || kept.some(({ name }) => isIn(value)(name))).toSorted(longestFirst),
    );
  };
  /** Whether a secret is shown because it is a part of a name or path that stands here. */
  const keptIn = (text: string): IsKept => {
    if (kept.length === 0) return keepNothing;
    const ranges = kept.flatMap(({ name, pattern }) =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({ name, start: index, end: index + found.length })),
    );
    return (from, to) =>
      ranges.some(({ name, start, end }) => start <= from && to <= end && name.includes(text.slice(from, to)));
  };
  const maskStrongly = (text: string): string => {
    if (strong === undefined) return text;
    const isKept = keptIn(text);
    return text.replaceAll(strong, (found: string, at: number) => (isKept(at, at + found.length) ? found : MASK));
  };
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return;
    known.add(secret);
    prepare();
  };
  for (const secret of secrets) if (secret !== '') known.add(secret);
  prepare();

  /** With backspaces, what they take away and what they leave can both be a secret. */
  const maskVisible = (text: string): string =>
    (text.includes('\b') ? [false, true] : [true]).reduce((masked, overwrites) => {
      const strongly = maskThrough(masked, projectVisible(masked, overwrites), strong, keptIn(masked));
      return maskThrough(strongly, projectVisible(strongly, overwrites), weak);
    }, text);

  return {
    add,
    addName: (name) => {
      if (name === '' || names.has(name)) return;
      names.add(name);
      prepare();
    },
    addFolder: (folder) => {
      if (folder === '' || folders.has(folder)) return;
      folders.add(folder);
      prepare();
    },
    redact: (text) => {
      // Secrets first: a password with an unescaped `@` or `/` in a URL is known as a whole, the pattern would see a part of it.
      const masked = maskUrls(maskStrongly(text));
      const visible = maskVisible(weak === undefined ? masked : masked.replaceAll(weak, `$1${MASK}`));
      return wrapped === undefined
        ? visible
        : maskThrough(visible, projectUnwrapped(visible), wrapped, keptIn(visible));
    },
    holdFrom: (text) => {
      starts ??= byStart(long);
      if (starts.size === 0) return text.length;
      const cut = Math.max(0, text.length - LONGEST_START * 2);
      // The dot is there so that the last line end counts as one inside of the text.
      const projection = projectUnwrapped(`${text.slice(cut)}\n.`);
      const end = projection?.text.slice(0, -1) ?? '';
      for (let at = Math.max(0, end.length - LONGEST_START); at <= end.length - SHORTEST_START; at += 1) {
        const forms = starts.get(end.slice(at, at + SHORTEST_START));
        if (projection === undefined || forms === undefined) continue;
        const rest = end.slice(at);
        if (!forms.some((form) => form.length > rest.length && form.startsWith(rest))) continue;
        const start = cut + originOf(projection, at);
        return Math.max(text.lastIndexOf('\n', start), text.lastIndexOf('\r', start)) + 1;
      }
      return text.length;
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
 * Holds a line back until it is complete, and one that ends like the start of a secret until the next one is, so that a secret that two
 * chunks or two lines share is masked too. A line that never ends is given out in pieces, in bounded memory.
 */
export const createStreamRedactor = (redactor: Pick<Redactor, 'redact' | 'holdFrom'>): StreamRedactor => {
  let rest = '';
  return {
    write: (chunk) => {
      const text = rest + chunk;
      const lines = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
      const held = redactor.holdFrom(text.slice(0, lines));
      const end = lines - held > LONGEST_LINE ? lines : held;
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
