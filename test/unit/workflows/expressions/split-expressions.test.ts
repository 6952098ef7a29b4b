import { describe, expect, it } from 'vitest';

import { createSource, placeRange, spanOf } from '../../../../src/core/placed-text.ts';
import { splitExpressions } from '../../../../src/workflows/expressions/split-expressions.ts';

const split = (text: string): readonly string[] =>
  splitExpressions(placeRange(createSource('a.yml', text), 0, text.length)).map(({ kind, placed }) =>
    kind === 'text' ? placed.text : `<${placed.text}>`,
  );

describe('a text with expressions', () => {
  it.each([
    ['plain', ['plain']],
    ['a ${{ b }} c', ['a ', '<${{ b }}>', ' c']],
    ['${{ a }}${{ b }}', ['<${{ a }}>', '<${{ b }}>']],
    ["x${{ format('}}{0}', a) }}y", ['x', "<${{ format('}}{0}', a) }}>", 'y']],
    ['${{ a', ['${{ a']],
    ["${{ 'a }} b", ["${{ 'a }} b"]],
    ['${{}}', ['<${{}}>']],
    ['${{ a\n  || b }}', ['<${{ a\n  || b }}>']],
    ['', []],
    ['${ {a}} }}', ['${ {a}} }}']],
  ])('%j has the parts %j', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('knows where each part is', () => {
    const text = 'one\n  ${{ a }} two';
    const parts = splitExpressions(placeRange(createSource('a.yml', text), 0, text.length));
    expect(parts.map(({ placed }) => spanOf(placed)).map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [2, 3],
      [2, 11],
    ]);
  });
});
