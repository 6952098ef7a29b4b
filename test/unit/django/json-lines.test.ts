import { expect, test } from 'vitest';
import { createJsonLineParser } from '../../../src/django/json-lines.ts';

const parse = (pieces: readonly string[]): unknown[] => {
  const messages: unknown[] = [];
  const feed = createJsonLineParser<unknown>((message) => void messages.push(message));
  pieces.forEach(feed);
  return messages;
};

test.each([
  ['several lines in one piece', ['{"a":1}\n{"b":2}\n'], [{ a: 1 }, { b: 2 }]],
  ['a line in many pieces', [...'{"a":[1,2]}\n'], [{ a: [1, 2] }]],
  ['a piece that ends one line and begins the next', ['{"a"', ':1}\n{"b', '":2}\n'], [{ a: 1 }, { b: 2 }]],
  ['empty lines', ['\n{"a":1}\n\n'], [{ a: 1 }]],
  ['an incomplete line', ['{"a":1}\n{"b":'], [{ a: 1 }]],
])('%s', (_title, pieces, messages) => {
  expect(parse(pieces)).toEqual(messages);
});

test('a line of eight million characters in small pieces', () => {
  const text = 'x'.repeat(8_000_000);
  const line = `${JSON.stringify({ text })}\n`;
  const pieces = Array.from({ length: Math.ceil(line.length / 4096) }, (_, i) => line.slice(i * 4096, (i + 1) * 4096));
  expect(parse(pieces)).toEqual([{ text }]);
});
