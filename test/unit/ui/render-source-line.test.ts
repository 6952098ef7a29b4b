import { describe, expect, test } from 'vitest';

import { renderSourceLine } from '../../../src/ui/render-source-line.ts';

const asIs = (text: string): string => text;
const shown = (text: string, column: number, endColumn: number, columns?: number, endLine = 7): readonly string[] =>
  renderSourceLine(text, { line: 7, column, endLine, endColumn }, { columns, dim: asIs, paint: asIs });

describe('a line of a file', () => {
  test('has the mark under what is meant, its indentation taken off', () => {
    expect(shown('      - run: make all', 14, 18)).toEqual(['  7 │ - run: make all', '    │        ^^^^']);
  });

  test('is marked to its end where what is meant goes on below', () => {
    expect(shown('a: bcd  ', 4, 2, undefined, 9)).toEqual(['  7 │ a: bcd', '    │    ^^^']);
  });

  test('is marked once where what is meant is empty, or beyond it', () => {
    expect(shown('ab', 1, 1)[1]).toBe('    │ ^');
    expect(shown('ab', 9, 12)[1]).toBe('    │   ^');
    expect(shown('', 1, 1)).toEqual(['  7 │ ', '    │ ^']);
  });

  test('with tabs, escapes and wide characters keeps the mark in place', () => {
    expect(shown('a\t\u001B[31mb', 8, 9)).toEqual(['  7 │ a  [31mb', '    │        ^']);
    expect(shown('日本 x', 4, 5)).toEqual(['  7 │ 日本 x', '    │      ^']);
  });

  test('that is too long is cut so that what is meant is seen', () => {
    const [line = '', mark = ''] = shown(
      `run: ${'x'.repeat(200)} docker pull shop:latest ${'y'.repeat(50)}`,
      219,
      230,
      60,
    );
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('shop:latest');
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line).toMatch(/│ ….*…$/);
  });
});
