import { afterEach, describe, expect, it } from 'vitest';

import { checkoutOf, MANAGE_PY, type Checkout } from './support/checkout.ts';

describe('devsetup init', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it.each([
    ['--python', 'latest', '--python'],
    ['--postgres', '17; rm -rf', '--postgres'],
    ['--database-service', 'a: b', '--database-service'],
    ['--database-name', 'x"y', '--database-name'],
    ['--package-manager', 'pip', '--package-manager'],
    ['--frontend', '../elsewhere', '--frontend'],
    ['--app-service', 'db', '--app-service'],
    ['--backend', 'nowhere', '--backend'],
  ])('refuses %s %s before it writes anything', async (flag, value, named) => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY });
    const run = await checkout.init(flag, value);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(named);
    expect(await checkout.exists('.devcontainer')).toBe(false);
    expect(await checkout.exists('package.json')).toBe(false);
  });

  it('needs a backend, and says which flag names it', async () => {
    checkout = await checkoutOf({ 'README.md': '' });
    const run = await checkout.init();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('devsetup init --backend FOLDER');
  });

  it('configures which of several backends it is, and nothing else', async () => {
    checkout = await checkoutOf({ 'shop/manage.py': MANAGE_PY, 'admin/manage.py': MANAGE_PY });
    const without = await checkout.init();
    expect(without.exitCode).toBe(2);
    expect(without.stderr).toMatch(/admin\/manage.py, shop\/manage.py[^]*--backend FOLDER/);

    const run = await checkout.report('--backend', './shop/');
    expect(run.report.outcome).toBe('done');
    expect(JSON.parse(await checkout.read('devsetup.config.jsonc'))).toEqual({
      backend: { managePy: 'shop/manage.py' },
    });
    expect((await checkout.report()).report.outcome).toBe('unchanged');
  });

  it('does not guess at a package.json that is broken', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, 'package.json': '{ "name": ' });
    const run = await checkout.init();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('package.json');
    expect(await checkout.exists('.devcontainer')).toBe(false);
  });
});
