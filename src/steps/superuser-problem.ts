import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { UserModel } from '../django/protocol.ts';

/** What the companion refused about the superuser, with what to set; anything else is returned as it is. */
export const superuserProblem = (error: unknown, user: UserModel): unknown => {
  if (!isDevsetupError(error)) return error;
  const hint = HINTS[error.code]?.(error, user);
  if (hint === undefined) return error;
  const { code, message, output, data, exitCode, cause } = error;
  return new DevsetupError({ code, message, hint, output, data, exitCode, cause });
};

const HINTS: Readonly<Record<string, (error: DevsetupError, user: UserModel) => string>> = {
  SUPERUSER_FIELDS_MISSING: (error, user) => {
    const names = namesOf(error.cause);
    const missing = names.length === 0 ? user.requiredFields : names;
    return `Set ${missing.map((name) => `DJANGO_SUPERUSER_${name.toUpperCase()}`).join(', ')}.`;
  },
  SUPERUSER_SCHEMA_NEEDED: () => 'Add to the configuration: "superuser": { "schemas": ["…"] }',
};

const namesOf = (cause: unknown): readonly string[] => {
  const data = typeof cause === 'object' && cause !== null && 'data' in cause ? cause.data : undefined;
  const fields = typeof data === 'object' && data !== null && 'fields' in data ? data.fields : undefined;
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field: { readonly name?: unknown }) => (typeof field.name === 'string' ? [field.name] : []));
};
