import { describe, expect, test } from 'vitest';

import type { EnsureTenantParams } from '../../../src/django/companion-client.ts';
import type { CompanionError } from '../../../src/django/protocol.ts';
import { addRows, GENERATIONS, migrateShared, sql, startShared, startSite } from './support/tenant-site.ts';

const PUBLIC: EnsureTenantParams = {
  schema: 'public',
  name: 'Main Office',
  domain: 'localhost',
  fields: {},
  tenantType: null,
  check: false,
};
const ACME: EnsureTenantParams = { ...PUBLIC, schema: 'acme', name: 'Acme Ltd', domain: 'acme.localhost' };

const rows = () =>
  sql(
    `SELECT schema_name, t.name, domain, is_primary FROM customers_client t LEFT JOIN customers_domain d ON d.tenant_id = t.id
     ORDER BY t.id, d.id`,
  );

/** The CompanionError behind the rejection. */
const failureOf = async (promise: Promise<unknown>): Promise<CompanionError> => {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  return (error as Error).cause as CompanionError;
};

describe.each(GENERATIONS)('ensure-tenant on %s', (_title, requirements) => {
  test('creates the public tenant and its domain once; checking changes nothing', async () => {
    const { client } = await startSite({}, requirements);
    const actions = ['tenant public', 'domain localhost'];
    expect(await client.ensureTenant({ ...PUBLIC, check: true })).toEqual({ outcome: 'created', actions });
    expect((await failureOf(client.ensureTenant(PUBLIC))).code).toBe('TENANT_TABLE_MISSING');
    await migrateShared(client);
    expect(await client.ensureTenant({ ...PUBLIC, check: true })).toEqual({ outcome: 'created', actions });
    expect(await rows()).toEqual([]);
    expect(await client.ensureTenant(PUBLIC)).toEqual({ outcome: 'created', actions });
    expect(await client.ensureTenant(PUBLIC)).toEqual({ outcome: 'exists', actions: [] });
    const row = { schema_name: 'public', name: 'Main Office', domain: 'localhost', is_primary: true };
    expect(await rows()).toEqual([row]);
    expect((await client.inspect()).publicTenant).toEqual({ exists: true, domains: ['localhost'] });
  });

  test('creates a tenant with a migrated schema, completes one without domain, and respects its primary domain', async () => {
    const { client } = await startShared({}, requirements);
    const migrations: string[] = [];
    const created = await client.ensureTenant(ACME, {
      onProgress: (data) => data.kind === 'migration' && migrations.push(`${data.schema} ${data.migration}`),
    });
    expect(created).toEqual({ outcome: 'created', actions: ['tenant acme', 'domain acme.localhost'] });
    expect(migrations).toContain('acme crm.0002_city');
    expect((await client.inspect()).tenants).toMatchObject([{ schema: 'acme', schemaExists: true, group: 0 }]);

    const second = { ...ACME, domain: 'second.localhost' };
    expect(await client.ensureTenant(second)).toEqual({ outcome: 'completed', actions: ['domain second.localhost'] });
    expect((await rows()).map((row) => [row['domain'], row['is_primary']])).toEqual([
      ['acme.localhost', true],
      ['second.localhost', false],
    ]);
    await addRows('later');
    const later = { ...ACME, schema: 'later', domain: 'later.localhost' };
    expect(await client.ensureTenant({ ...later, check: true })).toMatchObject({ outcome: 'completed' });
    expect(await client.ensureTenant(later)).toMatchObject({ outcome: 'completed' });
    expect((await rows()).at(-1)).toMatchObject({ domain: 'later.localhost', is_primary: true });

    const taken = await failureOf(client.ensureTenant({ ...later, domain: 'acme.localhost' }));
    expect(taken).toMatchObject({ code: 'DOMAIN_TAKEN', data: { owner: 'acme', domain: 'acme.localhost' } });
    expect(await failureOf(client.ensureTenant({ ...later, schema: 'new', domain: 'acme.localhost' }))).toMatchObject({
      code: 'DOMAIN_TAKEN',
    });
  });

  test('names every field it cannot derive at once, takes those of the configuration, and gives the others harmless values', async () => {
    const { client } = await startSite(
      {
        tenantFields: {
          slug: 'models.SlugField(unique=True)',
          code: 'models.CharField(max_length=30, unique=True)',
          company_name: 'models.CharField(max_length=50)',
          paid_until: 'models.DateField()',
          is_trial: 'models.BooleanField()',
          is_open: 'models.BooleanField(default=True)',
          note: 'models.TextField(blank=True)',
          contact: "models.EmailField(help_text='Where invoices go.')",
          plan: "models.CharField(max_length=9, choices=[('free', 'Free'), ('paid', 'Paid')])",
          seats: 'models.PositiveIntegerField()',
          least: 'models.IntegerField(validators=[MinValueValidator(1)])',
          contact_name: 'models.CharField(max_length=50)',
          contact_email: 'models.CharField(max_length=50)',
          monthly_price: 'models.IntegerField()',
          discount: 'models.DecimalField(max_digits=5, decimal_places=2)',
          starts_on: 'models.DateField()',
          trial_ends: 'models.DateTimeField()',
          website: 'models.URLField()',
          logo: 'models.FileField()',
          token: 'models.UUIDField(unique=True)',
          data: 'models.JSONField()',
          tax_code: 'models.CharField(max_length=20, unique=True, blank=True)',
          number: 'models.IntegerField(unique=True)',
          owner: "models.ForeignKey('auth.Group', on_delete=models.PROTECT)",
          region: "models.CharField(max_length=9, default='eu')",
          color: 'models.CharField(max_length=9, null=True)',
        },
      },
      requirements,
    );
    // Known without a table, and without asking the database.
    const early = await failureOf(client.ensureTenant({ ...PUBLIC, check: true, offline: true }));
    expect(early.code).toBe('TENANT_FIELDS_MISSING');
    await migrateShared(client);
    await sql("INSERT INTO auth_group (name) VALUES ('staff')");
    const missing = await failureOf(client.ensureTenant({ ...PUBLIC, check: true }));
    expect(missing.message).toBe(early.message);
    expect(missing).toMatchObject({
      code: 'TENANT_FIELDS_MISSING',
      data: {
        fields: [
          { name: 'contact', type: 'EmailField', help: 'Where invoices go.' },
          { name: 'contact_email', type: 'CharField' },
          { name: 'monthly_price', type: 'IntegerField' },
          { name: 'discount', type: 'DecimalField' },
          { name: 'number', type: 'IntegerField' },
          { name: 'owner', type: 'ForeignKey', references: { model: 'auth.Group', keys: ['1'] } },
        ],
      },
    });
    const given = { contact_email: 'x', monthly_price: 5, discount: '1.5', number: 7, owner: 1 };
    const fields = { ...given, contact: 'a@b.example', seats: '12' };
    const unknown = await failureOf(client.ensureTenant({ ...PUBLIC, fields: { ...fields, colour: 'red' } }));
    expect(unknown).toMatchObject({ code: 'TENANT_FIELDS_UNKNOWN', data: { fields: ['colour'] } });
    expect(unknown.data['existing']).toContain('color');
    const invalid = await failureOf(
      client.ensureTenant({ ...PUBLIC, fields: { ...fields, plan: 'gold', contact: 'nobody' } }),
    );
    expect(Object.keys(invalid.data['errors'] as object).sort()).toEqual(['contact', 'plan']);

    const created = await client.ensureTenant({ ...PUBLIC, fields });
    // What nobody chose is said.
    expect(created.actions[0]).toMatch(/^tenant public \(.*plan "free", .*trial_ends "2099-12-31/);
    const today = new Date().getFullYear();
    expect(await sql('SELECT *, extract(year FROM starts_on)::int AS started FROM customers_client')).toMatchObject([
      {
        slug: 'public',
        code: 'public',
        name: 'Main Office',
        company_name: 'Main Office',
        is_trial: false,
        is_open: true,
        note: '',
        contact: 'a@b.example',
        plan: 'free',
        seats: 12,
        least: 1,
        contact_name: '',
        started: today,
        website: '',
        logo: '',
        data: {},
        tax_code: 'public',
        region: 'eu',
        color: null,
      },
    ]);
  });

  test('knows the tenant type of the public schema, and asks for that of others', async () => {
    const { client } = await startSite(
      {
        tenantFields: { kind: 'models.CharField(max_length=20)' },
        settings: `
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = 'kind'
TENANT_TYPES = {
    'public': {'APPS': SHARED_APPS, 'URLCONF': 'mysite.urls'},
    'shop': {'APPS': TENANT_APPS, 'URLCONF': 'mysite.urls'},
    'depot': {'APPS': TENANT_APPS, 'URLCONF': 'mysite.urls'},
}
`,
      },
      requirements,
    );
    await migrateShared(client);
    await client.ensureTenant(PUBLIC);
    const missing = await failureOf(client.ensureTenant(ACME));
    expect(missing).toMatchObject({
      code: 'TENANT_FIELDS_MISSING',
      data: { fields: [{ name: 'kind', choices: ['shop', 'depot'], isTenantType: true }] },
    });
    expect(await failureOf(client.ensureTenant({ ...ACME, tenantType: 'shp' }))).toMatchObject({
      code: 'TENANT_FIELDS_INVALID',
      message: expect.stringContaining('shop, depot') as string,
    });
    expect(await client.ensureTenant({ ...ACME, tenantType: 'shop' })).toMatchObject({ outcome: 'created' });
    const domain = `${'x'.repeat(300)}.localhost`;
    expect(await failureOf(client.ensureTenant({ ...PUBLIC, domain }))).toMatchObject({
      code: 'TENANT_FIELDS_INVALID',
      message: expect.stringContaining(`does not accept the domain "${domain}"`) as string,
      data: { domain },
    });
    expect(await sql('SELECT schema_name, kind FROM customers_client ORDER BY id')).toEqual([
      { schema_name: 'public', kind: 'public' },
      { schema_name: 'acme', kind: 'shop' },
    ]);
  });

  test('does without a Domain model, and refuses a schema name that PostgreSQL would not take', async () => {
    const { client } = await startShared({ domainModel: false }, requirements);
    expect(await client.ensureTenant(PUBLIC)).toEqual({ outcome: 'created', actions: ['tenant public'] });
    expect(await client.ensureTenant(PUBLIC)).toEqual({ outcome: 'exists', actions: [] });
    expect(await client.ensureTenant({ ...ACME, schema: 'Big Name', domain: null })).toMatchObject({
      outcome: 'created',
    });
    for (const schema of ['pg_one', 'x'.repeat(64)]) {
      const invalid = await failureOf(client.ensureTenant({ ...ACME, schema, check: true }));
      expect(invalid).toMatchObject({ code: 'TENANT_FIELDS_INVALID' });
      expect(Object.keys(invalid.data['errors'] as object)).toEqual(['schema_name']);
    }
  });
});
