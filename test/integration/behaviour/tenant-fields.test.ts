import { expect, test } from 'vitest';

import { editProjectFile, type Variation } from '../../support/sample-project.ts';
import { configure, requiredTenantField, withoutOwnCommands } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

/** Another one, so that both have to be named at once. */
const requiredNumber: Variation = async (project) => {
  await editProjectFile(
    project,
    'backend/customers/models.py',
    '    region = ',
    '    seats = models.PositiveIntegerField()\n    region = ',
  );
  await editProjectFile(
    project,
    'backend/customers/migrations/0005_library_region.py',
    'operations = [',
    'operations = [migrations.AddField("library", "seats", models.PositiveIntegerField(default=1), preserve_default=False), ',
  );
};

test('fields that cannot be derived are named in one error with what to configure; configured, they are used', async () => {
  const variations = [withoutOwnCommands, requiredTenantField, requiredNumber];
  await withSite({ variations }, async (site) => {
    const failed = await site.run();
    expect(failed.exitCode).toBe(1);
    const { code, message, hint } = failed.failure('super-tenant');
    expect(code).toBe('TENANT_FIELDS_MISSING');
    for (const text of ['region', 'seats']) expect(`${message}\n${hint}`).toContain(text);
    expect(hint).toContain('"tenants"');
    expect(hint).toContain('"super"');
    expect(hint).toContain('"fields"');
    expect(await site.sql('SELECT 1 FROM customers_library')).toEqual([]);

    const fields = { region: 'north', seats: 12 };
    await configure({ tenants: { super: { fields }, guest: { fields } } })(site.project);
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(await site.sql('SELECT schema_name, region, seats FROM customers_library ORDER BY 1')).toEqual([
      { schema_name: 'guest', ...fields },
      { schema_name: 'public', ...fields },
    ]);
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

test('a field that the tenant model does not have is named with those it has', async () => {
  const config = { tenants: { super: { fields: { regoin: 'north' } } } };
  await withSite({ variations: [withoutOwnCommands], config }, async (site) => {
    const failed = await site.run();
    expect(failed.exitCode).toBe(1);
    const { message, hint } = failed.failure('super-tenant');
    expect(message).toContain('regoin');
    expect(`${message}\n${hint}`).toContain('contact_email');
  });
});

test('names, domains and schemas come from the configuration', async () => {
  const config = {
    tenants: {
      super: { name: 'All of us', domain: 'app.test' },
      guest: { schema: 'Try Me', name: 'Try me', domain: 'try.app.test' },
    },
  };
  await withSite({ variations: [withoutOwnCommands], config }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    const rows = await site.sql(
      `SELECT schema_name, name, domain, is_primary FROM customers_library l JOIN customers_domain d ON d.tenant_id = l.id ORDER BY domain`,
    );
    expect(rows).toEqual([
      { schema_name: 'public', name: 'All of us', domain: 'app.test', is_primary: true },
      { schema_name: 'Try Me', name: 'Try me', domain: 'try.app.test', is_primary: true },
    ]);
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

test('a domain that belongs to another tenant is not taken from it', async () => {
  const config = { tenants: { guest: { command: false, domain: 'localhost' } } };
  await withSite({ start: 'ready', config }, async (site) => {
    await site.sql(`DELETE FROM customers_domain WHERE domain LIKE 'guest%'`);
    const failed = await site.run();
    expect(failed.exitCode).toBe(1);
    const { code, message, hint } = failed.failure('guest-tenant');
    expect(code).toBe('DOMAIN_TAKEN');
    expect(message).toContain('"localhost" belongs to the tenant "public"');
    expect(hint).toContain('domain');
  });
});

test('DEBUG off: no guest tenant, unless configuration wants it', async () => {
  await withSite({ variations: [withoutOwnCommands], env: { DJANGO_DEBUG: '0' } }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(run.step('guest-tenant')).toMatchObject({ status: 'skipped', message: expect.stringContaining('DEBUG') });
    expect(await site.sql(`SELECT 1 FROM customers_library WHERE schema_name = 'guest'`)).toEqual([]);
    expect((await site.run()).report.outcome).toBe('unchanged');

    await configure({ tenants: { guest: { outsideDevelopment: true } } })(site.project);
    expect((await site.run()).status('guest-tenant')).toBe('changed');
    expect(await site.sql(`SELECT name FROM customers_library WHERE schema_name = 'guest'`)).toEqual([
      { name: 'Guest' },
    ]);
  });
});
