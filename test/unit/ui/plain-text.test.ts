import { describe, expect, test } from 'vitest';
import { joinLines, toPlainLine } from '../../../src/ui/plain-text.ts';

describe('a line of output', () => {
  test.each([
    ['colours', '\u001B[1;31mred\u001B[0m text', 'red text'],
    ['a window title', '\u001B]0;title\u0007after', 'after'],
    ['a progress bar', '10%\r50%\r100%', '100%'],
    ['a Windows line end', 'text\r', 'text'],
    ['bells and other control characters', 'a\u0007b\u0000c\u001B', 'abc'],
    ['tabs, which stay', 'a\tb', 'a\tb'],
  ])('loses %s', (_, line, expected) => {
    expect(toPlainLine(line)).toBe(expected);
  });
});

describe('chunks', () => {
  test('become whole lines, wherever they are cut', () => {
    const text = 'first\nsecond \u001B[31mred\u001B[0m\r\nthird 日本\n\nrest';
    for (let size = 1; size < 12; size += 1) {
      const joiner = joinLines();
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...joiner.add(text.slice(at, at + size)));
      lines.push(...joiner.end());
      expect(lines).toEqual(['first', 'second red', 'third 日本', '', 'rest']);
    }
  });

  test('are redacted once they are whole, so that a secret across their border is found', () => {
    const joiner = joinLines((line) => line.replaceAll('hunter2', '***'));
    expect(joiner.add('password: hun')).toEqual([]);
    expect(joiner.add('ter2\n')).toEqual(['password: ***']);
  });

  test('of a line that never ends are given out in bounded pieces, and a secret at the border of two is still found', () => {
    const joiner = joinLines((line) => line.replaceAll('hunter2', '***'));
    const out = [
      ...joiner.add(`${'x'.repeat(1_048_573)}hun`),
      ...joiner.add('ter2'),
      ...joiner.add('y'.repeat(1_048_576)),
      ...joiner.end(),
    ].join('');
    expect(out.length).toBeGreaterThan(2_000_000);
    expect(out).toContain('***y');
    expect(out).not.toMatch(/hun|ter2/);
  });

  test('have a last line to show, finished or not, and never an empty one', () => {
    const joiner = joinLines();
    joiner.add('one\n\n');
    expect(joiner.last()).toBe('one');
    joiner.add('tw');
    expect(joiner.last()).toBe('tw');
    joiner.add('o\r30%');
    expect(joiner.last()).toBe('30%');
  });
});
