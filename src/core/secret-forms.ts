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

const percent = (character: string): string =>
  [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

/** A lone half of a surrogate pair becomes the replacement character, as it would in any output. */
const encode = (text: string, unreserved: RegExp): string => text.replaceAll(unreserved, percent);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % is not an escape.
    return text;
  }
};

/** As encodeURIComponent, a form, and Python's quote and quote_plus write it; in capitals and small letters. */
const urlForms = (text: string): readonly string[] => {
  const strict = encode(text, /[^A-Za-z0-9\-_.~]/gu);
  const forms = [strict, encode(text, /[^A-Za-z0-9\-_.~/]/gu), encode(text, /[^A-Za-z0-9\-_.~!'()*]/gu)];
  const form = encode(text, /[^A-Za-z0-9*\-._]/gu);
  const all = [...forms, ...[strict, form].map((encoded) => encoded.replaceAll('%20', '+'))];
  return [...all, ...all.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
};

/** As JSON and Python's repr write it between quotes. */
const literalForms = (text: string): readonly string[] => [
  JSON.stringify(text).slice(1, -1),
  text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n'),
];

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
      .flatMap((text) => [text, ...urlForms(text), ...literalForms(text)])
      .filter((form) => form.length >= SHORTEST_SECRET && !isCommonWord(form)),
  ),
];
