import type { Place, Problem, Remedy, Severity } from '../core/check.ts';
import { isRecord } from '../core/shape.ts';
import { visibleText } from '../core/visible-text.ts';

export type OwnFindings =
  | { readonly problems: readonly Problem[]; readonly mistakes: readonly [] }
  /** Each with its place in the document: `[0].severity must be one of "error", "warning", "info"`. */
  | { readonly problems: readonly []; readonly mistakes: readonly [string, ...string[]] };

const SEVERITIES: readonly string[] = ['error', 'warning', 'info'] satisfies readonly Severity[];
const KEYS: readonly string[] = ['code', 'severity', 'message', 'evidence', 'remedy', 'file', 'line'];
const REMEDY_KEYS: readonly string[] = ['text', 'command'];

/**
 * Reads what a project's own check says: one finding or a list of them (`schemas/project-check.schema.json`). Its codes are named
 * after the check, so that they are nobody else's.
 */
export const parseOwnFindings = (text: string, checkId: string): OwnFindings => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { problems: [], mistakes: [`it is no JSON document: ${error instanceof Error ? error.message : ''}`] };
  }
  const isList = Array.isArray(document);
  const entries: readonly unknown[] = Array.isArray(document) ? document : [document];
  const [first, ...others] = entries.flatMap((entry, index) => mistakesOf(entry, isList ? `[${index}]` : ''));
  if (first !== undefined) return { problems: [], mistakes: [first, ...others] };
  return { problems: entries.map((entry) => problemOf(entry as OwnFinding, checkId)), mistakes: [] };
};

/** As it is once there are no mistakes. */
interface OwnFinding {
  readonly code?: string;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence?: readonly string[];
  readonly remedy: string | { readonly text: string; readonly command?: string | null };
  readonly file?: string | null;
  readonly line?: number | null;
}

const problemOf = (finding: OwnFinding, checkId: string): Problem => {
  const { code, severity, message, evidence = [], remedy, file } = finding;
  const [line = '', ...more] = linesOf(message);
  return {
    code: code === undefined ? checkId : `${checkId}-${code}`,
    severity,
    message: line,
    evidence: [...more, ...evidence.flatMap(linesOf)],
    remedy: remedyOf(remedy),
    ...(typeof file === 'string' ? { place: placeOf(file, finding.line ?? null) } : {}),
  };
};

const remedyOf = (remedy: OwnFinding['remedy']): Remedy => {
  const { text, command } = typeof remedy === 'string' ? { text: remedy } : { command: null, ...remedy };
  return { text: linesOf(text).join(' '), command: typeof command === 'string' ? linesOf(command).join(' ') : null };
};

const placeOf = (file: string, line: number | null): Place => ({ file: linesOf(file).join(' '), line, column: null });

/** Without what would steer a terminal; lines without anything are left out. */
const linesOf = (text: string): readonly string[] =>
  visibleText(text)
    .split('\n')
    .map((line) => line.replaceAll('\r', '').trim())
    .filter((line) => line !== '');

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const mistakesOf = (entry: unknown, at: string): readonly string[] => {
  if (!isRecord(entry)) return [`${at || 'the document'} must be a finding in { }`];
  const name = (key: string): string => (at === '' ? key : `${at}.${key}`);
  const { code, severity, message, evidence, remedy, file, line } = entry;
  const complain = (good: boolean, key: string, what: string): readonly string[] =>
    good ? [] : [`${name(key)} must be ${what}${entry[key] === undefined ? ', and is missing' : ''}`];
  const isOptional = (value: unknown, question: (given: unknown) => boolean): boolean =>
    value === undefined || value === null || question(value);
  return [
    ...unknownKeys(entry, KEYS, name),
    ...complain(
      code === undefined || (typeof code === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code)),
      'code',
      'in kebab-case',
    ),
    ...complain(SEVERITIES.includes(severity as string), 'severity', 'one of "error", "warning", "info"'),
    ...complain(isText(message), 'message', 'a sentence that says what is wrong'),
    ...complain(
      evidence === undefined || (Array.isArray(evidence) && evidence.every((one) => typeof one === 'string')),
      'evidence',
      'a list of texts',
    ),
    ...remedyMistakes(remedy, name),
    ...complain(isOptional(file, isText), 'file', 'a path relative to the root'),
    ...complain(
      isOptional(line, (given) => Number.isInteger(given) && (given as number) >= 1),
      'line',
      'a whole number from 1',
    ),
  ];
};

const remedyMistakes = (remedy: unknown, name: (key: string) => string): readonly string[] => {
  if (isText(remedy)) return [];
  const missing = remedy === undefined ? ', and is missing' : '';
  if (!isRecord(remedy)) {
    return [`${name('remedy')} must be a sentence that says what to do, or { "text", "command" }${missing}`];
  }
  const { text, command } = remedy;
  return [
    ...unknownKeys(remedy, REMEDY_KEYS, (key) => `${name('remedy')}.${key}`),
    ...(isText(text) ? [] : [`${name('remedy')}.text must be a sentence that says what to do`]),
    ...(command === undefined || command === null || isText(command)
      ? []
      : [`${name('remedy')}.command must be a command to type`]),
  ];
};

const unknownKeys = (
  entry: Readonly<Record<string, unknown>>,
  known: readonly string[],
  name: (key: string) => string,
): readonly string[] =>
  Object.keys(entry)
    .filter((key) => !known.includes(key))
    .map((key) => `${name(key)} is unknown; known are ${known.join(', ')}`);
