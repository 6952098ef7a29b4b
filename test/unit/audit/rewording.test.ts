import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { generatedPipelines } from '../../support/generated-pipelines.ts';
import { reword, rewordScript, withComments } from '../../support/reword.ts';
import { sampleOf } from '../../support/thoroughness.ts';

type Checkout = Readonly<Record<string, string>>;

const ROOT = path.join(import.meta.dirname, '../../..');

const texts = (folder: string, ends: string): readonly (readonly [name: string, text: string])[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ends))
    .sort()
    .map((name) => [name, readFileSync(path.join(ROOT, folder, name), 'utf8')]);

/** The seeds of the fuzz test, the examples of the pages, and what `init --workflows` writes. */
const checkouts: readonly (readonly [name: string, checkout: Checkout])[] = [
  ...texts('test/fixtures/audit', '.yml').map(([name, text]) => [name, { '.github/workflows/a.yml': text }] as const),
  ...texts('docs/rules', '.md').flatMap(([name, page]) =>
    [...page.matchAll(/```yaml\n([^]*?)```/g)].map(
      ([, text = ''], index) => [`${name} ${index + 1}`, { '.github/workflows/a.yml': text }] as const,
    ),
  ),
  ...(await generatedPipelines()).map(({ name, checkout }) => [name, checkout] as const),
];

/** What is found, without what the messages quote. */
const find = (checkout: Checkout): readonly string[] =>
  runAudit({
    files: Object.entries(checkout)
      .filter(([name]) => name.startsWith('.github/workflows/'))
      .map(([file, text]) => ({ path: file, text })),
    readFile: (file) => checkout[file],
    project: { isDjango: true, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
  }).findings.map(
    ({ rule, span, message }) => `${span.file}:${span.line} ${rule} ${message.replaceAll(/`[^`]*`/g, '…')}`,
  );

describe('other words in echo, printf and comments change no finding', () => {
  it.each(sampleOf(checkouts, 6))('%s', (_name, checkout) => {
    const reworded = Object.fromEntries(Object.entries(checkout).map(([file, text]) => [file, reword(file, text)]));
    expect(find(reworded)).toEqual(find(checkout));
  });

  it('in most of them there are some', () => {
    const changed = checkouts.filter(([, checkout]) =>
      Object.entries(checkout).some(([file, text]) => reword(file, text) !== text),
    );
    expect(changed.length).toBeGreaterThan(60);
  });
});

describe('rewording', () => {
  it.each([
    ['echo "no luck"', 'echo "did not"'],
    ['echo done # fine', 'echo fail # did '],
    ['echo "of ${{ github.sha }} now"', 'echo "did${{ github.sha }}did "'],
    ['echo "at $HOST:5432"', 'echo "di $HOST:did "'],
    ["printf 'a # b' && c", "printf 'did n' && c"],
    ['echo "at $HOME now"', 'echo "di $HOME did"'],
    ["ssh h <<'EOF'\necho done\nEOF", "ssh h <<'EOF'\necho fail\nEOF"],
  ])('%s', (script, expected) => {
    expect(rewordScript(script)).toBe(expected);
  });

  it('puts comments behind lines', () => {
    const comment = ' # it failed, exit 1 || true';
    expect(withComments('a\nb \\\n  c\nssh h <<EOF\nd\nEOF\n')).toBe(
      `a${comment}\nb \\\n  c${comment}\nssh h <<EOF\nd\nEOF${''}\n`,
    );
  });

  it.each([
    'echo "A=b" >> "$GITHUB_ENV"',
    'X=$(echo latest)',
    'echo v1 | docker build -',
    'echo "::add-mask::$X"',
    'tag() { echo latest; }',
    'cat > x.sh <<EOF\necho done\nEOF',
    'a # devsetup: ignore[x] y',
  ])('leaves what is more than words: %s', (script) => {
    expect(rewordScript(script)).toBe(script);
  });
});
