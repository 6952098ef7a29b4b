import { describe, expect, test } from 'vitest';
import { displayWidth, truncate, wrapText } from '../../../src/ui/fit-text.ts';

describe('text in columns', () => {
  test.each([
    ['plain', 5],
    ['日本語', 6],
    ['한국', 4],
    ['café', 4],
    ['cafe\u0301', 4],
    ['✔ ok', 4],
    ['🎉', 2],
    ['👩‍👩‍👧', 2],
    ['a\u200Bb', 2],
    ['', 0],
  ])('%j takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test.each([
    ['short enough', 20, 'short enough'],
    ['too long', 5, 'too …'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['any', 0, ''],
  ])('%j cut to %i is %j', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
    expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
  });

  test('breaks between words and leaves a long word whole', () => {
    expect(wrapText('see /a/very/long/path now', 8)).toEqual(['see', '/a/very/long/path', 'now']);
  });

  test('leaves a command in backticks whole, so that it can be typed as it is', () => {
    expect(wrapText('Run `npx devsetup --db embedded`, or not.', 16)).toEqual([
      'Run',
      '`npx devsetup --db embedded`,',
      'or not.',
    ]);
    expect(wrapText('it`s a lone one', 8)).toEqual(['it`s a', 'lone one']);
  });

  test('breaks long words where nobody copies them', () => {
    expect(wrapText('ab 日本語日本語', 6, false)).toEqual(['ab', '日本語', '日本語']);
  });

  test('keeps the indentation of what is quoted', () => {
    expect(wrapText('    return x', 40)).toEqual(['    return x']);
    expect(wrapText('    return something long', 16)).toEqual(['    return', 'something long']);
  });
});
