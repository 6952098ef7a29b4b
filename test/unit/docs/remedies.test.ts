import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { commandsInPages, commandsInSource, type PrintedCommand } from './support/printed-commands.ts';
import { PAGES } from './support/remedies-of-pages.ts';
import { TYPED, UNTYPED } from './support/remedies.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Listed {
  readonly file: string;
  readonly piece: string;
}

const listed: readonly Listed[] = [...TYPED, ...UNTYPED].flatMap(({ commands }) =>
  Object.entries(commands).flatMap(([file, pieces]) => pieces.map((piece) => ({ file, piece }))),
);

const isFor = ({ file, piece }: Listed, command: PrintedCommand): boolean =>
  file === command.file && command.text.includes(piece);

describe('every command that findings, failures and warnings print', () => {
  const printed = commandsInSource();

  test('is typed by a test, or listed with the reason why not', () => {
    expect(printed.filter((command) => !listed.some((entry) => isFor(entry, command)))).toEqual([]);
  });

  test('is still printed', () => {
    expect(listed.filter((entry) => !printed.some((command) => isFor(entry, command)))).toEqual([]);
  });

  test.each(TYPED.map(({ typedBy }) => typedBy))('is typed by %s', (typedBy) => {
    const [file = '', title = ''] = typedBy.split(' › ');
    expect(existsSync(path.join(root, file)), file).toBe(true);
    expect(readFileSync(path.join(root, file), 'utf8')).toContain(title);
  });
});

describe('every command of the pages of findings', () => {
  const printed = commandsInPages();
  const known = PAGES.flatMap(({ commands }) => commands);

  test('is listed with what it does', () => {
    expect(printed.filter(({ text }) => !known.includes(text))).toEqual([]);
  });

  test('is still on a page', () => {
    expect(known.filter((command) => !printed.some(({ text }) => text === command))).toEqual([]);
  });
});
