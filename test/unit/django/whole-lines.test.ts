import { expect, test } from 'vitest';

import { wholeLines } from '../../../src/django/whole-lines.ts';

test('the parts of two prints that arrive by turns are two whole lines', () => {
  const sent: string[] = [];
  const [one, other] = [0, 1].map(() => wholeLines((text) => sent.push(text)));
  for (const part of ['printed to stdout in', ' ', 'one', '\n']) {
    one?.add(part);
    other?.add(part.replace('one', 'two'));
  }
  expect(sent).toEqual(['printed to stdout in one\n', 'printed to stdout in two\n']);
});

test('what has no line end is handed on at the end, and a very long line in pieces', () => {
  const sent: string[] = [];
  const lines = wholeLines((text) => sent.push(text));
  lines.add('a\nb');
  expect(sent).toEqual(['a\n']);
  lines.end();
  lines.add('x'.repeat(70_000));
  lines.end();
  expect(sent.map((text) => text.length)).toEqual([2, 1, 70_000]);
});

test('a line that is written over, as progress bars do, is handed on with each return', () => {
  const sent: string[] = [];
  const lines = wholeLines((text) => sent.push(text));
  lines.add('10 %\r20 %');
  expect(sent).toEqual(['10 %\r']);
});
