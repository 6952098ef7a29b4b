import { isCredential, isFallbackCredential, type Strictness } from './judge-value.ts';
import type { TextRange } from './known-tokens.ts';
import { isSecretName } from './secret-name.ts';

/** A secret written out in a text. */
export interface Credential extends TextRange {
  /** What it is given as: the name, or what it stands in. */
  readonly as: string;
}

export interface TextKind {
  readonly strictness: Strictness;
  /** `NAME=value` and `name: value` are looked for: the text is configuration, and no message to people. */
  readonly hasPairs: boolean;
  /** Values without quotes are other variables and calls: Python, JavaScript. */
  readonly isCode: boolean;
}

// Each begins at something rare, so that the time stays linear.
const URL_PASSWORD = /:\/\/([^\s:@/?#"'<>,;|]{0,100}):([^\s@/"'<>,;|]{1,200})@([^\s:/?"'<>,;|]{0,200})/g;
const URL_QUERY = /[?&]([A-Za-z_][\w-]{1,40})=([^\s&"'<>#;|)\\]{8,200})/g;
const PAIR =
  /(?<![\w$.?&{-])-{0,2}["']?([A-Za-z_][\w.-]{1,80})["']?(=|[ \t]{0,3}:[ \t]{1,20}|[ \t]{1,10}=[ \t]{1,10})(?:"([^"\n]{0,400})"|'([^'\n]{0,400})'|([^\s"',;&|)]{1,400}))/g;
const SQL = /\b(?:password|identified\s+by)\s+'([^'\n]{1,200})'/gi;
const AUTHORIZATION = /\bauthorization["']?\s*[:=]\s*["']?(?:bearer|basic|token|api-?key)\s+([\w.~+/=-]{8,2000})/gi;
/** Known only to this machine or to a network of containers, or to nobody: `localhost`, `db`, `example.org`. */
const LOCAL_HOST = /^(?:127\.0\.0\.1|0\.0\.0\.0|::1|example\.\w+|db\.example.*|[a-z][\w-]*|)$/i;
/** `user:password@…` shows the form of an address. */
const ANYBODY = /^(?:my[-_]?|db[-_]?|your[-_]?)?(?:user|username|usr)$/i;

const at = (index: number, whole: string, part: string): TextRange => {
  const start = index + whole.lastIndexOf(part);
  return { start, end: start + part.length };
};

/** Passwords in URLs and headers, and values of names of secrets, in order of kind. Comments of lines are left out. */
export const findCredentials = (text: string, kind: TextKind): readonly Credential[] => {
  const found = [
    ...findInUrls(text, kind.strictness),
    // Both have a blank in them; most words have none.
    ...(text.includes(' ') ? findInPhrases(text, kind.strictness) : []),
    ...(kind.hasPairs ? findPairs(text, kind) : []),
  ];
  return found.filter(({ start }) => !isInComment(text, start));
};

const isInComment = (text: string, start: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^\s*(?:#|\/\/)/.test(line);
};

const findInUrls = (text: string, strictness: Strictness): readonly Credential[] => {
  if (!text.includes('://')) return [];
  const passwords = [...text.matchAll(URL_PASSWORD)].flatMap((match): readonly Credential[] => {
    const [whole, user = '', password = '', host = ''] = match;
    // A stand-in that lets settings be read: everybody knows the password, and the place is nowhere or a container.
    const isWellKnown = password === user || !isCredential('', password, 'making');
    const leadsNowhere = isWellKnown && (LOCAL_HOST.test(host) || ANYBODY.test(user));
    if (leadsNowhere || !isCredential('', password, strictness)) return [];
    const start = match.index + '://'.length + user.length + 1;
    void whole;
    return [{ as: 'a URL', start, end: start + password.length }];
  });
  const keys = [...text.matchAll(URL_QUERY)].flatMap((match): readonly Credential[] => {
    const [whole, name = '', value = ''] = match;
    if (!/^(?:sig|key|code)$/i.test(name) && !isSecretName(name)) return [];
    if (!looksRandom(value) || !isCredential(name, value, strictness)) return [];
    return [{ as: 'a URL', ...at(match.index, whole, value) }];
  });
  return [...passwords, ...keys];
};

const looksRandom = (value: string): boolean =>
  value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 8;

const findInPhrases = (text: string, strictness: Strictness): readonly Credential[] =>
  [
    { pattern: SQL, as: 'PASSWORD' },
    { pattern: AUTHORIZATION, as: 'Authorization' },
  ].flatMap(({ pattern, as }) =>
    [...text.matchAll(pattern)].flatMap((match): readonly Credential[] => {
      const [whole, value = ''] = match;
      return isCredential(as, value, strictness) ? [{ as, ...at(match.index, whole, value) }] : [];
    }),
  );

/** Quick, for most texts: without one of these no name is that of a secret. */
const MAY_NAME_SECRET = /pass|pwd|pw|secret|token|key|cred|pat|bearer/i;

const findPairs = (text: string, { strictness, isCode }: TextKind): readonly Credential[] => {
  const found: Credential[] = [];
  if (!MAY_NAME_SECRET.test(text)) return found;
  const pattern = new RegExp(PAIR);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, name = '', operator = '', double, single, bare] = match;
    const value = double ?? single ?? bare ?? '';
    // `--from-literal=password=…`: what is no secret itself may be a pair.
    if (!isSecretName(name)) pattern.lastIndex = match.index + whole.indexOf(operator, name.length) + operator.length;
    else if (
      isPair(whole, { name, operator, bare, quoted: double ?? single, isCode }) &&
      isCredential(name, value, strictness)
    ) {
      found.push({ as: name, ...at(match.index, whole, value) });
    }
  }
  return found;
};

const isPair = (
  whole: string,
  pair: {
    readonly name: string;
    readonly operator: string;
    readonly bare: string | undefined;
    readonly quoted: string | undefined;
    readonly isCode: boolean;
  },
): boolean => {
  const { name, operator, bare, isCode } = pair;
  // `--secret=name` names one that is kept elsewhere.
  if (whole.startsWith('-') && /^(?:(?:set|update|add|remove|clear)-)?secrets?$/i.test(name)) return false;
  // `'a: ' . f('b')` of a program: the quotes belong to other texts.
  if (pair.quoted !== undefined && /^\s|\s$/.test(pair.quoted)) return false;
  // `[ "$TOKEN" = x ]`, `TOKEN = x` of a shell: a comparison.
  return bare === undefined || !(isCode || /[()[\]{}]/.test(bare) || /\s=/.test(operator));
};

const DEFAULT = /\$\{([A-Za-z_]\w{1,80}):?[-=]([^${}\n]{1,200})\}/g;

/** `${DB_PASSWORD:-postgres}` in a text that is written to a file, e.g. of Compose. */
export const findDefaults = (text: string, strictness: Strictness): readonly Credential[] =>
  text.includes('${')
    ? [...text.matchAll(DEFAULT)].flatMap((match): readonly Credential[] => {
        const [whole, name = '', value = ''] = match;
        if (!isSecretName(name) || isInComment(text, match.index)) return [];
        const range = at(match.index, whole, value);
        return isFallbackCredential(value, strictness) ? [{ as: name, ...range }] : [];
      })
    : [];
