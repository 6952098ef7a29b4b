import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../support/needs.ts';
import { createCheckout, type Checkout } from './support/checkout.ts';
import { devContainer, type DevContainer } from './support/dev-container.ts';
import { openTerminal, query, runInside, statuses, statusInside } from './support/inspect.ts';
import { report } from './support/report.ts';

const SECRETS = {
  DJANGO_SUPERUSER_USERNAME: 'admin',
  DJANGO_SUPERUSER_EMAIL: 'admin@example.org',
  DJANGO_SUPERUSER_PASSWORD: 'correct horse battery',
};

const provided = inject('containers');

// One container: the prebuild has no database at all, the creation one with another password, the next start a mended one.
describe('a prebuild, and a creation that fails', needs(provided.ok, 'no container engine answers'), () => {
  let checkout: Checkout;
  let container: DevContainer;

  beforeAll(async () => {
    if (!provided.ok) return;
    checkout = await createCheckout(`prebuilt-${provided.suite.id}`, provided.suite, '--no-install');
    container = devContainer(checkout.folder, provided.suite);
  });

  it('installs the dependencies in a prebuild, without secrets and without a database', async () => {
    await checkout.changeCompose([
      [
        ['services', 'db', 'entrypoint'],
        ['sleep', 'infinity'],
      ],
      [
        ['services', 'db', 'healthcheck', 'test'],
        ['CMD', 'true'],
      ],
    ]);
    const prebuild = await container.up({ prebuild: true });
    report('prebuild', prebuild.seconds);
    expect(prebuild, prebuild.log).toMatchObject({ exitCode: 0, outcome: 'success' });
    expect(prebuild.log).not.toContain('Running the postCreateCommand');
    const imported = await container.exec('backend/.venv/bin/python', '-c', 'import django_tenants, psycopg');
    expect(imported.exitCode, imported.stderr).toBe(0);
    expect((await statusInside(container)).report).toMatchObject({ outcome: 'succeeded' });
    expect(await openTerminal(container)).toBe('');
  });

  it('fails to be created where the database refuses the password', async () => {
    await container.stop();
    await container.remove('db');
    await checkout.restoreCompose();
    await checkout.changeCompose([[['services', 'db', 'environment', 'POSTGRES_PASSWORD'], 'another']]);
    const created = await container.up({ secrets: SECRETS });
    report('creation that fails', created.seconds);
    expect(created, created.log).toMatchObject({ exitCode: 1, outcome: 'error' });
    // What the prebuild did is not done again.
    expect(created.log).not.toContain('Running the updateContentCommand');
    expect(created.log).not.toContain(SECRETS.DJANGO_SUPERUSER_PASSWORD);
  });

  it('says so in the next terminal, and by devsetup status', async () => {
    const lines = (await openTerminal(container)).trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^devsetup: .*failed.*npx devsetup/i);
    const { exitCode, report: status } = await statusInside(container);
    expect(exitCode).toBe(1);
    expect(status).toMatchObject({
      outcome: 'failed',
      step: { id: 'database', code: expect.stringMatching(/PASSWORD|AUTH/) },
    });
  });

  it('heals at the next start once that is mended', async () => {
    await query(container, "ALTER USER postgres PASSWORD 'postgres'");
    await container.stop();
    const started = await container.up({ secrets: SECRETS });
    report('start that heals', started.seconds);
    expect(started, started.log).toMatchObject({ exitCode: 0, outcome: 'success' });
    expect(started.log).not.toContain('Running the postCreateCommand');
    expect(started.log).toContain('Running the postStartCommand');
    expect(await query(container, 'SELECT schema_name FROM customers_library ORDER BY 1')).toEqual(['guest', 'public']);
    expect(await query(container, 'SELECT username, is_superuser FROM accounts_user')).toEqual(['admin|t']);
    expect((await statusInside(container)).exitCode).toBe(0);
    expect(await openTerminal(container)).toBe('');
    const { report: run } = await runInside(container);
    expect(run.outcome).toBe('unchanged');
    expect(statuses(run)).toMatchObject({ database: 'unchanged', 'tenant-migrations': 'unchanged' });
  });
});
