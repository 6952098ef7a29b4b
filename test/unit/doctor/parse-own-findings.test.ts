import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import { parseOwnFindings } from '../../../src/doctor/parse-own-findings.ts';
import { violations } from '../ui/support/json-schema.ts';

const schema = JSON.parse(
  await readFile(new URL('../../../schemas/project-check.schema.json', import.meta.url), 'utf8'),
);
const parse = (document: unknown) => parseOwnFindings(JSON.stringify(document), 'queue');

const minimal = { severity: 'error', message: 'It is full.', remedy: 'Empty it.' };
const full = {
  code: 'full',
  severity: 'warning',
  message: 'The queue is full.',
  evidence: ['12 jobs wait'],
  remedy: { text: 'Empty it.', command: 'make empty' },
  file: 'queue.toml',
  line: 3,
};

describe('what an own check says', () => {
  test.each<[string, unknown]>([
    ['one finding', minimal],
    ['a list', [minimal, full]],
    ['none', []],
    ['what may be null', { ...full, remedy: { text: 'x', command: null }, file: null, line: null }],
  ])('is %s, as the published schema has it', (_, document) => {
    expect(violations(schema, document)).toEqual([]);
    expect(parse(document).mistakes).toEqual([]);
  });

  test('is named after the check, and has what can be left out', () => {
    expect(parse([minimal, full]).problems).toEqual([
      {
        code: 'queue',
        severity: 'error',
        message: 'It is full.',
        evidence: [],
        remedy: { text: 'Empty it.', command: null },
      },
      {
        code: 'queue-full',
        severity: 'warning',
        message: 'The queue is full.',
        evidence: ['12 jobs wait'],
        remedy: { text: 'Empty it.', command: 'make empty' },
        place: { file: 'queue.toml', line: 3, column: null },
      },
    ]);
  });

  test('has one line as its message, and steers no terminal', () => {
    const [problem] = parse({ ...minimal, message: '\u001B[31mone\u001B[0m\u0007\ntwo', evidence: ['a\nb'] }).problems;
    expect(problem?.message).toBe('one');
    expect(problem?.evidence).toEqual(['two', 'a', 'b']);
  });

  test.each<[unknown, readonly string[]]>([
    ['text', ['the document must be a finding in { }']],
    [null, ['the document must be a finding in { }']],
    [[minimal, 3], ['[1] must be a finding in { }']],
    [
      {},
      [
        'severity must be one of "error", "warning", "info", and is missing',
        'message must be a sentence that says what is wrong, and is missing',
        'remedy must be a sentence that says what to do, or { "text", "command" }, and is missing',
      ],
    ],
    [[{ ...minimal, severity: 'fatal' }], ['[0].severity must be one of "error", "warning", "info"']],
    [{ ...minimal, code: 'No Good' }, ['code must be in kebab-case']],
    [{ ...minimal, evidence: 'one' }, ['evidence must be a list of texts']],
    [{ ...minimal, line: 0 }, ['line must be a whole number from 1']],
    [{ ...minimal, remedy: { command: 'x' } }, ['remedy.text must be a sentence that says what to do']],
    [{ ...minimal, remedy: { text: 'x', run: 'y' } }, ['remedy.run is unknown; known are text, command']],
    [
      { ...minimal, mesage: 'x' },
      ['mesage is unknown; known are code, severity, message, evidence, remedy, file, line'],
    ],
  ])('%j is refused, with its place', (document, mistakes) => {
    expect(violations(schema, document)).not.toEqual([]);
    expect(parse(document)).toEqual({ problems: [], mistakes });
  });

  test('that is no JSON is refused', () => {
    expect(parseOwnFindings('all is well', 'queue').mistakes[0]).toMatch(/^it is no JSON document: /);
  });
});
