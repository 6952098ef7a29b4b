import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { BAD, GOOD, makeCheckout, type AuditCheckout } from '../audit/support/checkout.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';

const SECRET = 'correct-horse-battery';
const WORKFLOWS = 'shop/.github/workflows';

let outer: AuditCheckout;
let shop: string;
const at = (name: string): string => path.join(outer.root, name);

/** `shop` is the hostile checkout, in a folder with files of the user. */
beforeEach(() => {
  outer = makeCheckout({
    'user/victim.yml': BAD,
    'user/secret.txt': `PASSWORD: ${SECRET}\n`,
    'user/report.txt': SECRET,
    [`${WORKFLOWS}/good.yml`]: GOOD,
  });
  shop = at('shop');
  execFileSync('git', ['init', '-q', shop]);
});
afterEach(() => outer.remove());

const audit = async (
  ...args: readonly string[]
): Promise<{ readonly all: string; readonly exitCode: number | null }> => {
  const { stdout, stderr, exitCode } = await outer.audit(args, { cwd: shop });
  return { all: stdout + stderr, exitCode };
};

describe('audit of a checkout whose links lead out of it', () => {
  test.each([
    ['text', []],
    ['JSON', ['--json']],
    ['SARIF', ['--format', 'sarif']],
    ['annotations', ['--format', 'github']],
    ['an explanation', ['--explain', '.github/workflows/e.yml']],
  ])('prints nothing of a file outside as %s', async (_, args) => {
    symlinkSync(at('user/secret.txt'), path.join(shop, '.github/workflows/e.yml'));
    const { all } = await audit(...args);
    expect(all).not.toContain(SECRET);
  });

  test('reports the link as a finding', async () => {
    symlinkSync('/proc/self/environ', path.join(shop, '.github/workflows/e.yml'));
    const { all, exitCode } = await audit();
    expect(all).toContain('This file cannot be read as a workflow: it leads outside the checkout.');
    expect(exitCode).toBe(1);
  });

  test.each([
    ['a workflow', '.github/workflows/e.yml', '../../../user/victim.yml'],
    ['a folder of workflows', '.github/workflows', '../../user'],
  ])('--fix --yes changes nothing outside through %s that is a link', async (_, link, target) => {
    rmSync(path.join(shop, link), { recursive: true, force: true });
    symlinkSync(target, path.join(shop, link));
    await audit('--fix', '--yes');
    expect(readFileSync(at('user/victim.yml'), 'utf8')).toBe(BAD);
  });

  test('--fix mends a file of the checkout through a link inside it', async () => {
    mkdirSync(path.join(shop, 'ci'));
    writeFileSync(path.join(shop, 'ci/ship.yml'), BAD);
    symlinkSync('../../ci/ship.yml', path.join(shop, '.github/workflows/ship.yml'));
    await audit('--fix', '--yes');
    expect(readFileSync(path.join(shop, 'ci/ship.yml'), 'utf8')).toBe(BAD.replace(' || true', ''));
    expect(lstatSync(path.join(shop, '.github/workflows/ship.yml')).isSymbolicLink()).toBe(true);
  });

  test.each([
    ['a script that a step runs', 'bash ops.sh', 'ops.sh'],
    ['a script that a script sources', 'source ops.sh', 'ops.sh'],
    ['a path with ..', 'bash ../user/secret.txt', null],
    ['a compose file', 'docker compose -f ops.sh up -d', 'ops.sh'],
    ['an env file', 'docker run --env-file ops.sh ghcr.io/acme/shop:1', 'ops.sh'],
  ])('says nothing of what %s holds outside', async (_, command, link) => {
    writeFileSync(at('user/secret.txt'), `docker pull acme/${SECRET}:latest\n`);
    if (link !== null) symlinkSync(at('user/secret.txt'), path.join(shop, link));
    writeFileSync(at(`${WORKFLOWS}/e.yml`), GOOD.replace('docker compose up -d', command));
    expect((await audit('--json')).all).not.toContain(SECRET);
  });

  test('a called workflow outside is not read', async () => {
    writeFileSync(
      at(`${WORKFLOWS}/e.yml`),
      'on: push\njobs:\n  a:\n    uses: ./.github/workflows/../../../user/victim.yml\n  b:\n    uses: ./../user/victim.yml\n',
    );
    expect((await audit('--json')).all).not.toContain('ghcr.io/acme/shop:latest');
  });

  test('a baseline of the configuration is neither read nor written outside', async () => {
    writeFileSync(path.join(shop, 'devsetup.config.jsonc'), '{"audit": {"baseline": "../user/report.txt"}}');
    const { all, exitCode } = await audit('--write-baseline');
    expect(exitCode).toBe(2);
    expect(all).toContain('it leads outside the checkout');
    expect(readFileSync(at('user/report.txt'), 'utf8')).toBe(SECRET);
  });

  test('a configuration that is a link to a file outside is refused, and none of it is printed', async () => {
    symlinkSync(at('user/secret.txt'), path.join(shop, 'devsetup.config.jsonc'));
    const { all, exitCode } = await audit();
    expect(exitCode).toBe(2);
    expect(all).toContain('devsetup.config.jsonc cannot be read: it leads outside the checkout.');
    expect(all).not.toContain(SECRET);
  });

  test('a result is not written to a file outside that a link in the checkout leads to', async () => {
    symlinkSync(at('user/report.txt'), path.join(shop, 'audit.sarif'));
    const { all, exitCode } = await audit('--format', 'sarif=audit.sarif,text');
    expect(exitCode).toBe(2);
    expect(all).toContain('it leads outside the checkout');
    expect(readFileSync(at('user/report.txt'), 'utf8')).toBe(SECRET);
  });

  test('a named pipe in the place of a workflow is reported without waiting for it', async () => {
    execFileSync('mkfifo', [path.join(shop, '.github/workflows/pipe.yml')]);
    symlinkSync('/dev/zero', path.join(shop, '.github/workflows/zero.yml'));
    const { all, exitCode } = await audit();
    expect(all.match(/This file cannot be read as a workflow/g)).toHaveLength(2);
    expect(exitCode).toBe(1);
  });
});

test('init writes nothing outside through a folder of the checkout that is a link', async () => {
  mkdirSync(path.join(shop, 'backend'));
  writeFileSync(path.join(shop, 'backend/manage.py'), 'import django\n');
  symlinkSync('../user', path.join(shop, '.devcontainer'));
  const { exitCode, stdout, stderr } = await runDevsetup(['init', '--yes', '--no-install'], { cwd: shop });
  expect([exitCode, stdout + stderr]).toEqual([
    expect.toBeOneOf([1, 2]),
    expect.stringContaining('outside the checkout'),
  ]);
  expect(readdirSync(at('user')).toSorted()).toEqual(['report.txt', 'secret.txt', 'victim.yml']);
});

test.each([['--dry-run'], ['doctor'], ['init', '--yes', '--no-install'], ['audit'], ['migrate', '--dry-run']])(
  'an unpacked archive without git has the same bounds: %s refuses a configuration that is a link to a file outside',
  async (...args) => {
    rmSync(path.join(shop, '.git'), { recursive: true });
    writeFileSync(path.join(shop, 'manage.py'), 'import django\n');
    symlinkSync(at('user/secret.txt'), path.join(shop, 'devsetup.config.jsonc'));
    const { stdout, stderr } = await runDevsetup(args, { cwd: shop });
    expect(stdout + stderr).toContain('it leads outside the checkout');
    expect(stdout + stderr).not.toContain(SECRET);
  },
);
