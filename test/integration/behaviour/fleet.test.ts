import { describe, expect, test } from 'vitest';

import { editProjectFile } from '../../support/sample-project.ts';
import { conflictingMigrations, failingTenantMigration, withPendingMigration } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';

const TENANTS = 12;
const BROKEN = 'notices.0006_check_notices';
const WITHOUT_DEPENDENCIES = ['--skip', 'backend-dependencies,frontend-dependencies'];

interface TenantData {
  readonly schema: string;
  readonly outcome: string;
}

const tenantsOf = (data: Readonly<Record<string, unknown>>): readonly TenantData[] => data['tenants'] as TenantData[];

const mend = (site: Site): Promise<void> =>
  editProjectFile(site.project, 'backend/notices/migrations/0006_check_notices.py', /raise .*/, 'pass');

const hasMigration = async (site: Site, schema: string): Promise<boolean> => {
  const rows = await site.sql(
    `SELECT 1 FROM "${schema}".django_migrations WHERE app = 'notices' AND name LIKE '0006%'`,
  );
  return rows.length > 0;
};

const addTenant = async (site: Site, name: string): Promise<void> => {
  await site.sql(`CREATE SCHEMA "${name.replaceAll('"', '""')}"`);
  await site.sql(
    `INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ($1, $1, '', now())`,
    [name],
  );
};

describe('a migration that raises for one tenant of twelve', () => {
  const variations = [failingTenantMigration({ schema: 't005' })];

  test('leaves the others migrated and is named; the command that is given repeats it alone', async () => {
    await withSite({ start: TENANTS, variations }, async (site) => {
      const failed = await site.run(WITHOUT_DEPENDENCIES);
      expect(failed.exitCode).toBe(1);
      expect(failed.status('guest-tenant')).toBe('not-attempted');
      const failure = failed.failure('tenant-migrations');
      expect(failure.code).toBe('TENANTS_FAILED');
      expect(failure.message).toContain('1 failed, 0 not attempted, 12 migrated');
      expect(failure.output.join('\n')).toContain(`t005 at ${BROKEN}: this notice board is beyond repair`);
      expect(failure.hint).toContain('devsetup --only-tenants t005');
      const { data } = failed.step('tenant-migrations');
      expect(tenantsOf(data).filter(({ outcome }) => outcome === 'migrated')).toHaveLength(TENANTS);
      expect(await hasMigration(site, 't012')).toBe(true);
      expect(await hasMigration(site, 't005')).toBe(false);

      await mend(site);
      const again = await site.run([...WITHOUT_DEPENDENCIES, '--only-tenants', 't005']);
      expect(again.exitCode).toBe(0);
      expect(tenantsOf(again.step('tenant-migrations').data).map(({ schema }) => schema)).toEqual(['t005']);
      expect(await hasMigration(site, 't005')).toBe(true);
      expect((await site.run(WITHOUT_DEPENDENCIES)).report.outcome).toBe('unchanged');
    });
  });

  test('with --fail-fast the tenants that were not attempted are named, and the command repeats them too', async () => {
    const one = { migrations: { concurrency: 1 } };
    await withSite({ start: TENANTS, variations, config: one }, async (site) => {
      const failed = await site.run([...WITHOUT_DEPENDENCIES, '--fail-fast']);
      expect(failed.exitCode).toBe(1);
      const { output, hint } = failed.failure('tenant-migrations');
      const after = tenantsOf(failed.step('tenant-migrations').data)
        .filter(({ outcome }) => outcome === 'not-attempted')
        .map(({ schema }) => schema);
      expect(after).toEqual(['t006', 't007', 't008', 't009', 't010', 't011', 't012', 'guest']);
      expect(output).toContain(`not attempted: ${after.join(', ')}`);
      expect(hint).toContain(`--only-tenants t005,${after.join(',')}`);

      await mend(site);
      const list = /--only-tenants (\S+)/.exec(hint ?? '')?.[1] ?? '';
      const again = await site.run([...WITHOUT_DEPENDENCIES, '--only-tenants', list]);
      expect(again.exitCode).toBe(0);
      expect(again.step('tenant-migrations').message).toContain('9 tenants migrated');
    });
  });
});

test('--only-tenants migrates those only, says which others are behind, and refuses names that nobody has', async () => {
  await withSite({ start: TENANTS, variations: [withPendingMigration('notices')] }, async (site) => {
    const some = await site.run([...WITHOUT_DEPENDENCIES, '--only-tenants', 't001,t002']);
    expect(some.exitCode).toBe(0);
    expect(some.step('tenant-migrations').message).toContain('2 tenants migrated');
    expect(some.step('tenant-migrations').details.join('\n')).toContain('left out by --only-tenants: t003');
    expect(await hasMigration(site, 't003')).toBe(false);

    const unknown = await site.run([...WITHOUT_DEPENDENCIES, '--only-tenants', 't001,nobody']);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.failure('tenant-migrations').message).toContain('nobody');
    expect(await hasMigration(site, 't003')).toBe(false);
  });
});

test('a tenant row without schema: the schema is created', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.sql(`INSERT INTO customers_library (schema_name, name, contact_email, created_on)
                    VALUES ('lost', 'Lost', '', now())`);
    const run = await site.run(WITHOUT_DEPENDENCIES);
    expect(run.exitCode).toBe(0);
    expect(run.status('tenant-migrations')).toBe('changed');
    expect(await site.sql('SELECT count(*)::int AS members FROM lost.members_member')).toEqual([{ members: 0 }]);
    expect((await site.run(WITHOUT_DEPENDENCIES)).report.outcome).toBe('unchanged');
  });
});

test('a schema without tenant row is named and left alone', async () => {
  await withSite({ start: 'ready', variations: [withPendingMigration('notices')] }, async (site) => {
    await site.sql('CREATE SCHEMA stray');
    await site.sql('CREATE TABLE stray.django_migrations AS TABLE guest.django_migrations');
    const run = await site.run(WITHOUT_DEPENDENCIES);
    expect(run.exitCode).toBe(0);
    expect(run.step('tenant-migrations').details.join('\n')).toContain('stray');
    expect(await hasMigration(site, 'guest')).toBe(true);
    expect(await hasMigration(site, 'stray')).toBe(false);
  });
});

test('names with capitals, spaces and 63 characters are migrated, and survive the command of the hint', async () => {
  const names = ['Acme', 'two words', 'Ünïcode-1', 'x'.repeat(63)];
  await withSite({ start: 'ready', variations: [failingTenantMigration({ schema: 'two words' })] }, async (site) => {
    for (const name of names) await addTenant(site, name);
    const failed = await site.run(WITHOUT_DEPENDENCIES);
    expect(failed.exitCode).toBe(1);
    const { hint } = failed.failure('tenant-migrations');
    expect(hint).toContain(`--only-tenants 'two words'`);
    expect(await hasMigration(site, 'Acme')).toBe(true);

    await mend(site);
    const run = await site.run([...WITHOUT_DEPENDENCIES, '--only-tenants', 'two words']);
    expect(run.exitCode).toBe(0);
    for (const name of names) expect(await hasMigration(site, name)).toBe(true);
    expect((await site.run(WITHOUT_DEPENDENCIES)).report.outcome).toBe('unchanged');
  });
});

test('names with quotes, which the tenant library refuses, are named and harm nobody else', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    for (const name of [`o'clock`, 'say "hi"', 'plain']) await addTenant(site, name);
    const run = await site.run(WITHOUT_DEPENDENCIES);
    expect(run.exitCode).toBe(1);
    const { message, output, hint } = run.failure('tenant-migrations');
    expect(message).toContain('2 failed, 0 not attempted, 1 migrated');
    expect(output).toContain(`failed: o'clock: Invalid string used for the schema name.`);
    expect(output).toContain('failed: say "hi": Invalid string used for the schema name.');
    expect(hint).toContain(String.raw`--only-tenants 'o'\''clock,say "hi"'`);
    expect(await site.sql('SELECT count(*)::int AS members FROM plain.members_member')).toEqual([{ members: 0 }]);
  });
});

test('two leaf migrations are named with the command that merges them, and nothing is migrated', async () => {
  const variations = [withPendingMigration('notices'), withPendingMigration('catalogue'), conflictingMigrations];
  await withSite({ start: 'ready', variations }, async (site) => {
    const run = await site.run(WITHOUT_DEPENDENCIES);
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = run.failure('shared-migrations');
    expect(code).toBe('MIGRATION_CONFLICT');
    expect(message).toContain('catalogue');
    expect(message).toContain('0006_item_shelf');
    expect(hint).toContain('makemigrations --merge catalogue');
    expect(run.status('tenant-migrations')).toBe('not-attempted');
    expect(await hasMigration(site, 'guest')).toBe(false);
  });
});
