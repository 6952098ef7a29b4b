import { isDevsetupError } from '../core/errors.ts';
import { parseDatabaseUrl } from '../postgres/target.ts';

/** Where the database's password can be found again. It is never kept itself. */
export type PasswordSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'url'; readonly name: string };

type Env = Readonly<Record<string, string>>;

/** The variable that holds this password, as it is or inside a URL; null: the settings have it from elsewhere. */
export const findPasswordSource = (password: string, env: Env): PasswordSource | null => {
  if (password === '') return { kind: 'none' };
  const names = Object.keys(env);
  const variable = names.find((name) => env[name] === password);
  if (variable !== undefined) return { kind: 'variable', name: variable };
  const url = names.find((name) => passwordOfUrl(env[name] ?? '') === password);
  return url === undefined ? null : { kind: 'url', name: url };
};

/** The password from there; undefined if it is not there any more. */
export const readPassword = (source: PasswordSource, env: Env): string | undefined => {
  if (source.kind === 'none') return '';
  const value = Object.hasOwn(env, source.name) ? env[source.name] : undefined;
  return value === undefined || source.kind === 'variable' ? value : passwordOfUrl(value);
};

const passwordOfUrl = (text: string): string | undefined => {
  if (!text.includes('://')) return undefined;
  try {
    const address = parseDatabaseUrl(text);
    return address.kind === 'postgresql' ? address.target.password : undefined;
  } catch (error) {
    // Some other URL, or a broken one: the steps say so where it matters.
    if (isDevsetupError(error)) return undefined;
    throw error;
  }
};
