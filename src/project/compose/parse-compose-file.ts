import type { LineCounter, Node } from 'yaml';

/** A value of YAML as compose reads it here: all scalars are text as written, so that `0123` stays `0123`. */
export type Value = string | null | readonly Value[] | Table;
export interface Table {
  readonly [key: string]: Value;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedCompose {
  readonly document: Table;
  /** Where a service's name stands; undefined where it comes from elsewhere. */
  readonly positionOf: (service: string) => Position | undefined;
}

export interface ComposeMistake {
  readonly reason: string;
  readonly position: Position;
}

/** What a value tagged `!reset` or `!override` does to the value of the file before: see `mergeService`. */
export const RESET = '\u0000reset';
export const OVERRIDE = '\u0000override';

export const asTable = (value: Value | undefined): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};

export const asList = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);

export const asText = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

/** Reads one compose file, with anchors and merge keys. */
export const parseComposeFile = async (text: string): Promise<ParsedCompose | ComposeMistake> => {
  const { parseDocument, LineCounter, visit, isPair, isMap, isScalar } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null', 'merge'],
    merge: true,
    lineCounter: lines,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    return { reason: error.message.split('\n')[0] ?? '', position: positionAt(lines, error.pos[0]) };
  }
  visit(document, {
    Pair: (_, pair) => {
      const node = pair.value as Node | null;
      const tag = node?.tag;
      if (node === null || (tag !== '!reset' && tag !== '!override')) return undefined;
      delete node.tag;
      return document.createPair(pair.key, tag === '!reset' ? RESET : { [OVERRIDE]: node });
    },
  });
  try {
    return { document: asTable(document.toJS() as Value), positionOf };
  } catch (error) {
    // An alias without its anchor, or aliases that multiply: no tool reads that.
    return { reason: error instanceof Error ? error.message : String(error), position: { line: 1, column: 1 } };
  }

  function positionOf(service: string): Position | undefined {
    const services: unknown = document.get('services');
    if (!isMap(services)) return undefined;
    const pair = services.items.find(({ key }) => isScalar(key) && key.value === service);
    const range = isPair(pair) ? (pair.key as Node).range : undefined;
    return range === undefined || range === null ? undefined : positionAt(lines, range[0]);
  }
};

const positionAt = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};
