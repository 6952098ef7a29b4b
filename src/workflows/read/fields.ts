import type { SourceFile, Span } from '../../core/placed-text.ts';
import type { Entries, Entry, Scalar, YamlValue } from '../workflow.ts';

type Value = YamlValue | null | undefined;

const NOTHING: Entries<YamlValue> = new Map();

/** The entries of a mapping; none of anything else. */
export const entriesOf = (value: Value): Entries<YamlValue> => (value?.kind === 'map' ? value.entries : NOTHING);

export const fieldOf = (value: Value, key: string): YamlValue | null => entriesOf(value).get(key)?.value ?? null;

/** The text of a scalar; null for anything else, and for nothing: `key:`, `key: ~`. A text of quotes alone is a text. */
export const textOf = (value: Value): Scalar | null =>
  value?.kind === 'scalar' && !isNothing(value.scalar) ? value.scalar : null;

export const isNothing = ({ value, span }: Scalar): boolean =>
  value === '~' || (value === '' && span.line === span.endLine && span.column === span.endColumn);

export const textAt = (value: Value, key: string): Scalar | null => textOf(fieldOf(value, key));

/** One text or a list of them, as GitHub has it for `needs`, `branches`, `types`. */
export const textsOf = (value: Value): readonly Scalar[] =>
  (value?.kind === 'list' ? value.items : [value]).flatMap((item) => textOf(item) ?? []);

export const mapEntries = <T>(entries: Entries<YamlValue>, read: (value: YamlValue) => T | null): Entries<T> =>
  new Map(
    [...entries.values()].flatMap(({ value, ...entry }): readonly (readonly [string, Entry<T>])[] => {
      const found = read(value);
      return found === null ? [] : [[entry.key, { ...entry, value: found }]];
    }),
  );

/** The texts of a mapping by their keys, empty ones too; lists and mappings are left out. */
export const textEntries = (value: Value): Entries =>
  mapEntries(entriesOf(value), (one) => (one.kind === 'scalar' ? one.scalar : null));

export const spanOfValue = (value: YamlValue): Span => (value.kind === 'scalar' ? value.scalar.span : value.span);

/** From the key to the end of its value; the value alone where an alias stands for it. */
export const spanOfEntry = ({ keySpan, value }: Entry<YamlValue>): Span => {
  const span = spanOfValue(value);
  const isAfter = span.line > keySpan.line || (span.line === keySpan.line && span.column >= keySpan.endColumn);
  return isAfter ? { ...keySpan, endLine: span.endLine, endColumn: span.endColumn } : keySpan;
};

/** The first character, for what is missing in the whole file. */
export const startOf = ({ file }: SourceFile): Span => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });
