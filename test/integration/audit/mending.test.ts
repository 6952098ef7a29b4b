import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { BAD, GOOD, makeCheckout, told, type AuditCheckout } from './support/checkout.ts';

const FILE = '.github/workflows/ship.yml';

const withBad = async (text: string, use: (checkout: AuditCheckout) => Promise<void>): Promise<void> => {
  const checkout = makeCheckout({ [FILE]: text });
  try {
    await use(checkout);
  } finally {
    checkout.remove();
  }
};
const read = ({ root }: AuditCheckout, file = FILE): string => readFileSync(path.join(root, file), 'utf8');

describe('--fix', () => {
  test('shows what it changes, changes nothing else, and looks again', () =>
    withBad(BAD, async (checkout) => {
      const { exitCode, stdout, stderr } = await checkout.audit(['--fix', '--yes', '--json']);
      expect(read(checkout)).toBe(BAD.replace(' || true', ''));
      expect(stderr).toMatch(/^ *-.*migrate --noinput \|\| true$/m);
      expect(stderr).toMatch(/^ *\+.*migrate --noinput$/m);
      expect(told(JSON.parse(stdout))).toEqual([`${FILE}:19 image/mutable-tag-in-deploy`]);
      expect(exitCode).toBe(1);
      const again = await checkout.audit(['--fix', '--yes']);
      expect(again.stderr).toBe('');
      expect(read(checkout)).toBe(BAD.replace(' || true', ''));
    }));

  test('keeps line ends, byte order mark and mode', () => {
    const text = `\uFEFF${BAD.replaceAll('\n', '\r\n')}`;
    return withBad(text, async (checkout) => {
      const mode = statSync(path.join(checkout.root, FILE)).mode;
      await checkout.audit(['--fix', '--yes']);
      expect(read(checkout)).toBe(text.replace(' || true', ''));
      expect(statSync(path.join(checkout.root, FILE)).mode).toBe(mode);
    });
  });

  test('leaves what is silenced', () => {
    const text = BAD.replace(' || true', ' || true # devsetup: ignore[migrate/swallowed-failure] by intent');
    return withBad(text, async (checkout) => {
      await checkout.audit(['--fix', '--yes']);
      expect(read(checkout)).toBe(text);
    });
  });
});

describe('a comment', () => {
  test.each([
    ['behind the line', BAD.replace(' || true', ' || true # devsetup: ignore[migrate/*] by intent')],
    [
      'above the line, in the script',
      BAD.replace('          python', '          # devsetup: ignore[*] by intent\n          python'),
    ],
  ])('%s silences the finding: told with its reason, and no failure', (_, text) =>
    withBad(text.replace('shop:latest', 'shop:${{ github.sha }}'), async (checkout) => {
      const report = await checkout.report();
      expect(report.findings.map(({ rule, suppressed }) => [rule, suppressed])).toEqual([
        ['migrate/swallowed-failure', { by: 'comment', reason: 'by intent' }],
      ]);
      expect(report.summary).toMatchObject({ errors: 0, suppressed: 1, exitCode: 0 });
      const { stdout } = await checkout.audit([]);
      expect(stdout).toBe('No findings in 1 workflow, 1 silenced\n');
    }),
  );

  test('in a here-document silences what is there', () =>
    withBad(
      BAD.replace(
        '          docker pull',
        '          # devsetup: ignore[image/*] the tag is moved by hand\n          docker pull',
      ),
      async (checkout) => {
        expect(told(await checkout.report())).toEqual([`${FILE}:12 migrate/swallowed-failure`]);
      },
    ));
});

describe('a baseline', () => {
  test('makes what is known pass, and what is new fail', () =>
    withBad(BAD, async (checkout) => {
      const written = await checkout.audit(['--baseline', 'known.json', '--write-baseline']);
      expect(written.exitCode).toBe(0);
      expect(written.stdout).toContain('The baseline known.json is written: commit it.');
      expect((await checkout.audit(['--baseline', 'known.json'])).exitCode).toBe(0);

      checkout.write(FILE, `# moved down\n\n${BAD}`);
      expect((await checkout.audit(['--baseline', 'known.json'])).exitCode).toBe(0);

      checkout.write(FILE, BAD.replace('shop:latest', 'shop:main'));
      const report = await checkout.report(['--baseline', 'known.json']);
      expect(told(report)).toEqual([`${FILE}:19 image/mutable-tag-in-deploy`]);
    }));

  test('says what it holds in vain', () =>
    withBad(BAD, async (checkout) => {
      await checkout.audit(['--baseline', 'known.json', '--write-baseline']);
      checkout.write(FILE, GOOD);
      const { stdout } = await checkout.audit(['--baseline', 'known.json']);
      expect(stdout).toContain('2 findings of the baseline are found no more: --write-baseline takes them out.');
    }));

  test('may be named in the configuration', () =>
    withBad(BAD, async (checkout) => {
      checkout.write('devsetup.config.jsonc', '{"audit": {"baseline": "ci/known.json"}}');
      checkout.write('ci/.keep', '');
      expect((await checkout.audit(['--write-baseline'])).exitCode).toBe(0);
      expect((await checkout.audit([])).exitCode).toBe(0);
    }));

  test.each([
    [['--baseline', 'nowhere.json'], 'The baseline nowhere.json cannot be read'],
    [['--baseline', FILE], 'is no baseline of devsetup audit'],
    [['--write-baseline'], 'names a file'],
    [['--baseline', 'nowhere/known.json', '--write-baseline'], 'cannot be written'],
  ])('%j is refused', (args, expected) =>
    withBad(BAD, async (checkout) => {
      const { exitCode, stderr } = await checkout.audit(args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
    }),
  );
});
