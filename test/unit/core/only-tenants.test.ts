import { execFileSync } from 'node:child_process';
import process from 'node:process';

import { Command } from 'commander';
import { expect, test } from 'vitest';

import { listOption, nameOption } from '../../../src/commands/common-options.ts';
import { onlyTenants } from '../../../src/core/only-tenants.ts';
import { shellWord } from '../../../src/core/shell-word.ts';
import { escapeControls } from '../../../src/core/visible-text.ts';
import { seeded } from '../../support/random.ts';
import { isThorough } from '../../support/thoroughness.ts';

/** What devsetup understands when the text is pasted into bash. */
const pasted = (flags: string): readonly string[] => {
  const words = execFileSync('bash', ['-c', `printf '%s\\0' ${flags}`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
    .split('\0')
    .slice(0, -1);
  const command = new Command()
    .addOption(listOption('--only-tenants <schemas>', ''))
    .addOption(nameOption('--only-tenant <schema>', ''))
    .parse(words, { from: 'user' })
    .opts<{ onlyTenants?: readonly string[]; onlyTenant?: readonly string[] }>();
  return [...(command.onlyTenants ?? []), ...(command.onlyTenant ?? [])];
};

test.each([
  [['a', 'b_2'], '--only-tenants a,b_2'],
  [['a,b'], '--only-tenant=a,b'],
  [['a', 'x,y', 'c'], '--only-tenants a,c --only-tenant=x,y'],
  [["o'neil", '$(reboot)'], `--only-tenants 'o'\\''neil,$(reboot)'`],
  [['-rf'], '--only-tenant=-rf'],
  [[' lead'], `--only-tenant=' lead'`],
  [['\u001B[31mred'], `--only-tenants $'\\x1b[31mred'`],
  [['a\n::error::b'], `--only-tenants $'a\\n::error::b'`],
  [['two words', `say "hi"`], `--only-tenants 'two words,say "hi"'`],
  [['\u202Etxt', '😀'], `--only-tenants $'\\u202etxt,😀'`],
])('the tenants %j are named by %s', (names, flags) => {
  expect(onlyTenants(names)).toBe(flags);
  expect(pasted(flags).toSorted()).toEqual([...names].toSorted());
});

test('whatever tenants are called, the printed flags name them, and hold nothing that a terminal acts on', () => {
  const random = seeded(11);
  const characters = [...`ab,'"\\$\`!*?~#&|;<>(){}[] -=%\t\n\r\u001B\u0007\u009B\u202E\u200B\uFEFF\u{E0041}é日😀0f`];
  const rounds = isThorough ? 100 : 20;
  for (let round = 0; round < rounds; round += 1) {
    const name = (): string =>
      Array.from({ length: 1 + random.below(8) }, () => random.pick(characters as [string, ...string[]])).join('');
    const names = Array.from({ length: 1 + random.below(5) }, name);
    const flags = onlyTenants(names);
    expect(pasted(flags).toSorted(), flags).toEqual([...names].toSorted());
    expect(escapeControls(flags)).toBe(flags);
  }
});

test('a word without control characters is quoted as every shell understands it', () => {
  expect(shellWord('a\\b c')).toBe(`'a\\b c'`);
});
