import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { runDevsetup } from '../../support/run-devsetup.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';

const schemaOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));

/** A checkout with a mistake in its configuration and no manage.py. */
let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'devsetup-errors-')));
  execFileSync('git', ['init', '-q', root]);
  writeFileSync(path.join(root, 'devsetup.config.jsonc'), '{ "nonsense": 1 }\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each<readonly [string, number, string]>([
  ['--json', 2, 'CONFIG_INVALID'],
  ['migrate --json', 2, 'CONFIG_INVALID'],
  ['init --json', 2, 'CONFIG_INVALID'],
  ['doctor --explain nonsense --json', 2, 'UNKNOWN_FINDING'],
  ['db nonsense --json', 2, 'USAGE'],
  ['audit --json', 3, 'NO_WORKFLOWS'],
  ['audit --format sarif=a.sarif,json --nonsense', 2, 'USAGE'],
])('devsetup %s prints one document of the schema of errors, with exit code %i', async (words, exitCode, code) => {
  const run = await runDevsetup(words.split(' '), { cwd: root });
  const document = JSON.parse(run.stdout) as { readonly error: unknown };
  expect(violations(schemaOf('error-report'), document)).toEqual([]);
  expect([run.exitCode, document]).toMatchObject([exitCode, { exitCode, error: { code } }]);
});

test('devsetup up --json says what stands in its way in its own document', async () => {
  const { stdout, exitCode } = await runDevsetup(['up', '--json'], { cwd: root });
  expect(violations(schemaOf('up-report'), JSON.parse(stdout))).toEqual([]);
  expect(exitCode).toBe(2);
});

test('words of another program ask devsetup for no document', async () => {
  const { stdout } = await runDevsetup(['exec', '--nonsense', '--', 'npm', '--json'], { cwd: root });
  expect(stdout).toBe('');
});
