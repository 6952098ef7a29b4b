import { slicePart, type Part } from './part.ts';

export interface Options {
  /** In the order they are given. */
  readonly given: readonly { readonly name: string; readonly value: Part }[];
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly Part[];
}

/**
 * Reads options the way Go's and Python's programs do: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-abn value`.
 * `withValue` names those that take one; what it does not name takes none. `stops`: what follows the first positional belongs to it.
 */
export const readOptions = (parts: readonly Part[], withValue: ReadonlySet<string>, stops = false): Options => {
  const given: { name: string; value: Part }[] = [];
  const flags = new Set<string>();
  const positionals: Part[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined) break;
    const { value } = part;
    if (value === '--') {
      positionals.push(...parts.slice(index + 1));
      break;
    }
    if (!value.startsWith('-') || value === '-') {
      if (stops) {
        positionals.push(...parts.slice(index));
        break;
      }
      positionals.push(part);
      continue;
    }
    const equals = value.indexOf('=');
    const isLong = value.startsWith('--') || withValue.has(equals < 0 ? value : value.slice(0, equals));
    if (isLong) {
      const name = equals < 0 ? value : value.slice(0, equals);
      const next = parts[index + 1];
      if (equals >= 0) given.push({ name, value: slicePart(part, equals + 1) });
      else if (withValue.has(name) && next !== undefined) {
        given.push({ name, value: next });
        index += 1;
      }
      flags.add(equals >= 0 && /=(?:false|0)$/.test(value) ? `${name}=false` : name);
      continue;
    }
    for (let letter = 1; letter < value.length; letter += 1) {
      const name = `-${value[letter] ?? ''}`;
      flags.add(name);
      if (!withValue.has(name)) continue;
      const next = parts[index + 1];
      if (letter + 1 < value.length)
        given.push({ name, value: slicePart(part, letter + (value[letter + 1] === '=' ? 2 : 1)) });
      else if (next !== undefined) {
        given.push({ name, value: next });
        index += 1;
      }
      break;
    }
  }
  return { given, flags, positionals };
};

export const valuesOf = ({ given }: Options, ...names: readonly string[]): readonly Part[] =>
  given.flatMap(({ name, value }) => (names.includes(name) ? [value] : []));
