import { asRecord } from '../core/shape.ts';
import { referencesIn, referencesOf } from './references.ts';

/**
 * The secrets and variables that a workflow asks whether they are there, as `secret NAME`: in a condition, by an operator, or by way of
 * an environment variable that a condition or a script tests. Such a one may be missing on purpose.
 */
export const optionalNames = (document: unknown, text: string): ReadonlySet<string> => {
  const names = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      const found = key === 'if' ? [...referencesOf(value), ...referencesIn(value)] : referencesIn(value);
      for (const { kind, name, isTested } of found) {
        if (key === 'if' || isTested || isTestedVariable(key, text)) names.add(`${kind} ${name}`);
      }
      return;
    }
    if (Array.isArray(value)) for (const item of value) visit(item, key);
    else for (const [name, item] of Object.entries(asRecord(value))) visit(item, name);
  };
  visit(document, '');
  return names;
};

/** `env.NAME != ''`, `if: env.NAME`, `[ -n "$NAME" ]`, `${NAME:-none}`, `[ "$NAME" = "" ]`. */
export const isTestedVariable = (name: string, text: string): boolean => {
  if (!/^[A-Za-z_]\w*$/.test(name)) return false;
  const inShell = `\\$\\{?${name}\\b`;
  return [
    `env\\.${name}\\s*(?:[!=]=|&&|\\|\\|)`,
    `(?:&&|\\|\\||!|[!=]=)\\s*env\\.${name}\\b`,
    `\\bif:[^\\n]*env\\.${name}\\b`,
    `-[nz]\\s+["']?${inShell}`,
    `\\$\\{${name}:?[-+=?]`,
    `${inShell}\\}?["']?\\s*[!=]?=`,
  ].some((pattern) => new RegExp(pattern).test(text));
};
