import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar as YamlScalar, type YAMLMap } from 'yaml';

import { spanIn, spanOf, type SourceFile, type Span } from '../../core/placed-text.ts';
import type { Entry, Scalar, WorkflowFault, YamlValue } from '../workflow.ts';
import { placeScalar } from './place-scalar.ts';

/** With everything that aliases repeat: what a text of a few lines can become must stay within bounds. */
const MOST_VALUES = 50_000;

export interface Tree {
  readonly root: YamlValue | null;
  readonly faults: readonly WorkflowFault[];
}

/** A value with the number of values in it, what aliases stand for counted each time. */
interface Sized {
  readonly value: YamlValue;
  readonly size: number;
}

interface Reader {
  readonly source: SourceFile;
  readonly anchors: Map<string, Sized>;
  readonly faults: WorkflowFault[];
  total: number;
  /** Set once the bound is reached: nothing of the file counts then. */
  overflow: WorkflowFault | null;
}

/** The values of a YAML document with aliases put in and merge keys followed. What an alias stands for is at the place of its anchor. */
export const readTree = (source: SourceFile, contents: Node | null): Tree => {
  const reader: Reader = { source, anchors: new Map(), faults: [], total: 0, overflow: null };
  const root = contents === null ? null : readNode(reader, contents).value;
  const { overflow, faults } = reader;
  return overflow === null ? { root, faults } : { root: null, faults: [overflow] };
};

const readNode = (reader: Reader, node: unknown): Sized => {
  const read = readAny(reader, node);
  // Set after what it stands in front of, so that an anchor is never a part of itself.
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) reader.anchors.set(anchor, read);
  return read;
};

const readAny = (reader: Reader, node: unknown): Sized => {
  if (reader.total > MOST_VALUES) {
    reader.overflow ??= {
      message: 'It has too many values.',
      remedy: 'Write it with fewer aliases, or split the workflow.',
      span: spanOfNode(reader.source, node),
      isFatal: true,
    };
    return { value: emptyScalar(reader.source, 0), size: 1 };
  }
  reader.total++;
  if (isScalar(node)) return { value: { kind: 'scalar', scalar: readScalar(reader.source, node) }, size: 1 };
  if (isAlias(node)) return readAlias(reader, node.source, spanOfNode(reader.source, node));
  const span = spanOfNode(reader.source, node);
  if (isSeq(node)) {
    const items = node.items.map((item) => readNode(reader, item));
    return { value: { kind: 'list', items: items.map(({ value }) => value), span }, size: sizeOf(items) };
  }
  if (isMap(node)) return readMap(reader, node, span);
  return { value: emptyScalar(reader.source, 0), size: 1 };
};

const readAlias = (reader: Reader, name: string, span: Span): Sized => {
  const known = reader.anchors.get(name);
  if (known !== undefined) {
    reader.total += known.size;
    return known;
  }
  reader.faults.push({
    message: `The alias *${name} has no anchor before it.`,
    remedy: `Write &${name} in front of the value it stands for.`,
    span,
    isFatal: false,
  });
  return { value: emptyScalar(reader.source, 0), size: 1 };
};

const readMap = (reader: Reader, node: YAMLMap, span: Span): Sized => {
  const { source, faults } = reader;
  const entries = new Map<string, Entry<YamlValue>>();
  const merged: Sized[] = [];
  const sizes: Sized[] = [];
  for (const { key, value } of node.items) {
    const keySpan = spanOfNode(source, key);
    const read = value === null ? { value: emptyScalar(source, endOf(key)), size: 1 } : readNode(reader, value);
    if (!isScalar(key)) {
      faults.push({ ...NO_KEY, span: keySpan });
      continue;
    }
    const name = readScalar(source, key).value;
    if (name === '<<' && key.type === 'PLAIN') {
      faults.push({ ...MERGE_KEY, span: keySpan });
      merged.push(read);
    } else if (entries.has(name)) {
      faults.push({ ...twice(name), span: keySpan });
    } else {
      entries.set(name, { key: name, keySpan, value: read.value });
    }
    sizes.push(read);
  }
  for (const { value } of merged) mergeInto(entries, value);
  return { value: { kind: 'map', entries, span }, size: sizeOf(sizes) };
};

const NO_KEY = {
  message: 'A key has to be a text.',
  remedy: 'Put quotes around the value that begins with a brace.',
  isFatal: false,
} as const;

const MERGE_KEY = {
  message: 'GitHub knows no merge key (<<).',
  remedy: 'Write the keys out, or use an alias for the whole value.',
  isFatal: false,
} as const;

const twice = (name: string): Omit<WorkflowFault, 'span'> => ({
  message: `The key ${name} is there twice.`,
  remedy: `Leave one ${name}.`,
  isFatal: false,
});

/** What is written out wins; of several mappings the first. */
const mergeInto = (entries: Map<string, Entry<YamlValue>>, value: YamlValue): void => {
  const maps = value.kind === 'list' ? value.items : [value];
  for (const one of maps) {
    if (one.kind !== 'map') continue;
    for (const entry of one.entries.values()) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  }
};

const sizeOf = (items: readonly Sized[]): number => items.reduce((sum, { size }) => sum + size, 1);

const readScalar = (source: SourceFile, node: YamlScalar): Scalar => {
  const placed = placeScalar(source, node);
  const span = placed.text === '' ? spanOfNode(source, node) : spanOf(placed, 0, placed.text.trimEnd().length || 1);
  return { placed, value: placed.text, span };
};

const emptyScalar = (source: SourceFile, at: number): YamlValue => ({
  kind: 'scalar',
  scalar: { placed: { text: '', segments: [] }, value: '', span: spanIn(source, at, at) },
});

const rangeOf = (node: unknown): readonly [number, number] => {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
  return range ? [range[0], range[1]] : [0, 0];
};

const endOf = (node: unknown): number => rangeOf(node)[1];

const spanOfNode = (source: SourceFile, node: unknown): Span => {
  const [start, end] = rangeOf(node);
  return spanIn(source, start, start + source.text.slice(start, end).trimEnd().length);
};
