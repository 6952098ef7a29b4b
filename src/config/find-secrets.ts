const SECRET_WORDS =
  /^(?:\w*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY)S?|PASS|PWD|KEYS?|CREDENTIALS?|DSN|PRIVATE|SALT)$/;
/** A variable that says something about a secret without holding it. */
const ABOUT_SECRETS =
  /(?:^|_)(?:FILE|PATH|DIR|ID|NAME|USER|USERNAME|HEADER|ALGORITHM|LENGTH|TIMEOUT|TTL|AGE|EXPIRY|URL|URI|HOST|PORT)$/;
/** The working directory, not a password. */
const WORKING_DIRECTORY = new Set(['PWD', 'OLDPWD']);

/** Judges by the name alone, e.g. `DB_PASSWORD`, `SECRET_KEY`, `GITHUB_TOKEN`. */
const isSecretName = (name: string): boolean => {
  const upper = name.toUpperCase();
  if (WORKING_DIRECTORY.has(upper) || ABOUT_SECRETS.test(upper)) return false;
  return upper.split(/[_.-]+/).some((word) => SECRET_WORDS.test(word));
};

/**
 * The password of a `scheme://user:password@host` value, as it is written. Passwords with an unescaped `@`, `/` or `#` are common
 * and must be masked too, so the last `@` ends the password.
 */
const findUrlPassword = (value: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/[^:@/\s]*:(.+)@/is.exec(value)?.[1];

/** The values that must never be shown: of variables with a secret's name, and passwords inside URLs. Each once. */
export const findSecrets = (variables: Readonly<Record<string, string>>): readonly string[] => [
  ...new Set(
    Object.entries(variables).flatMap(([name, value]) => {
      const ofUrl = findUrlPassword(value);
      return [...(isSecretName(name) && value !== '' ? [value] : []), ...(ofUrl === undefined ? [] : [ofUrl])];
    }),
  ),
];
