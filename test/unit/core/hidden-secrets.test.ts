import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';

import { createRedactor, createStreamRedactor } from '../../../src/core/redact.ts';
import { visibleText } from '../../../src/core/visible-text.ts';
import { seeded, type Random } from '../../support/random.ts';
import { isThorough } from '../../support/thoroughness.ts';

const PASSWORD = `Tr0ub4dor'&"<é€😀>\\$x`;
const PLAIN = 'correct-horse-7';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** How a program may write a value; each is one that was seen in the output of some tool. */
const WRITERS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  base64: base64,
  'base64 without padding': (secret) => base64(secret).replace(/=+$/, ''),
  'base64 of the URL-safe alphabet': (secret) => Buffer.from(secret, 'utf8').toString('base64url'),
  'base64 of user:password': (secret) => base64(`app:${secret}`),
  'base64 of a longer user and what follows': (secret) => base64(`admin:${secret}@db/app`),
  'base64 at the third offset': (secret) => base64(`ab${secret}c`),
  hex: (secret) => Buffer.from(secret, 'utf8').toString('hex'),
  'hex in capitals': (secret) => Buffer.from(secret, 'utf8').toString('hex').toUpperCase(),
  "PostgreSQL's bytea": (secret) => `\\x${Buffer.from(`<${secret}>`, 'utf8').toString('hex')}`,
  JSON: (secret) => JSON.stringify(secret),
  'JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ secret })),
  'JSON with ASCII only': (secret) => escapeUnits(JSON.stringify(secret)),
  'JSON for a script element': (secret) => JSON.stringify(secret).replaceAll(/[<>&]/g, unit),
  "Django's escapejs": (secret) =>
    secret.replaceAll(/[\\'"<>&=;`-]/g, (one) => unit(one).toUpperCase().replace('U', 'u')),
  "Python's repr": (secret) => `'${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  "Python's ascii": (secret) => `'${python(secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'"))}'`,
  "Python's bytes": (secret) => `b"${bytes(secret.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`,
  'octal escapes': (secret) => octal(secret.replaceAll('\\', '\\\\').replaceAll('"', '\\"')),
  "Django's escape": (secret) => html(secret, '&#x27;', '&quot;'),
  'HTML with decimal quotes': (secret) => html(secret, '&#39;', '&#34;'),
  'HTML with padded quotes': (secret) => html(secret, '&#039;', '&quot;'),
  XML: (secret) => html(secret, '&apos;', '&quot;'),
  'HTML that leaves apostrophes': (secret) => html(secret, "'", '&quot;'),
  'a URL': encodeURIComponent,
  'a URL in small letters': (secret) => encodeURIComponent(secret).replaceAll(/%../g, (one) => one.toLowerCase()),
  'a URL in a URL': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'a form': (secret) => new URLSearchParams({ secret }).toString(),
  'shlex.quote': (secret) => `'${secret.replaceAll("'", `'"'"'`)}'`,
  'a shell word': (secret) => `'${secret.replaceAll("'", String.raw`'\''`)}'`,
  'printf %q': (secret) => secret.replaceAll(/[^\w@%+=:,./-]/g, String.raw`\$&`),
  'a shell word in double quotes': (secret) => `"${secret.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`,
  SQL: (secret) => `'${secret.replaceAll("'", "''")}'`,
};

const unit = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
const escapeUnits = (text: string): string =>
  [...Array(text.length).keys()]
    .map((at) => (text.charCodeAt(at) < 128 ? text.charAt(at) : unit(text.charAt(at))))
    .join('');
const perCharacter = (text: string, write: (one: string) => string): string =>
  [...text].map((one) => ((one.codePointAt(0) ?? 0) < 128 ? one : write(one))).join('');
const python = (text: string): string =>
  perCharacter(text, (one) => {
    const code = one.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code < 256
      ? `\\x${digits}`
      : code < 65_536
        ? `\\u${digits.padStart(4, '0')}`
        : `\\U${digits.padStart(8, '0')}`;
  });
const bytes = (text: string): string =>
  perCharacter(text, (one) => [...Buffer.from(one)].map((byte) => `\\x${byte.toString(16)}`).join(''));
const octal = (text: string): string =>
  perCharacter(text, (one) => [...Buffer.from(one)].map((byte) => `\\${byte.toString(8)}`).join(''));
const html = (text: string, single: string, double: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", single)
    .replaceAll('"', double);

/** The longest run of characters that the output shares with what was written. */
const shared = (written: string, output: string): number => {
  let longest = 0;
  for (let from = 0; from < written.length; from += 1) {
    while (output.includes(written.slice(from, from + longest + 1)) && from + longest < written.length) longest += 1;
  }
  return longest;
};

describe.each(Object.entries(WRITERS))('a secret written as %s', (_, write) => {
  test.each([PASSWORD, PLAIN])('is masked: %j', (secret) => {
    const written = write(secret);
    const masked = createRedactor([secret]).redact(`before ${written} after`);
    expect(masked).toMatch(/^before .*\*\*\*.* after$/su);
    // At most what stands around the secret, and the characters of base64 that it shares with its neighbours.
    expect(shared(written, masked.replace('before ', '').replace(' after', ''))).toBeLessThan(16);
    expect(masked).not.toContain(written);
  });
});

const INSIDE: Readonly<Record<string, (secret: string) => string>> = {
  'a colour': (secret) => `${secret.slice(0, 5)}\u001B[31m${secret.slice(5)}`,
  'a colour for each character': (secret) => [...secret].map((one) => `\u001B[1;32m${one}\u001B[0m`).join(''),
  'a colour of 8-bit control characters': (secret) => `${secret.slice(0, 5)}\u009B31m${secret.slice(5)}`,
  'a hyperlink': (secret) => `${secret.slice(0, 4)}\u001B]8;;https://x\u001B\\${secret.slice(4)}`,
  'a window title': (secret) => `${secret.slice(0, 4)}\u001B]0;title\u0007${secret.slice(4)}`,
  'a device control string': (secret) => `${secret.slice(0, 4)}\u001BPq#0\u001B\\${secret.slice(4)}`,
  'a zero byte': (secret) => `${secret.slice(0, 4)}\0${secret.slice(4)}`,
  'a bell': (secret) => `${secret.slice(0, 4)}\u0007${secret.slice(4)}`,
  'a zero-width space': (secret) => `${secret.slice(0, 4)}\u200B${secret.slice(4)}`,
  'a soft hyphen': (secret) => `${secret.slice(0, 4)}\u00AD${secret.slice(4)}`,
  'a direction mark': (secret) => `${secret.slice(0, 4)}\u202E${secret.slice(4)}`,
  'a byte order mark': (secret) => `${secret.slice(0, 4)}\uFEFF${secret.slice(4)}`,
  'a character and a backspace': (secret) => `${secret.slice(0, 4)}X\b${secret.slice(4)}`,
  'a backspace that is only removed': (secret) => `${secret.slice(0, 4)}\b${secret.slice(4)}`,
  'a lone escape': (secret) => `${secret.slice(0, 4)}\u001B(B${secret.slice(4)}`,
};

describe.each(Object.entries(INSIDE))('%s inside a secret', (_, write) => {
  test('does not show it, whoever removes control sequences later', () => {
    const masked = createRedactor([PLAIN]).redact(`password is ${write(PLAIN)}, yes`);
    expect(masked).toContain('***');
    expect(visibleText(masked)).not.toContain(PLAIN);
    expect(masked.replaceAll(/[^\w-]/g, '')).not.toContain(PLAIN.slice(0, 8));
  });
});

describe('a secret in two lines', () => {
  const WRAPPED = [
    'correct-\nhorse-7',
    'correct\r\n    -horse-7',
    'co\nrrect-hor\nse-7',
    `c\u001B[0m\nor\n  rect-horse-7`,
  ];

  test.each(WRAPPED)('is masked: %j', (text) => {
    const masked = createRedactor([PLAIN]).redact(`a ${text} b`);
    expect(masked.replaceAll(/\s/g, '')).toBe('a***b');
    expect(masked.split('\n')).toHaveLength(text.split('\n').length);
  });

  test.each(WRAPPED.slice(0, 2))('is masked where the lines come one after the other: %j', (text) => {
    const stream = createStreamRedactor(createRedactor([PLAIN]));
    const shown = `${text}\nnext\n`.split(/(?<=\n)/).map((line) => stream.write(line));
    const all = shown.join('') + stream.end();
    expect(all).toContain('***');
    expect(all.replaceAll(/[^\w-]/g, '')).not.toContain('horse');
    expect(all).toContain('next\n');
  });

  test('holds no line back that does not end like a secret', () => {
    const stream = createStreamRedactor(createRedactor([PLAIN]));
    expect(stream.write('all is well\n')).toBe('all is well\n');
  });
});

test('what is no secret stays as it is, with all its control sequences', () => {
  const text = '\u001B[32mok\u001B[0m\n\tcafé 👩‍💻 日本 x\b\r\nend';
  expect(createRedactor([PASSWORD, PLAIN]).redact(text)).toBe(text);
});

test('a text of control sequences only takes time in proportion to its length', () => {
  const { redact } = createRedactor([PLAIN]);
  for (const part of ['\u001B]', '\u009D', '\u001B[', '\u0090x', '\b', 'x\b', '\u001B[31;', ' \n', '\u200B']) {
    const text = part.repeat(200_000);
    expect(redact(text)).toHaveLength(text.length);
  }
});

const CUTS = ['', '\u001B[31m', '\u200B', '\0', '\u001B[0m\u001B[1m', '\u009B5m', 'Q\b'] as const;
const ALPHABET = `abcXYZ019 '"\\&<>$%/+=:@#é☃😀-_`;

const someText = (random: Random, length: number): string =>
  Array.from({ length }, () => [...ALPHABET][random.below([...ALPHABET].length)] ?? 'a').join('');

test('whatever the secret, the way it is written, what is put into it and how it is cut into chunks, it does not show', () => {
  const rounds = isThorough ? 1000 : 150;
  const random = seeded(5);
  const writers = Object.values(WRITERS) as [(secret: string) => string, ...((secret: string) => string)[]];
  for (let round = 0; round < rounds; round += 1) {
    const secret = `q${someText(random, 7 + random.below(20)).trim()}Z8v`;
    const written = random.pick(writers)(secret);
    const split = [...written].map((one) => one + (random.below(4) === 0 ? random.pick(CUTS) : '')).join('');
    const text = `log ${split} end\n`;
    const stream = createStreamRedactor(createRedactor([secret]));
    let shown = '';
    for (let at = 0; at < text.length;) {
      const size = 1 + random.below(7);
      shown += stream.write(text.slice(at, at + size));
      at += size;
    }
    shown += stream.end();
    const seen = visibleText(shown);
    expect(seen.includes(visibleText(written)), `${JSON.stringify({ secret, written, split, shown })}`).toBe(false);
    expect(seen.includes(secret)).toBe(false);
    expect(seen, JSON.stringify({ secret, split })).toContain('***');
  }
});
