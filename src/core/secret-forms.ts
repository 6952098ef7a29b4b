/** Values that people use as passwords on their own machine and that every log is full of. */
const COMMON_WORDS = new Set(
  (
    'postgres postgresql password passwort secret admin administrator root user username test testing guest demo default ' +
    'public local localhost django django-insecure changeme change-me changethis example database backend server development ' +
    'debug dev prod production staging true false none null yes no on off docker app web redis rabbitmq mysql minio key token'
  ).split(' '),
);

const SHORTEST_SECRET = 4;

/** True for values that cannot be masked wherever they appear: too short, a common word, or a small number such as a port. */
export const isCommonWord = (value: string): boolean =>
  value.length < SHORTEST_SECRET || COMMON_WORDS.has(value.toLowerCase()) || /^\d{1,7}$/.test(value);

const bytesOf = (text: string): readonly number[] => [...Buffer.from(text, 'utf8')];
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A lone half of a surrogate pair becomes the replacement character, as it would in any output. */
const encode = (text: string, reserved: RegExp): string =>
  text.replaceAll(reserved, (character) =>
    bytesOf(character)
      .map((byte) => `%${hex(byte, 2).toUpperCase()}`)
      .join(''),
  );

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % is not an escape.
    return text;
  }
};

/** As encodeURIComponent, a form, and Python's quote and quote_plus write it, once and twice; in capitals and small letters. */
const urlForms = (text: string): readonly string[] => {
  const strict = encode(text, /[^A-Za-z0-9\-_.~]/gu);
  const forms = [strict, encode(text, /[^A-Za-z0-9\-_.~/]/gu), encode(text, /[^A-Za-z0-9\-_.~!'()*]/gu)];
  const form = encode(text, /[^A-Za-z0-9*\-._]/gu);
  const once = [...forms, ...[strict, form].map((encoded) => encoded.replaceAll('%20', '+'))];
  const all = [...once, ...once.map((encoded) => encoded.replaceAll('%', '%25'))];
  return [...all, ...all.map((one) => one.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
};

const NOT_ASCII = /[^\u0000-\u007F]/gu; // eslint-disable-line no-control-regex

/** Python's ascii(): `\xe9`, `\u20ac`, `\U0001f600`. */
const pythonEscape = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x1_0000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
};
/** JSON's: two escapes for what needs a pair of surrogates. */
const jsonEscape = (character: string): string =>
  [...Array(character.length).keys()].map((index) => `\\u${hex(character.charCodeAt(index), 4)}`).join('');
const byteEscape = (character: string): string =>
  bytesOf(character)
    .map((byte) => `\\x${hex(byte, 2)}`)
    .join('');
const octalEscape = (character: string): string =>
  bytesOf(character)
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');

const upperEscapes = (text: string): string =>
  text.replaceAll(/(?<=\\u)[0-9a-f]{4}|(?<=\\x)[0-9a-f]{2}/g, (digits) => digits.toUpperCase());

/** As programs write it between quotes: JSON (also inside of JSON), Python's repr, ascii and bytes, JavaScript, git, SQL. */
const literalForms = (text: string): readonly string[] => {
  const json = JSON.stringify(text).slice(1, -1);
  const quoted = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  const bare = [json, quoted, quoted.replaceAll("'", "\\'"), quoted.replaceAll('"', '\\"')];
  const isAscii = text.search(NOT_ASCII) < 0;
  const ascii = bare.flatMap((one) =>
    isAscii
      ? []
      : [pythonEscape, jsonEscape, byteEscape, octalEscape].map((escape) => one.replaceAll(NOT_ASCII, escape)),
  );
  // Inside of a script element: Python's and Go's JSON, PHP's, and Django's escapejs.
  const scripts = [json.replaceAll(/[<>&]/g, jsonEscape), json.replaceAll(/[<>&']/g, jsonEscape)];
  const escaped = [/[^A-Za-z0-9_ ]/gu, /[\\'"<>&=;`-]/g].map((special) => text.replaceAll(special, jsonEscape));
  const all = [...bare, ...ascii, ...scripts, ...escaped, JSON.stringify(json).slice(1, -1)];
  return [...all, ...all.map(upperEscapes), text.replaceAll("'", "''"), text.replaceAll('"', '""')];
};

/** As HTML and XML write it: `'` and what is not ASCII have several spellings. */
const markupForms = (text: string): readonly string[] => {
  const basic = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = [
    ["'", '"'],
    ["'", '&quot;'],
    ['&#x27;', '&quot;'],
    ['&#39;', '&quot;'],
    ['&#39;', '&#34;'],
    ['&#039;', '&quot;'],
    ['&apos;', '&quot;'],
  ] as const;
  const all = quotes.map(([single, double]) => basic.replaceAll("'", single).replaceAll('"', double));
  const numbers = all.map((one) => one.replaceAll(NOT_ASCII, (character) => `&#${character.codePointAt(0)};`));
  return [...all, ...numbers];
};

/** As one word of a shell: by `shlex.quote`, by devsetup, by `printf %q`, and inside double quotes. */
const shellForms = (text: string): readonly string[] => [
  text.replaceAll("'", `'"'"'`),
  text.replaceAll("'", `'\\''`),
  text.replaceAll(/[^\w@%+=:,./-]/g, (character) => `\\${character}`),
  text.replaceAll(/[\\"$`]/g, (character) => `\\${character}`),
];

const hexForms = (text: string): readonly string[] => {
  const bytes = Buffer.from(text, 'utf8').toString('hex');
  return [bytes, bytes.toUpperCase()];
};

/**
 * Base64 of the secret alone, and the part that is the same whatever stands before and after it: in `user:password` the secret may
 * begin at any of three places within a group of four characters.
 */
const base64Forms = (text: string): readonly string[] => {
  const bytes = Buffer.from(text, 'utf8');
  const whole = bytes.toString('base64');
  const inner = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const all = [whole, whole.replace(/=+$/, ''), ...inner];
  return [...all, ...all.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))];
};

/** The lines of a key in several lines, since output is masked line by line; its first and last say only what it is. */
const lineForms = (text: string): readonly string[] =>
  text.includes('\n')
    ? text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line.length >= 16 && !line.startsWith('-----'))
    : [];

/** Every way a secret may be written in output. */
export const secretForms = (secret: string): readonly string[] => [
  ...new Set(
    [secret, decode(secret), ...lineForms(secret)]
      .flatMap((text) => [
        text,
        // Letters and digits are written the same everywhere.
        ...(/^\w*$/.test(text)
          ? []
          : [...urlForms(text), ...literalForms(text), ...markupForms(text), ...shellForms(text)]),
        ...hexForms(text),
        ...base64Forms(text),
      ])
      .filter((form) => form.length >= SHORTEST_SECRET && !isCommonWord(form)),
  ),
];
