import { describe, expect, test } from 'vitest';

import { BAD, GOOD, makeCheckout, told, type AuditCheckout } from './support/checkout.ts';

const withCheckout = async (
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (checkout: AuditCheckout) => Promise<void>,
): Promise<void> => {
  const checkout = makeCheckout(files);
  try {
    await use(checkout);
  } finally {
    checkout.remove();
  }
};

const SWALLOWED = 'migrate/swallowed-failure';
const MUTABLE = 'image/mutable-tag-in-deploy';

describe('without paths', () => {
  test('the workflows of the checkout around the folder are looked at, and named from there', () =>
    withCheckout({ '.github/workflows/bad.yaml': BAD, 'backend/manage.py': '' }, async ({ audit, root }) => {
      const { stdout, exitCode } = await audit(['--json'], { cwd: `${root}/backend` });
      expect(exitCode).toBe(1);
      expect(told(JSON.parse(stdout))[0]).toBe(`${root}/.github/workflows/bad.yaml:12 ${SWALLOWED}`);
    }));

  test('no workflow at all is exit code 3, with a sentence', () =>
    withCheckout({ '.github/dependabot.yml': 'version: 2\n' }, async ({ audit }) => {
      const { stderr, stdout, exitCode } = await audit([]);
      expect([exitCode, stdout]).toEqual([3, '']);
      expect(stderr).toContain('There is no workflow to look at');
      expect(stderr).not.toContain('bug in devsetup');
    }));
});

describe('paths', () => {
  test('a file anywhere is taken for a workflow', () =>
    withCheckout({ 'ci/ship.txt': BAD }, async ({ report }) => {
      expect(told(await report(['ci/ship.txt']))).toEqual([`ci/ship.txt:12 ${SWALLOWED}`, `ci/ship.txt:19 ${MUTABLE}`]);
    }));

  test('of a checkout its workflows are meant, and of other folders every YAML that has the keys of one', () =>
    withCheckout(
      {
        'one/.github/workflows/a.yml': BAD,
        'one/compose.yml': 'services: {}\n',
        'two/b.yml': BAD,
        'two/compose.yml': 'services: {}\n',
        'two/deep/.github/workflows/c.yml': GOOD,
        'two/node_modules/d.yml': BAD,
      },
      async ({ report }) => {
        expect((await report(['one'])).files).toEqual(['one/.github/workflows/a.yml']);
        expect((await report(['two'])).files).toEqual(['two/b.yml', 'two/deep/.github/workflows/c.yml']);
        expect((await report(['two', 'one', 'two/b.yml'])).files).toHaveLength(3);
      },
    ));

  test('that are not there are exit code 2', () =>
    withCheckout({ 'a.yml': GOOD }, async ({ audit }) => {
      const { stderr, exitCode } = await audit(['a.yml', 'b.yml']);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('b.yml')]);
    }));

  test('a folder without workflows is exit code 3', () =>
    withCheckout({ 'empty/readme.md': '' }, async ({ audit }) => {
      expect((await audit(['empty'])).exitCode).toBe(3);
    }));
});

describe('checkouts', () => {
  test('are audited apart: what one says is no evidence for another', () =>
    withCheckout(
      {
        'one/.github/workflows/a.yml': SHIPS,
        'one/manage.py': '',
        'one/requirements.txt': 'django\n',
        'two/.github/workflows/a.yml': SHIPS,
        'two/main.go': '',
      },
      async ({ report }) => {
        const { findings } = await report(['one', 'two', '--only', 'migrate/missing-job']);
        expect(findings.map(({ file }) => file)).toEqual(['one/.github/workflows/a.yml']);
      },
    ));

  test('have a configuration of their own', () =>
    withCheckout(
      {
        'one/.github/workflows/a.yml': BAD,
        'one/devsetup.config.jsonc': JSON.stringify({
          audit: { ignore: [{ rules: ['migrate/*'], reason: 'moves next week' }] },
        }),
        'two/.github/workflows/a.yml': BAD,
      },
      async ({ report }) => {
        expect(told(await report(['one', 'two']))).toEqual([
          `one/.github/workflows/a.yml:19 ${MUTABLE}`,
          `two/.github/workflows/a.yml:12 ${SWALLOWED}`,
          `two/.github/workflows/a.yml:19 ${MUTABLE}`,
        ]);
      },
    ));
});

const SHIPS = `on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: rsync -a . deploy@shop.example.org:/srv/shop
      - run: ssh deploy@shop.example.org sudo systemctl restart gunicorn
`;

describe('what cannot be read', () => {
  test.each([
    ['bytes that are no UTF-8', new Uint8Array([0x6f, 0x6e, 0xff, 0xfe, 0x0a]), 'UTF-8'],
    ['more than 1 MB', `${'# long\n'.repeat(160_000)}`, '1 MB'],
  ])('%s is a finding, and the others are looked at', (_, content, expected) =>
    withCheckout({ '.github/workflows/a.yml': content, '.github/workflows/b.yml': BAD }, async ({ report }) => {
      const found = await report();
      expect(found.findings[0]).toMatchObject({ rule: 'workflow/invalid', message: expect.stringContaining(expected) });
      expect(told(found)).toContain(`.github/workflows/b.yml:12 ${SWALLOWED}`);
    }),
  );

  test('a byte order mark and carriage returns do not move a place', () =>
    withCheckout({ '.github/workflows/a.yml': `\uFEFF${BAD.replaceAll('\n', '\r\n')}` }, async ({ report }) => {
      const { findings } = await report();
      expect(findings.map(({ line, column }) => `${line}:${column}`)[1]).toBe('19:23');
    }));

  test('a configuration with mistakes is exit code 2 and says where', () =>
    withCheckout(
      {
        '.github/workflows/a.yml': GOOD,
        'devsetup.config.jsonc': '{"audit": {"ignore": [{"rules": ["migrate/ordre"], "reason": "x"}]}}',
      },
      async ({ audit }) => {
        const { exitCode, stderr } = await audit([]);
        expect(exitCode).toBe(2);
        expect(stderr).toContain('did you mean "migrate/order"?');
      },
    ));
});

describe('rules', () => {
  const files = { '.github/workflows/a.yml': BAD };

  test('--only and --skip take rules and families', () =>
    withCheckout(files, async ({ report }) => {
      const rules = async (...args: readonly string[]): Promise<readonly string[]> =>
        (await report(args)).findings.map(({ rule }) => rule);
      expect(await rules('--only', 'image/*')).toEqual([MUTABLE]);
      expect(await rules('--only', 'migrate')).toEqual([SWALLOWED]);
      expect(await rules('--skip', 'image/mutable-tag-in-deploy')).toEqual([SWALLOWED]);
      expect(await rules('--only', 'image/*,migrate/*', '--skip', 'image/*')).toEqual([SWALLOWED]);
    }));

  test('one there is not is exit code 2, with what was meant', () =>
    withCheckout(files, async ({ audit }) => {
      const { exitCode, stderr } = await audit(['--only', 'image/mutable-tag-in-deplyo']);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean image/mutable-tag-in-deploy?')]);
    }));

  test('--fail-on says from where on it fails', () =>
    withCheckout(
      { '.github/workflows/a.yml': GOOD.replace('needs: migrate', 'needs: migrate # devsetup: ignore[*]') },
      async ({ audit }) => {
        // A comment without need or reason is a warning.
        expect((await audit([])).exitCode).toBe(0);
        expect((await audit(['--fail-on', 'warning'])).exitCode).toBe(1);
        expect((await audit(['--fail-on', 'nothing'])).exitCode).toBe(2);
      },
    ));

  test('--list names them all', () =>
    withCheckout({}, async ({ audit }) => {
      const { stdout, exitCode } = await audit(['--list']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^secret\/printed +\S.* +error$/m);
      expect(JSON.parse((await audit(['--list', '--json'])).stdout).rules).toHaveLength(
        stdout.trimEnd().split('\n').length,
      );
    }));
});
