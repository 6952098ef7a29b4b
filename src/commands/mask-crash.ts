import { isDevsetupError } from '../core/errors.ts';

/** What nobody expected may hold anything: an error that is a bug in devsetup, with the secrets in its text masked. */
export const maskCrash = (error: unknown, redact: (text: string) => string): unknown => {
  if (isDevsetupError(error)) return error;
  if (!(error instanceof Error)) return redact(String(error));
  const masked = new Error(redact(error.message));
  masked.name = error.name;
  masked.stack = redact(error.stack ?? error.message);
  return masked;
};
