import { describe, expect, it } from 'vitest';

import { parseExpression } from '../../../../src/workflows/expressions/parse-expression.ts';
import { parseCondition } from '../../../../src/workflows/expressions/split-expressions.ts';
import type { Expression } from '../../../../src/workflows/workflow.ts';

const shown = (expression: Expression | null): string => {
  switch (expression?.kind) {
    case undefined:
      return 'none';
    case 'literal':
      return typeof expression.value === 'string' ? `'${expression.value}'` : String(expression.value);
    case 'reference':
      return expression.path.map((part) => part ?? '?').join('.');
    case 'call':
      return `${expression.name}(${expression.args.map(shown).join(', ')})`;
    case 'not':
      return `!${shown(expression.operand)}`;
    case 'operation':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
  }
};

describe('an expression', () => {
  it.each([
    ['github.sha', 'github.sha'],
    [" matrix['image'] ", 'matrix.image'],
    ['needs.build-it.outputs.tag', 'needs.build-it.outputs.tag'],
    ['github.event.commits[0].id', 'github.event.commits.0.id'],
    ['github.event.*.name', 'github.event.*.name'],
    ['env[matrix.name]', 'env.?'],
    ['needs.*.result', 'needs.*.result'],
    ['steps.true.outputs.null', 'steps.true.outputs.null'],
    ["'it''s'", "'it's'"],
    ['-1.5e3', '-1500'],
    ['0xff', '255'],
    ['.5', '0.5'],
    ['true', 'true'],
    ['null', 'null'],
    ['a || b && c', '(a || (b && c))'],
    ['a && b || c', '((a && b) || c)'],
    ['(a || b) && c', '((a || b) && c)'],
    ["a == 'x' && b != 'y'", "((a == 'x') && (b != 'y'))"],
    ['a < 1 == b', '((a < 1) == b)'],
    ['!a && !(b || c)', '(!a && !(b || c))'],
    ['!!a', '!!a'],
    ['always()', 'always()'],
    ["format('{0}-{1}', a.b, c)", "format('{0}-{1}', a.b, c)"],
    ["fromJSON('[1]')[0]", '?.0'],
    ['fromJSON(x).a.b', '?.a.b'],
    ['(a || b).c', '?.c'],
    ['contains(toJSON(github.event), "x")', 'none'],
    ['a ||', 'none'],
    ['a b', 'none'],
    ['a.', 'none'],
    ['f(a,)', 'none'],
    ["'open", 'none'],
    ['(a', 'none'],
    ['a[b', 'none'],
    ['$x', 'none'],
    ['', 'none'],
    [`${'('.repeat(5000)}a${')'.repeat(5000)}`, 'none'],
    [`${'!'.repeat(5000)}a`, 'none'],
  ])('%s is %s', (text, expected) => {
    expect(shown(parseExpression(text))).toBe(expected);
  });

  it('of very many operands is none', () => {
    expect(parseExpression(Array.from({ length: 400 }, () => 'a').join('||'))).not.toBeNull();
    expect(parseExpression(Array.from({ length: 4000 }, () => 'a').join('||'))).toBeNull();
  });
});

describe('a condition', () => {
  it.each([
    ["github.ref == 'x'", "(github.ref == 'x')"],
    ['${{ always() }}', 'always()'],
    ["  ${{ a == '}}' }}\n", "(a == '}}')"],
    ["${{ a }} == 'x'", 'none'],
    ['${{ a }}${{ b }}', 'none'],
  ])('%s is %s', (text, expected) => {
    expect(shown(parseCondition(text))).toBe(expected);
  });
});
