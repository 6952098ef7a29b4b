import { expect, test } from 'vitest';

import { editProjectFile, type Variation } from '../../support/sample-project.ts';
import { configure, requiredTenantField, withoutOwnCommands } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

const FIELDS: Readonly<Record<string, string>> = {
  seats: 'models.PositiveIntegerField()',
  paid_until: 'models.DateField()',
  region: 'models.CharField(max_length=20)',
  fee: 'models.DecimalField(max_digits=6, decimal_places=2)',
};

/** A number, a date and a text that devsetup fills, an amount that it asks for, and a field of the domain. */
const furtherFields: Variation = async (project) => {
  const models = 'backend/customers/models.py';
  const fields = Object.entries(FIELDS);
  const added = fields.map(([name, field]) => `migrations.AddField("library", "${name}", ${field})`);
  await editProjectFile(
    project,
    models,
    '    contact = ',
    `${fields.map(([name, field]) => `    ${name} = ${field}\n`).join('')}    contact = `,
  );
  await editProjectFile(
    project,
    models,
    '    def __str__(self)',
    `    def clean(self):
        from django.core.exceptions import ValidationError
        import os
        if self.name[0].isupper() or os.environ.get("STRICT"):
            raise ValidationError({"name": "The name must begin with a lower-case letter."})

    def __str__(self)`,
  );
  await editProjectFile(
    project,
    models,
    '"""A host name under which a library answers."""',
    '"""A host name."""\n\n    admin_email = models.EmailField()',
  );
  await editProjectFile(
    project,
    'backend/customers/migrations/0005_library_contact.py',
    'operations = [',
    `operations = [${added.join(', ')}, migrations.AddField("domain", "admin_email", models.EmailField()), `,
  );
};

test('fields that cannot be derived are reported in one error for both tenants, before anything is created; with the printed configuration they are used', async () => {
  const variations = [withoutOwnCommands, requiredTenantField, furtherFields];
  await withSite({ variations }, async (site) => {
    const planned = await site.run(['--dry-run'], { DATABASE_URL: `${site.database.url}_not_there_yet` });
    const failed = await site.run();
    expect([planned.exitCode, failed.exitCode]).toEqual([1, 1]);
    const { code, message, hint } = failed.failure('super-tenant');
    expect(planned.failure('super-tenant')).toEqual(failed.failure('super-tenant'));
    expect(code).toBe('TENANT_FIELDS_MISSING');
    expect(message).toMatch(/fee \(DecimalField\), contact \(EmailField\), domain\.admin_email \(EmailField\)$/);
    const lines = (hint ?? '').split('\n');
    expect(lines[0]).toBe('Write devsetup.config.jsonc with this, inside { }:');
    const printed = lines.slice(1, 5).join('\n').replaceAll('…', 'a@example.org');
    expect(await site.sql('SELECT 1 FROM customers_library')).toEqual([]);

    await configure(JSON.parse(`{${printed}}`) as Record<string, unknown>)(site.project);
    // The model refuses "Public" and "Guest": the names of their schemas are tried before that is a failure.
    const refused = (await site.run([], { STRICT: '1' })).failure('super-tenant');
    expect(refused.message).toContain(
      'name "Public" (chosen by devsetup): The name must begin with a lower-case letter.',
    );
    expect(refused.hint).toMatch(/"super": \{ "fields": \{ "name": "…" \} \},\n {2}"guest": \{ "fields": \{ "name"/);
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    const rows = await site.sql(
      'SELECT schema_name, name, region, seats, paid_until::text, contact, fee::int, admin_email FROM customers_library l JOIN customers_domain d ON d.tenant_id = l.id ORDER BY 1',
    );
    const values = { region: '', seats: 0, paid_until: '2099-12-31', contact: 'a@example.org', fee: 0 };
    expect(rows).toEqual([
      { schema_name: 'guest', name: 'guest', ...values, admin_email: 'a@example.org' },
      { schema_name: 'public', name: 'public', ...values, admin_email: 'a@example.org' },
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
