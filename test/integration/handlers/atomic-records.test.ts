import { describe, expect, test } from 'vitest';

import type { DjangoClient } from '../../../src/django/companion-client.ts';
import { createModel, GENERATIONS, migration, sql, startShared, type startSite } from './support/tenant-site.ts';

const NOTE = createModel('Note', "('company', models.ForeignKey('crm.company', on_delete=models.deletion.CASCADE))");
const AFTER_CITY = "('crm', '0002_city')";
const site = (operations: string, body = ''): Parameters<typeof startSite>[0] => ({
  shared: ['django_tenants', 'customers', 'django.contrib.contenttypes', 'django.contrib.auth', 'crm'],
  files: { 'crm/migrations/0003_note.py': migration(AFTER_CITY, operations, '', body) },
});

/** The table of records refuses this migration, coming or going. */
const refuse = async (name: string): Promise<void> => {
  await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF coalesce(NEW.name, OLD.name) = '${name}' THEN RAISE 'not recorded'; END IF;
      RETURN coalesce(NEW, OLD);
    END $$`);
  await sql(
    'CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON django_migrations FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
};

const migrate = async (client: DjangoClient, target: string): Promise<{ exitCode: number; output: string }> => {
  let output = '';
  const request = { command: 'migrate_schemas', args: ['--shared', 'crm', target, '-v', '1'] };
  const { exitCode } = await client.run(request, { onOutput: (chunk) => void (output += chunk) });
  return { exitCode, output };
};

const isThere = async (table: string): Promise<boolean> =>
  (await sql('SELECT to_regclass($1) AS found', [table]))[0]?.['found'] !== null;

const recorded = async (schema: string, name: string): Promise<number> =>
  (await sql(`SELECT 1 FROM ${schema}.django_migrations WHERE app = 'crm' AND name = $1`, [name])).length;

describe.each(GENERATIONS)('a migration with a foreign key and its record, with %s', (_, requirements) => {
  test('are one transaction: without the record nothing of the migration stays', async () => {
    const { client } = await startShared(site(NOTE), requirements);
    expect(await migrate(client, '0002')).toMatchObject({ exitCode: 0 });
    await refuse('0003_note');
    const { exitCode, output } = await migrate(client, '0003');
    expect(exitCode).toBe(1);
    expect(output).toContain('not recorded');
    expect(output).not.toContain('0003_note... OK');
    expect(await isThere('crm_note')).toBe(false);
  });

  test('go in one transaction: without the removal of the record the tables stay', async () => {
    const { client } = await startShared(site(NOTE), requirements);
    await refuse('0003_note');
    expect(await migrate(client, '0002')).toMatchObject({ exitCode: 1 });
    expect(await isThere('crm_note')).toBe(true);
    await sql('DROP TRIGGER refuse ON django_migrations');
    expect(await migrate(client, '0002')).toMatchObject({ exitCode: 0 });
    expect(await isThere('crm_note')).toBe(false);
    expect(await recorded('public', '0003_note')).toBe(0);
  });

  test('with SQL that changes the search path for its transaction: recorded where Django records it', async () => {
    const path =
      "migrations.RunSQL(['CREATE SCHEMA other', 'CREATE TABLE other.django_migrations (LIKE public.django_migrations INCLUDING ALL)', 'SET LOCAL search_path = other, public'], '')";
    await startShared(site(`${NOTE}, ${path}`), requirements);
    expect(await recorded('public', '0003_note')).toBe(1);
    expect(await recorded('other', '0003_note')).toBe(0);
  });

  test('where the migration is not atomic: what was done stays, as with Django alone', async () => {
    const { client } = await startShared(site(NOTE, 'atomic = False'), requirements);
    await migrate(client, '0002');
    await refuse('0003_note');
    expect(await migrate(client, '0003')).toMatchObject({ exitCode: 1 });
    expect(await isThere('crm_note')).toBe(true);
  });
});
