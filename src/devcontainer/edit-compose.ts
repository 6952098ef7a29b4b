import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';

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

const HEALTHCHECK = [
  // While it is set up for the first time, the official image answers on its socket only.
  'test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}"]',
  'interval: 2s',
  'timeout: 5s',
  'retries: 15',
  `start_period: ${START_PERIOD}`,
];

/** Gives a PostgreSQL service a healthcheck that asks over TCP. */
export const addHealthcheck = (text: string, service: string): string =>
  addToService(text, service, 'healthcheck', HEALTHCHECK);

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

/** Lets a service wait until another one is healthy; further services it depends on stay as they are. */
export const awaitHealthy = (text: string, service: string, other: string): string => {
  const found = findService(text, service);
  if (found === null) return text;
  const depends: unknown = found.map.get('depends_on', true);
  if (depends === undefined) {
    return addToService(text, service, 'depends_on', [`${other}:`, '\tcondition: service_healthy']);
  }
  const start = startOf(found.map.items.find((pair) => keyOf(pair) === 'depends_on'));
  const { range } = depends as Node;
  if (!isSeq(depends) || start === null || range === null || range === undefined) {
    return isMap(depends) ? setCondition(text, depends, other) : text;
  }
  const names = depends.items.map((item) => (isScalar(item) ? String(item.value) : ''));
  const written = text.slice(start, range[1]);
  // A comment would be lost.
  if (names.includes('') || written.includes('#')) return text;
  const { indent, step } = found;
  const all = names.includes(other) ? names : [...names, other];
  const block = all.map(
    (name) =>
      `\n${indent}${step}${name}:\n${indent}${step}${step}condition: ${name === other ? 'service_healthy' : 'service_started'}`,
  );
  const end = start + written.trimEnd().length;
  return `${text.slice(0, start)}depends_on:${block.join('')}${text.slice(end)}`;
};

const setCondition = (text: string, depends: YAMLMap, other: string): string => {
  const entry: unknown = depends.get(other, true);
  const condition: unknown = isMap(entry) ? entry.get('condition', true) : undefined;
  const range = isScalar(condition) ? condition.range : undefined;
  if (range === undefined || range === null) return text;
  return `${text.slice(0, range[0])}service_healthy${text.slice(range[1])}`;
};

const findService = (text: string, service: string): EditableService | null => {
  const document = parseDocument(text, { lineCounter: new LineCounter(), logLevel: 'error' });
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
  return text.slice(0, offset) + lines.map((line) => line + eol).join('') + text.slice(offset);
};
