import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Lack, UserModel } from '../django/protocol.ts';
import { dataOf, describeKeys, fieldsOf, hasNoRows, rowFirst } from './missing-fields.ts';

/** What the companion refused about the superuser, with what to set; anything else is returned as it is. */
export const superuserProblem = (error: unknown, user: UserModel): unknown => {
  if (!isDevsetupError(error)) return error;
  const hint = HINTS[error.code]?.(error, user);
  if (hint === undefined) return error;
  const { code, output, data, exitCode, cause } = error;
  const message = code === 'SUPERUSER_INCOMPLETE' ? describeIncomplete(error) : error.message;
  return new DevsetupError({ code, message, hint, output, data, exitCode, cause });
};

const HINTS: Readonly<Record<string, (error: DevsetupError, user: UserModel) => string>> = {
  SUPERUSER_FIELDS_MISSING: (error, user) => {
    const fields = fieldsOf(error);
    const impossible = fields.filter(hasNoRows);
    if (impossible.length > 0) return rowFirst(impossible, 'guest-tenant', 'set the variable to its key');
    const missing = fields.length === 0 ? user.requiredFields : fields.map(({ name }) => name);
    const variables = missing.map((name) => `DJANGO_SUPERUSER_${name.toUpperCase()}`).join(', ');
    return [`Set ${variables}.`, ...fields.flatMap(describeKeys)].join('\n');
  },
  SUPERUSER_SCHEMA_NEEDED: () => 'Add to the configuration: "superuser": { "schemas": ["…"] }',
  SUPERUSER_INCOMPLETE: () =>
    'devsetup has set the password and the fields is_superuser, is_staff and is_active. Give the user the rest where the project keeps it, then run devsetup again.',
};

/** In the words of Django's own fields; each once, however many schemas lack it. */
export const describeLacks = (lacks: readonly Lack[]): string => {
  const words = (Object.keys(WORDS) as Lack[]).filter((lack) => lacks.includes(lack)).map((lack) => WORDS[lack]);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
};

const WORDS: Readonly<Record<Lack, string>> = {
  inactive: 'is not active (is_active)',
  'password-unusable': 'has no usable password',
  'password-differs': 'has another password than DJANGO_SUPERUSER_PASSWORD',
  'not-staff': 'is refused by the admin site (is_staff)',
  'not-superuser': 'has not all permissions (is_superuser, has_perm)',
};

const isLack = (value: unknown): value is Lack => typeof value === 'string' && Object.hasOwn(WORDS, value);

const describeIncomplete = (error: DevsetupError): string => {
  const { schema, lacks } = dataOf(error);
  const where = typeof schema === 'string' ? ` in ${schema}` : '';
  return `The superuser${where} still ${describeLacks(Array.isArray(lacks) ? lacks.filter(isLack) : [])}.`;
};
