import { describe, expect, test } from 'vitest';

import { completeEnvFile } from '../../../../src/checks/environment/env-file/complete-env-file.ts';
import { findEnvMistakes } from '../../../../src/checks/environment/env-file/find-env-mistakes.ts';
import { isPlaceholder } from '../../../../src/config/is-placeholder.ts';
import { readEnvLines, readEnvVariables } from '../../../../src/config/read-env-lines.ts';

describe('lines', () => {
  test.each([
    ['A=b', 'b'],
    ['export A=b', 'b'],
    ['A = b', 'b'],
    ['A=b # why', 'b'],
    ['A=b#c', 'b#c'],
    ['A="b # c" # why', 'b # c'],
    ["A='b'", 'b'],
    ['A=', ''],
    ['A="b\nc"', 'b\nc'],
    ['A=b\r\nB=c', 'b'],
  ])('%j', (text, value) => {
    expect(readEnvVariables(text).get('A')?.value).toBe(value);
  });

  test('a quote that is not closed swallows nothing', () => {
    const text = 'A="b\nB="c"';
    expect(readEnvLines(text)).toMatchObject([
      { name: 'A', isUnclosed: true },
      { name: 'B', value: 'c', isUnclosed: false },
    ]);
  });
});

describe('mistakes', () => {
  const mistakes = (text: string, library?: 'decouple' | 'environ') =>
    findEnvMistakes(text, new Set(library === undefined ? [] : [library])).map(({ line, what }) => `${line}: ${what}`);

  test.each([
    ['an ordinary file', '# Mail\nA=b\n\nexport B="c d"\nC=it\'s\nD=\nE=a#b\nF="{\\"a\\": 1}"\n'],
    ['line ends of Windows', 'A=b\r\n# c\r\nB="c"\r\n'],
    [
      'a key in several lines',
      'A=b\nKEY="-----BEGIN X-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Q=\n-----END X-----"\nB=c',
    ],
    ['a name that is passed on', 'A\nexport B'],
    ['a file that a shell sources', 'set -a\nA=b\nset +a'],
    ['headings', '[mail]\nA=b\n-----\n'],
    ['the same value twice', 'A=b\nA=b'],
    ['a comment behind a value', 'A=b # why'],
  ])('none: %s', (_name, text) => {
    expect(mistakes(text)).toEqual([]);
  });

  test.each([
    ['A=b\nB: c', ['2: B: with a colon instead of =']],
    ['A b c', ['1: neither NAME=value nor a comment']],
    ['A="b\nB="c"', ['1: the quotes of A are not closed']],
    ['A=“b”', ['1: typographic quotes around A, which become part of its value']],
    ['A=b\nB=c\nA=d', ['3: A has another value than in line 1']],
    ['\uFEFFA=b', ['1: a byte order mark before A, which becomes part of its name']],
    ['A\0=\0b\0', ['1: the file is in UTF-16 and read as UTF-8: none of its variables is seen']],
    [
      '<<<<<<< HEAD\nA=b\n=======\nA=c\n>>>>>>> x',
      [1, 3, 5].map((line) => `${line}: a merge conflict that was not resolved`),
    ],
  ])('%j', (text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });

  test('what one library reads in another way is told where it is used', () => {
    expect(mistakes('A=b # why', 'decouple')).toHaveLength(1);
    expect(mistakes('export A=b', 'decouple')).toHaveLength(1);
    expect(mistakes('A =b', 'environ')).toHaveLength(1);
    expect(mistakes('A= b', 'environ')).toEqual([]);
  });

  test('no value is ever said', () => {
    expect(mistakes('A=“horse”\nB: horse\nA="horse\nC=x\nhorse').join()).not.toContain('horse');
  });
});

describe('completing', () => {
  const SAMPLE = '# The key.\n# Long.\nKEY=k\n\nDEBUG=1\n# OFF=1\nMULTI="a\nb"\n';

  test('adds what is missing with its comments, and changes nothing else', () => {
    expect(completeEnvFile('DEBUG=0', SAMPLE, ['KEY', 'DEBUG'])).toBe('DEBUG=0\n# The key.\n# Long.\nKEY=k\n');
    expect(completeEnvFile('', SAMPLE, ['MULTI'])).toBe('MULTI="a\nb"\n');
    expect(completeEnvFile('A=b\r\n', SAMPLE, ['KEY'])).toBe('A=b\r\n# The key.\r\n# Long.\r\nKEY=k\r\n');
  });

  test('a second time changes nothing', () => {
    const once = completeEnvFile('A=b\n', SAMPLE, ['KEY', 'MULTI']);
    expect(completeEnvFile(once, SAMPLE, ['KEY', 'MULTI'])).toBe(once);
  });

  test('no file becomes the sample', () => {
    expect(completeEnvFile(null, SAMPLE, ['KEY'])).toBe(SAMPLE);
  });
});

test.each([
  '',
  '<key>',
  'changeme',
  'change-me-please',
  'your-key',
  'your_key_here',
  'sk_test_xxxx',
  '...',
  'replace this',
  'a@example.com',
])('placeholder: %j', (value) => {
  expect(isPlaceholder(value)).toBe(true);
});

test.each(['postgres', '5432', 'localhost', 'True', 'dev-secret', 'library@localhost', 'yourcenar'])(
  'value: %j',
  (value) => {
    expect(isPlaceholder(value)).toBe(false);
  },
);
