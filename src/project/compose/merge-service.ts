import { asList, asTable, OVERRIDE, RESET, type Table, type Value } from './parse-compose-file.ts';

/** Lists that are replaced and not added to (Compose specification, "Merge"). */
const REPLACED = new Set(['command', 'entrypoint', 'test']);

/** Keys that may be a list or a table: a list says `NAME=value`, or only names. */
const LIST_OR_TABLE = new Set(['environment', 'labels', 'extra_hosts', 'depends_on', 'networks', 'args', 'aliases']);

const isTable = (value: Value | undefined): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a later file, or a service that extends another, says of a service over what was said before. */
export const mergeService = (before: Table, later: Table): Table => {
  const merged: Record<string, Value> = { ...before };
  for (const [key, value] of Object.entries(later)) {
    if (value === RESET) delete merged[key];
    else if (isTable(value) && OVERRIDE in value) merged[key] = value[OVERRIDE] ?? null;
    else merged[key] = mergeValue(key, before[key], value);
  }
  return merged;
};

const mergeValue = (key: string, before: Value | undefined, later: Value): Value => {
  if (before === undefined || before === null) return isTable(later) ? mergeService({}, later) : later;
  if (later === null) return before;
  if (LIST_OR_TABLE.has(key)) return mergeService(keyed(before), keyed(later));
  if (isTable(before) && isTable(later)) return mergeService(before, later);
  if (key === 'env_file') return [...listOf(before), ...listOf(later)];
  if (Array.isArray(before) && Array.isArray(later) && !REPLACED.has(key)) return addTo(key, before, later);
  return later;
};

const listOf = (value: Value): readonly Value[] => (Array.isArray(value) ? value : [value]);

/** A mount replaces the one at the same target. */
const addTo = (key: string, before: readonly Value[], later: readonly Value[]): readonly Value[] => {
  if (key !== 'volumes') return [...before, ...later];
  const targets = new Set(later.map(mountTarget));
  return [...before.filter((mount) => !targets.has(mountTarget(mount))), ...later];
};

export const mountTarget = (mount: Value): Value =>
  typeof mount === 'string' ? splitMount(mount).target : (asTable(mount)['target'] ?? null);

/** `..:/workspace:cached`, `data:/var/lib`, `/anonymous`; a default (`${X:-..}`) may hold colons. */
export const splitMount = (mount: string): { readonly source: string | null; readonly target: string } => {
  const parts = mount.match(/(?:\$\{[^}]*\}|[^:])+/g) ?? [];
  // `C:\folder:/workspace`
  const drive = parts.length > 2 && /^[a-z]$/i.test(parts[0] ?? '') && /^[\\/]/.test(parts[1] ?? '');
  const [source = '', target] = drive ? [`${parts[0]}:${parts[1]}`, parts[2]] : parts;
  return target === undefined ? { source: null, target: source } : { source, target };
};

/** A list as the table it stands for: `NAME=value` by name, a bare name without a value. */
export const keyed = (value: Value | undefined): Table => {
  if (isTable(value)) return value;
  return Object.fromEntries(
    asList(value)
      .filter((item) => typeof item === 'string')
      .map((item) => {
        const [, name = item, separator, rest = ''] = /^([^=]*?)(=)(.*)$/s.exec(item) ?? [];
        return [name, separator === undefined ? null : rest];
      }),
  );
};
