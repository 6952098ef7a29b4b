/** Why a value cannot be meant. `masked`: `***` · `unexpanded`: a reference nobody filled in · `quoted`, `padded`: more than the value. */
export type Unusable = 'masked' | 'unexpanded' | 'quoted' | 'padded';

/** What says where the database is and who the superuser is: nothing around the value is ever meant. */
const STRICT = /^(?:DATABASE|DB|POSTGRES|PG|DJANGO_SUPERUSER)(?:_|[A-Z]|$)|_URL$/;
const PASSWORD = /PASS/;

/**
 * Judges a value as the project receives it. `isUrl`: it is the address of the database. Secrets may look odd: only what is never one
 * is named.
 */
export const findUnusable = (name: string, value: string, isUrl: boolean): Unusable | null => {
  const text = value.trim();
  if (/^\*{3,}$/.test(text) || (isUrl && /:\/\/[^/@]*:\*{3,}@/.test(text))) return 'masked';
  // `${{ secrets.X }}` of a pipeline; `${X}` alone, or in the address of the database.
  if (/\$\{\{.*\}\}/s.test(text) || /^\$\{[A-Z_][A-Z0-9_]*\}$/.test(text)) return 'unexpanded';
  if (isUrl && /\$\{[A-Za-z_]\w*\}/.test(text)) return 'unexpanded';
  if (!isUrl && !STRICT.test(name)) return null;
  if (text.length > 1 && /^(["']).*\1$/s.test(text) && !PASSWORD.test(name)) return 'quoted';
  return text !== value && (!PASSWORD.test(name) || /[\r\n]$/.test(value)) ? 'padded' : null;
};
