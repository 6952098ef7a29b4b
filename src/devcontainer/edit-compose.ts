import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

import { asList, type Table, type Value } from '../project/compose/parse-compose-file.ts';

/** A service of a compose file that is written in block style, as lines can be added to it. */
interface EditableService {
  readonly map: YAMLMap;
  /** What its keys are indented by, and by how much more what is below them. */
  readonly indent: string;
  readonly step: string;
}

/** Adds a block to a service, beside its other keys. The text stays as it is where the service has that key, or cannot be edited. */
export const addToService = (text: string, service: string, key: string, lines: readonly string[]): string => {
  const found = findService(text, service);
  if (found === null || found.map.has(key)) return text;
  return insertLines(text, behindFirst(text, found), [
    `${found.indent}${key}:`,
    ...lines.map((line) => `${found.indent}${found.step}${line.replaceAll('\t', found.step)}`),
  ]);
};

/** How long a first start may take before a failed check counts. */
export const START_PERIOD = '30s';

export const HEALTHCHECK: Table = {
  // While it is set up for the first time, the official image answers on its socket only.
  test: ['CMD-SHELL', 'pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}'],
  interval: '2s',
  timeout: '5s',
  retries: '15',
  start_period: START_PERIOD,
};

/** The lines of a table; lists in flow style. */
export const linesOf = (table: Table): readonly string[] =>
  Object.entries(table).map(([key, value]) => `${key}: ${typeof value === 'string' ? value : flow(asList(value))}`);

const flow = (list: readonly Value[]): string => `[${list.map((item) => JSON.stringify(item)).join(', ')}]`;

/** Gives a PostgreSQL service a healthcheck that asks over TCP. */
export const addHealthcheck = (text: string, service: string): string =>
  addToService(text, service, 'healthcheck', linesOf(HEALTHCHECK));

/** Adds `start_period` to a healthcheck that has none. */
export const addStartPeriod = (text: string, service: string, period = START_PERIOD): string => {
  const found = findService(text, service);
  const check: unknown = found?.map.get('healthcheck', true);
  if (!isMap(check) || check.flow === true || check.has('start_period')) return text;
  const first = startOf(check.items[0]);
  if (first === null || !isIndented(text, first)) return text;
  const line = lineStart(text, first);
  return insertLines(text, line, [`${text.slice(line, first)}start_period: ${period}`]);
};

/** Conditions of a service's `depends_on`, by the service it depends on. */
export type Dependencies = Readonly<Record<string, Table>>;

/**
 * Ways to let a service wait until another one is healthy, the smallest first. Which of them says what is wanted depends on anchors, merge
 * keys and other files: `judgeEdit` finds out. `all`: everything that it depends on in the end, for the one that writes all of it.
 */
export const waysToAwait = (
  service: string,
  other: string,
  all: Dependencies,
): readonly ((text: string) => string)[] => [
  (text) => awaitHealthy(text, service, other),
  (text) => writeDependencies(text, service, all),
];

/** Further services that it depends on stay as they are. */
export const awaitHealthy = (text: string, service: string, other: string): string => {
  const found = findService(text, service);
  if (found === null) return text;
  const depends: unknown = found.map.get('depends_on', true);
  if (depends === undefined)
    return addToService(text, service, 'depends_on', [`${other}:`, '\tcondition: service_healthy']);
  if (isMap(depends)) return awaitInMap(text, depends, other, found.step);
  return isSeq(depends) ? awaitInList(text, depends, other, found) : text;
};

const awaitInMap = (text: string, depends: YAMLMap, other: string, step: string): string => {
  const entry: unknown = depends.get(other, true);
  const condition: unknown = isMap(entry) ? entry.get('condition', true) : undefined;
  if (isScalar(condition) && condition.range) {
    return `${text.slice(0, condition.range[0])}service_healthy${text.slice(condition.range[1])}`;
  }
  const pair = depends.items.find((one) => keyOf(one) === other);
  // `db:` and nothing more, or further keys below it.
  const isBlock = isMap(entry) && entry.flow !== true;
  const first = startOf(isBlock ? entry.items[0] : (pair ?? depends.items[0]));
  if (depends.flow === true || first === null || !isIndented(text, first)) return text;
  const indent = text.slice(lineStart(text, first), first);
  if (isBlock) return insertLines(text, lineStart(text, first), [`${indent}condition: service_healthy`]);
  if (pair !== undefined) {
    const end = lineEnd(text, first);
    const isEmpty = /^[^:]*:[ \t]*(?:#.*)?$/.test(text.slice(first, end).trimEnd());
    return isEmpty ? insertLines(text, end, [`${indent}${step}condition: service_healthy`]) : text;
  }
  return insertLines(text, lineStart(text, first), [
    `${indent}${other}:`,
    `${indent}${step}condition: service_healthy`,
  ]);
};

/** A list in block style becomes a table line by line: comments stay. */
const awaitInList = (text: string, depends: YAMLSeq, other: string, { map, indent, step }: EditableService): string => {
  const start = startOf(map.items.find((pair) => keyOf(pair) === 'depends_on'));
  const { range } = depends;
  if (start === null || !range) return text;
  const condition = (name: string): string =>
    `${indent}${step}${step}condition: ${name === other ? 'service_healthy' : 'service_started'}`;
  const names = depends.items.map((item) => (isScalar(item) ? String(item.value) : ''));
  if (depends.flow === true) {
    const written = text.slice(start, range[1]);
    // A comment would be lost.
    if (names.includes('') || written.includes('#')) return text;
    const all = names.includes(other) ? names : [...names, other];
    const block = all.map((name) => `\n${indent}${step}${name}:\n${condition(name)}`);
    return `${text.slice(0, start)}depends_on:${block.join('')}${text.slice(range[1])}`;
  }
  const from = lineStart(text, range[0]);
  const to = lineEnd(text, from + text.slice(from, range[1]).trimEnd().length - 1);
  const lines = text.slice(from, to).trimEnd().split(/\r?\n/);
  const isPlain = lines.every((line) => /^\s*(?:#.*)?$/.test(line) || ITEM.test(line));
  if (!isPlain || lineStart(text, start) === from) return text;
  const block = lines.flatMap((line) => {
    const [, , name = '', behind = ''] = ITEM.exec(line) ?? [];
    return name === '' ? [line] : [`${indent}${step}${name}:${behind}`, condition(name)];
  });
  const added = names.includes(other) ? [] : [`${indent}${step}${other}:`, condition(other)];
  return insertLines(text.slice(0, from) + text.slice(to), from, [...block, ...added]);
};

/** `- db # why` */
const ITEM = /^\s*-\s+(["']?)([\w.-]+)\1((?:\s+#.*)?)$/;

/** Everything that a service depends on, written into it: what it had through an alias or a merge key is then its own. */
const writeDependencies = (text: string, service: string, all: Dependencies): string => {
  const found = findService(text, service);
  if (found === null) return text;
  const lines = Object.entries(all).flatMap(([name, how]) => [`${name}:`, ...linesOf(how).map((line) => `\t${line}`)]);
  const depends: unknown = found.map.get('depends_on', true);
  if (depends === undefined) return addToService(text, service, 'depends_on', lines);
  const start = startOf(found.map.items.find((pair) => keyOf(pair) === 'depends_on'));
  if (!isAlias(depends) || start === null || !depends.range) return text;
  const block = lines.map((line) => `\n${found.indent}${found.step}${line.replaceAll('\t', found.step)}`);
  return `${text.slice(0, start)}depends_on:${block.join('')}${text.slice(depends.range[1])}`;
};

const findService = (text: string, service: string): EditableService | null => {
  const document = parseDocument(text, { logLevel: 'error' });
  const services: unknown = document.errors.length === 0 ? document.get('services', true) : undefined;
  const map: unknown = isMap(services) ? services.get(service, true) : undefined;
  if (!isMap(services) || !isMap(map) || map.flow === true) return null;
  const first = startOf(map.items[0]);
  const name = startOf(services.items.find((pair) => keyOf(pair) === service));
  if (first === null || name === null || !isIndented(text, first)) return null;
  const indent = text.slice(lineStart(text, first), first);
  return { map, indent, step: ' '.repeat(Math.max(indent.length - (name - lineStart(text, name)), 2)) };
};

const keyOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : undefined);

const startOf = (pair: Pair | undefined): number | null => (pair?.key as Node | undefined)?.range?.[0] ?? null;

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The offset behind the line's end. */
const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
};

/** Nothing but spaces stands before it in its line. */
const isIndented = (text: string, offset: number): boolean => /^ *$/.test(text.slice(lineStart(text, offset), offset));

/** The line behind the first key where that is a single line (mostly `image:` or `build:`), else the line of the first key. */
const behindFirst = (text: string, { map }: EditableService): number => {
  const [first] = map.items;
  const start = startOf(first) ?? 0;
  const value = first?.value as Node | null | undefined;
  const end = text.indexOf('\n', start);
  const isOneLine = isScalar(value) && value.range !== undefined && value.range !== null && value.range[1] <= end;
  return isOneLine ? end + 1 : lineStart(text, start);
};

const insertLines = (text: string, offset: number, lines: readonly string[]): string => {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const isOpen = offset > 0 && text[offset - 1] !== '\n';
  return text.slice(0, offset) + (isOpen ? eol : '') + lines.map((line) => line + eol).join('') + text.slice(offset);
};
