import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';

import { rangeOf, spanOf } from '../../../../src/core/placed-text.ts';
import { parseWorkflowFile } from '../../../../src/workflows/read/parse-workflow-file.ts';
import type { Scalar } from '../../../../src/workflows/workflow.ts';
import { seeded, type Random } from '../../../support/random.ts';

const scalarOf = (text: string): Scalar => {
  const { env, faults } = parseWorkflowFile('a.yml', text);
  const scalar = env.get('A')?.value;
  if (scalar === undefined) throw new Error(`${JSON.stringify(text)}: ${JSON.stringify(faults)}`);
  return scalar;
};

/** Each character of the scalar is where its place says, or stands for one or several characters that are not it. */
const expectExact = (text: string): void => {
  const { placed } = scalarOf(text);
  expect({ text, value: placed.text }).toEqual({ text, value: (parse(text) as { env: { A: string } }).env.A });
  const wrong: unknown[] = [];
  let before = -1;
  for (let at = 0; at < placed.text.length; at++) {
    const range = rangeOf(placed, at, at + 1);
    const written = range === null ? null : range.source.text.slice(range.start, range.end);
    const isSame = written === placed.text[at];
    const isFolded = placed.text[at] === ' ' && written === '\n';
    const isEnd = placed.text[at] === '\n' && written === '' && range?.start === text.length;
    const isEscape = written !== null && (written.startsWith('\\') || written === "''");
    if (!(isSame || isFolded || isEnd || isEscape) || (range !== null && range.start < before))
      wrong.push([at, range?.start, written]);
    before = range?.start ?? before;
  }
  expect({ text, wrong }).toEqual({ text, wrong: [] });
};

const shown = (scalar: Scalar, part: string): string => {
  const at = scalar.value.indexOf(part);
  const { line, column, endLine, endColumn } = spanOf(scalar.placed, at, at + part.length);
  return `${line}:${column}-${endLine}:${endColumn}`;
};

describe('the places of a scalar', () => {
  it.each([
    ['a literal', 'env:\n  A: |\n    one\n      two\n\n    three\n', 'two', '4:7-4:10'],
    ['with an indentation indicator', 'env:\n  A: |1-\n     one\n   two\n', 'one', '3:6-3:9'],
    ['after empty lines', 'env:\n  A: |\n\n  \n    one\n', 'one', '5:5-5:8'],
    ['a comment beside the indicator', 'env:\n  A: | # why\n    one\n', 'one', '3:5-3:8'],
    ['a folded text', 'env:\n  A: >-\n    one\n    two\n', 'two', '4:5-4:8'],
    ['over a fold', 'env:\n  A: >-\n    one\n    two\n', 'one two', '3:5-4:8'],
    ['a plain text', 'env:\n  A: one\n    two\n', 'two', '3:5-3:8'],
    ['single quotes', "env:\n  A: 'it''s one'\n", 'one', '2:13-2:16'],
    ['double quotes', 'env:\n  A: "\\tone \\\n     two"\n', 'two', '3:6-3:9'],
    ['CRLF', 'env:\r\n  A: |\r\n    one\r\n    two\r\n', 'two', '4:5-4:8'],
    ['a byte order mark', '\uFEFFenv:\n  A: one\n', 'one', '2:6-2:9'],
    ['an alias', 'name: &n one\nenv:\n  A: *n\n', 'one', '1:10-1:13'],
  ])('%s', (_, text, part, expected) => {
    expect(shown(scalarOf(text), part)).toBe(expected);
    expectExact(text.replace('\uFEFF', ''));
  });

  it('are exact for each character of whatever is written', () => {
    const texts = Array.from({ length: 3000 }, (_, seed) => generated(seeded(seed)));
    // Blanks at random are not always YAML.
    const valid = texts.filter((text) => parseDocument(text, { logLevel: 'silent' }).errors.length === 0);
    expect(valid.length).toBeGreaterThan(2000);
    for (const text of valid) expectExact(text);
  });

  it('hold no character that is taken for a hole', () => {
    expect(scalarOf('env:\n  A: "a\uE001b\\uE002"\n').value).toBe('a\uFFFDb\uFFFD');
  });
});

const WORDS = [
  'a',
  'docker pull',
  '$X',
  '${{ github.sha }}',
  'b#c',
  "it's",
  'x:y',
  '<<EOF',
  'ü€',
  '𝒳',
  '"',
  '\\',
  '\tq',
  '%',
  ' wide  gap',
] as const;

/** `env.A` in one of the styles of YAML, with lines, blanks and escapes at random. */
const generated = (random: Random): string => {
  const newline = random.below(4) === 0 ? '\r\n' : '\n';
  const style = random.pick(['|', '>', "'", '"', ''] as const);
  const lines = Array.from({ length: 1 + random.below(6) }, () => words(random));
  const text = style === '|' || style === '>' ? block(random, style, lines) : flow(random, style, lines);
  const tail = random.pick(['', '\nname: x', '\n\n# end\nname: x\n', '\n']);
  return `env:\n  ${random.pick(['', '# why\n  '])}A: ${text}${tail}`.replaceAll('\n', newline);
};

const words = (random: Random): string =>
  Array.from({ length: random.below(4) }, () => random.pick(WORDS)).join(random.pick([' ', '  ', ' ']));

const block = (random: Random, style: string, lines: readonly string[]): string => {
  const indent = random.below(3) === 0 ? String(1 + random.below(4)) : '';
  const width = 2 + (indent === '' ? 1 + random.below(5) : Number(indent));
  const chomp = random.pick(['', '-', '+', '']);
  const body = lines.map((line, index) => {
    const further = index === 0 && indent === '' ? '' : random.pick(['', '', '  ', ' ']);
    return line.trim() === '' ? random.pick(['', ' '.repeat(width)]) : ' '.repeat(width) + further + line.trimStart();
  });
  return `${style}${indent}${chomp}${random.pick(['', ' # note'])}\n${[...body, ...Array<string>(random.below(3)).fill('')].join('\n')}`;
};

const flow = (random: Random, style: string, lines: readonly string[]): string => {
  const inside = lines.map((line) => {
    if (style === "'") return line.replaceAll("'", "''");
    if (style === '"')
      return line.replaceAll(/["\\]/g, '\\$&') + random.pick(['', '\\n', '\\u00e4', '\\x41', ' \\', '\\t', '']);
    return line
      .replaceAll(/[^\w $.{}/=-]/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  });
  const joined = inside.join(`\n${' '.repeat(3 + random.below(3))}`);
  return style === '' ? `w${joined}` : style + joined + style;
};
