/** A name that says its value is a secret: `DB_PASSWORD`, `api-key`, `SECRET_KEY`; not `TOKEN_URL`, `PASSWORD_FILE`. */
export const isSecretName = (name: string): boolean => SECRET.test(name) && !ABOUT.test(name);

const SECRET =
  /(?:^|[_-]|(?<=[a-z]))(?:password|passwd|passwort|pass|pwd|passphrase|secret|secrets|token|api[_-]?key|apikey|secret[_-]?key|access[_-]?key|private[_-]?key|ssh[_-]?key|auth[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?|dsn)(?=$|[_-]|[A-Z\d])/i;
const ABOUT =
  /(?:file|path|dir|name|url|uri|endpoint|host|user(?:name)?|id|arn|ttl|expir\w*|lifetime|length|size|type|header|prefix|algorithm|enabled|required|validators?|hashers?|version|policy|rotation|ref|mount|manager|store|stdin|format|contract|source|scope|audience|issuer)$/i;

/** Values that nobody guards: they are there so that something starts at all. */
const PLACEHOLDER =
  /test|dummy|fake|example|sample|change[_-]?me|placeholder|insecure|not[_-]?(?:a[_-]?)?(?:real|secret)|your[_-]|xxx|\*\*\*|<[^>]*>|^(?:ci|none|null|nil|true|false|yes|no|on|off|foo|bar|baz|unused|ignored|disabled|build|temp(?:orary)?|mock|stub|local|dev|default|empty|n\/a)(?:[_-].*)?$|(?:^|[_-])(?:ci|build|collectstatic|temporary|local|dev)(?:$|[_-])/i;

const isPlain = (value: string): boolean => !/[$\uE000-\uF8FF]|\{\{|%\(/.test(value);

/** A text that is a secret itself, as far as its form says: nothing that is computed, named elsewhere, or a placeholder. */
export const isLiteralSecret = (value: string): boolean => {
  const text = value.trim();
  if (text.length < 4 || !isPlain(text) || /^\d{1,4}$/.test(text) || /\s/.test(text)) return false;
  if (/^[./~]|^[a-z]+:\/\/|^(?:secrets|vars|env|github|inputs)\./i.test(text)) return false;
  return !PLACEHOLDER.test(text);
};

const URL_WITH_PASSWORD = /\b[a-z][a-z\d+.-]*:\/\/([^\s:@/'"]+):([^\s@/'"]+)@([^\s/:'"?]*)/gi;

/** Where in a text the password of a URL stands: `postgresql://app:…@db/app`. */
export const passwordsInUrls = (
  text: string,
): readonly { readonly start: number; readonly end: number; readonly host: string }[] =>
  [...text.matchAll(URL_WITH_PASSWORD)].flatMap((match) => {
    const [whole = '', user = '', password = '', host = ''] = match;
    if (!isPlain(password) || PLACEHOLDER.test(password) || PLACEHOLDER.test(user) || password.length < 3) return [];
    return [{ start: match.index, end: match.index + whole.length, host }];
  });

/** Forms of tokens that are unmistakable: of GitHub, GitLab, AWS, Slack, Stripe, Google, npm, PyPI, Docker; private keys. */
const TOKENS =
  /\b(?:gh[pousr]_[A-Za-z\d]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|AKIA[A-Z\d]{16}|xox[abprs]-[\w-]{10,}|[sr]k_live_[A-Za-z\d]{16,}|AIza[\w-]{35}|npm_[A-Za-z\d]{36}|pypi-AgEI[\w-]{50,}|dckr_pat_[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g;

export const tokensIn = (text: string): readonly { readonly start: number; readonly end: number }[] =>
  [...text.matchAll(TOKENS)].flatMap((match) =>
    // The keys that AWS's documentation uses.
    /EXAMPLE/.test(match[0]) ? [] : [{ start: match.index, end: match.index + match[0].length }],
  );
