import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { BAD } from '../audit/support/checkout.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';

const NAMES = {
  'a line break before a workflow command': 'b\n::error::forged.yml',
  'a workflow command at the start': '::error::forged.yml',
  'an older workflow command': '##[error]forged.yml',
  'a carriage return': 'b\r::error::forged.yml',
  'an escape sequence': '\u001B[2J\u001B[31mred.yml',
  'an 8-bit escape sequence': '\u009B2Jred.yml',
  'a change of the direction of writing': 'a\u202Elmy.yml',
  'zero-width characters': 'a\u200Bb\u2060c.yml',
  'a delete and a bell': 'a\u007F\u0007.yml',
  'a line separator': 'a\u2028::error::forged.yml',
} as const;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-names-'));
  mkdirSync(path.join(root, '.github/workflows'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const audit = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await runDevsetup(['audit', ...args], { cwd: root, env: { GITHUB_ACTIONS: 'true' } });
  return stdout + stderr;
};
// eslint-disable-next-line no-control-regex
const ACTING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069]/;
const COMMAND = /^\s*::(?!(?:error|warning|notice) (?:file|title)=)|##\[/m;

describe.each(Object.entries(NAMES))('a workflow file with %s in its name', (_, name) => {
  test('is audited without acting on the terminal or on the runner', async () => {
    writeFileSync(path.join(root, '.github/workflows', name), BAD);
    const text = await audit();
    expect(text).toContain('migrate/swallowed-failure');
    expect(text).not.toMatch(ACTING);
    expect(text).not.toMatch(COMMAND);
    const annotations = await audit('--format', 'github');
    expect(annotations).not.toMatch(ACTING);
    expect(annotations.trimEnd().split('\n')).toSatisfy((lines: readonly string[]) =>
      lines.every((line) => /^::(?:error|warning|notice) file=/.test(line)),
    );
    const { findings } = JSON.parse(await audit('--json')) as { findings: readonly { file: string }[] };
    expect(findings[0]?.file).toBe(`.github/workflows/${name}`);
    JSON.parse(await audit('--format', 'sarif'));
  });
});

test('names of workflows, jobs and steps do not act on the terminal or on the runner', async () => {
  const hostile = String.raw`"x\e[2J\n::error::forged\u202e"`;
  const text = BAD.replace('name: Ship', `name: ${hostile}`)
    .replace('  migrate:\n', `  migrate:\n    name: ${hostile}\n`)
    .replace('      - run: |\n          python', `      - name: ${hostile}\n        run: |\n          python`);
  writeFileSync(path.join(root, '.github/workflows/ship.yml'), text);
  for (const args of [
    [],
    ['--verbose'],
    ['--format', 'github'],
    ['--explain', '.github/workflows/ship.yml'],
    ['--fix', '--yes'],
  ]) {
    const printed = await audit(...args);
    expect(printed, args.join(' ')).not.toMatch(ACTING);
    expect(printed, args.join(' ')).not.toMatch(COMMAND);
  }
});
