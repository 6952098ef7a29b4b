import { chmod, lstat, readdir, rename, symlink } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkoutOf, MANAGE_PY, sampleCheckout, type Checkout } from './support/checkout.ts';

const COMPOSE = '.devcontainer/docker-compose.yml';
const DOCKERFILE = '.devcontainer/Dockerfile';

describe('devsetup init, where it was before', () => {
  let checkout: Checkout;
  beforeEach(async () => {
    checkout = await sampleCheckout();
    await checkout.init('--python', '3.11', '--database-service', 'postgres');
  });
  afterEach(() => checkout.remove());

  it('stays with what it was told, without being told again', async () => {
    const { report } = await checkout.report();
    expect(report.outcome).toBe('unchanged');
    expect(report.options).toContainEqual({
      option: 'pythonVersion',
      value: '3.11',
      by: 'made',
      source: '.devcontainer',
    });
  });

  it('keeps lines of its owner, also where other options change lines beside them', async () => {
    await checkout.edit(DOCKERFILE, (text) => `${text}\nRUN apt-get install --yes gettext\n`);
    await checkout.edit(COMPOSE, (text) => text.replace('    init: true\n', '    init: true\n    shm_size: 1gb\n'));
    expect((await checkout.report()).report.outcome).toBe('unchanged');

    const { report, stderr } = await checkout.report('--postgres', '16.11', '--python', '3.13');
    expect(report.outcome, stderr).toBe('done');
    expect(await checkout.read(DOCKERFILE)).toMatch(
      /^ARG PYTHON_VERSION=3.13\n[^]*\nRUN apt-get install --yes gettext\n$/,
    );
    const compose = await checkout.read(COMPOSE);
    expect(compose).toContain('    init: true\n    shm_size: 1gb\n');
    expect(compose).toContain('image: postgres:16.11-bookworm');
    expect((await checkout.report()).report.outcome).toBe('unchanged');
  });

  it('shows every line it changes', async () => {
    const { stderr } = await checkout.init('--postgres', '16.11');
    expect(stderr).toContain('-    image: postgres:17.7-bookworm');
    expect(stderr).toContain('+    image: postgres:16.11-bookworm');
  });

  it('says that another major version of PostgreSQL needs another volume', async () => {
    expect((await checkout.init('--postgres', '17.6')).stdout).not.toContain('Note:');
    expect((await checkout.init('--postgres', '16')).stdout).toContain(
      'PostgreSQL 16 does not start on the volume of 17',
    );
    expect((await checkout.init()).stdout).not.toContain('Note:');
  });

  it('follows a backend that has moved', async () => {
    await rename(checkout.at('backend'), checkout.at('server'));
    const { report } = await checkout.report();
    expect(report.files.filter(({ written }) => written).map(({ path }) => path)).toEqual([
      '.devcontainer/devcontainer.json',
    ]);
    expect(await checkout.read('.devcontainer/devcontainer.json')).toContain('/server/.venv/');
  });

  it('renames the database everywhere', async () => {
    await checkout.init('--database-service', 'pg', '--database-name', 'shop');
    expect(await checkout.read('.devcontainer/database.env')).toMatch(/DB_NAME=shop\n[^]*DB_HOST=pg\n[^]*PGHOST=pg\n/);
    expect(await checkout.read('.devcontainer/devcontainer.json')).toContain('"pg:5432"');
    expect((await checkout.report()).report.outcome).toBe('unchanged');
  });

  it('adds variables that the settings have come to read, and leaves those alone that were taken out or changed', async () => {
    await checkout.edit('.devcontainer/database.env', (text) =>
      text.replace('DB_PORT=5432', 'DB_PORT=6543').replace(/^PGUSER=.*\n/m, ''),
    );
    await checkout.edit(
      'backend/config/settings.py',
      (text) => `${text}\nPG_PASS = os.environ["POSTGRES_PASSWORD"]\nimport os\n`,
    );
    const { report } = await checkout.report();
    expect(report.files.filter(({ written }) => written).map(({ path }) => path)).toEqual([
      '.devcontainer/database.env',
    ]);
    const text = await checkout.read('.devcontainer/database.env');
    expect(text).toContain('DB_PORT=6543');
    expect(text).toContain('POSTGRES_PASSWORD=postgres');
    expect(text).not.toContain('PGUSER');
  });

  it('leaves a file whose lines were changed, shows how it differs, and replaces it only by --force', async () => {
    await checkout.edit(COMPOSE, (text) => text.replace('    init: true\n', '    init: false\n'));
    const left = await checkout.init();
    expect(left.exitCode).toBe(0);
    expect(left.stdout).toContain(`left as it is: ${COMPOSE}`);
    expect(left.stderr).toContain('-    init: false');
    expect(await checkout.read(COMPOSE)).toContain('init: false');

    const forced = await checkout.report('--force');
    expect(forced.report.outcome).toBe('done');
    expect(await checkout.read(COMPOSE)).toContain('init: true');
  });

  it('keeps mode and line ends of what it changes', async () => {
    await checkout.edit(DOCKERFILE, (text) => text.replaceAll('\n', '\r\n'));
    await chmod(checkout.at(DOCKERFILE), 0o640);
    await checkout.init('--python', '3.13');
    const text = await checkout.read(DOCKERFILE);
    expect(text).toContain('ARG PYTHON_VERSION=3.13\r\n');
    expect(text).not.toMatch(/(?<!\r)\n/);
    expect((await lstat(checkout.at(DOCKERFILE))).mode & 0o777).toBe(0o640);
  });

  it('has nothing to do from another folder of the checkout', async () => {
    const { report } = await checkout.report('--project', checkout.root);
    expect(report.outcome).toBe('unchanged');
  });
});

describe('devsetup init, where somebody else was before', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('writes nothing at all while a file of somebody else is in the way', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, [DOCKERFILE]: 'FROM python:3.12\n' });
    const run = await checkout.report();
    expect(run.exitCode).toBe(1);
    expect(run.report).toMatchObject({ outcome: 'conflict', exitCode: 1 });
    expect(run.stderr).toContain('-FROM python:3.12');
    expect(await readdir(checkout.at('.devcontainer'))).toEqual(['Dockerfile']);
    expect(await checkout.read(DOCKERFILE)).toBe('FROM python:3.12\n');
    expect(await checkout.exists('package.json')).toBe(false);

    expect((await checkout.report('--force')).report.outcome).toBe('done');
    expect(await checkout.read(DOCKERFILE)).toContain('ARG PYTHON_VERSION');
  });

  it('leaves everything as it was where one file cannot be written', async () => {
    checkout = await checkoutOf({ 'manage.py': MANAGE_PY, 'elsewhere/x': '' });
    const outside = await checkoutOf({ 'package.json': '{}\n' });
    try {
      await symlink(outside.at('package.json'), checkout.at('package.json'));
      const run = await checkout.init();
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(/package.json cannot be read: it leads outside the checkout/);
      expect(await checkout.exists('.devcontainer')).toBe(false);
      expect(await outside.read('package.json')).toBe('{}\n');
    } finally {
      await outside.remove();
    }
  });
});
