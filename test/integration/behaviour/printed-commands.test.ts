import { expect, test } from 'vitest';

import { contentsOf } from '../../support/schema-contents.ts';
import { conflictingMigrations, plainDjango } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';
import { commandIn, typeCommand } from './support/type-command.ts';

/** A schema of this name is one word of a command only between quotes. */
const SICK = 'north wing';

/** `guest` under another name: the sick one. t001 stays healthy. */
const renameGuest = async ({ sql }: Site): Promise<void> => {
  await sql(`ALTER SCHEMA guest RENAME TO "${SICK}"`);
  await sql(`UPDATE customers_library SET schema_name = $1 WHERE schema_name = 'guest'`, [SICK]);
};

const OPTIONS = { start: 1, config: { tenants: { guest: false } } } as const;

/** Tables and rows of the schemas that no command may change. */
const healthyOf = async ({ sql }: Site): Promise<unknown> => [
  await contentsOf(sql, 't001'),
  await contentsOf(sql, 'public'),
];

test('the commands printed for a migration whose work is done but not recorded fix one tenant and change no other', async () => {
  await withSite(OPTIONS, async (site) => {
    await renameGuest(site);
    const before = await contentsOf(site.sql, SICK);
    const healthy = await healthyOf(site);
    await site.sql(`DELETE FROM "${SICK}".django_migrations WHERE app = 'notices' AND name LIKE '0005%'`);

    const { code, hint } = (await site.run()).failure('tenant-migrations');
    expect(code).toBe('TENANTS_FAILED');
    const shown = await typeCommand(site, commandIn(hint, /^Compare /));
    expect(shown).toContain('CREATE INDEX "notices_on_the_board"');
    await typeCommand(site, commandIn(hint, /^Once all of it is there/));
    await typeCommand(site, commandIn(hint, /^Fix the cause/));
    expect(Object.keys(await contentsOf(site.sql, SICK))).toEqual(Object.keys(before));
    expect(await site.sql(`SELECT count(*)::int AS n FROM "${SICK}".django_migrations`)).toEqual([
      { n: before['django_migrations']?.rows.length },
    ]);
    expect(await healthyOf(site)).toEqual(healthy);
    expect((await site.run()).exitCode).toBe(0);
  });
});

test.each([
  ['with tenants', { start: 'ready' }],
  ['without tenants', { variations: [plainDjango] }],
] as const)(
  'the commands printed for a migration of the shared schema whose work is done but not recorded fix it: %s',
  async (_, options) => {
    await withSite(options, async (site) => {
      const hasTenants = 'start' in options;
      if (!hasTenants) expect((await site.run()).exitCode).toBe(0);
      const schema = hasTenants ? 'guest' : 'public';
      await site.sql(`DELETE FROM public.django_migrations WHERE app = 'plans' AND name LIKE '0004%'`);
      const { django_migrations: _records, ...before } = await contentsOf(site.sql, schema);
      const { code, hint } = (await site.run()).failure('shared-migrations');
      expect(code).toBe('MIGRATION_FAILED');
      expect(await typeCommand(site, commandIn(hint, /^Compare /))).toContain('ADD COLUMN "is_public"');
      await typeCommand(site, commandIn(hint, /^Once all of it is there/));
      expect(await contentsOf(site.sql, schema)).toMatchObject(before);
      expect((await site.run()).exitCode).toBe(0);
    });
  },
);

test('the statement printed for a contradictory history records one row in the sick tenant and nothing elsewhere', async () => {
  await withSite(OPTIONS, async (site) => {
    await renameGuest(site);
    const [before, healthy] = [await contentsOf(site.sql, SICK), await healthyOf(site)];
    await site.sql(`DELETE FROM "${SICK}".django_migrations WHERE app = 'notices' AND name LIKE '0003%'`);
    const { code, hint } = (await site.run()).failure('tenant-migrations');
    expect(code).toBe('MIGRATION_HISTORY');
    expect(await typeCommand(site, commandIn(hint, /^Otherwise compare /))).toContain('ALTER TABLE');
    expect(hint).toContain('Schema t001 has both migrations');
    await site.sql(/INSERT INTO .*?;/.exec(hint ?? '')?.[0] ?? '');
    const { django_migrations: records, ...tables } = before;
    const after = await contentsOf(site.sql, SICK);
    expect(after).toMatchObject(tables);
    expect(after['django_migrations']?.rows).toHaveLength(records?.rows.length ?? 0);
    expect(await healthyOf(site)).toEqual(healthy);
    expect((await site.run()).exitCode).toBe(0);
  });
});

test('the command printed for conflicting migrations merges them', async () => {
  await withSite({ start: 'ready', variations: [conflictingMigrations] }, async (site) => {
    const { code, hint } = (await site.run()).failure('shared-migrations');
    expect(code).toBe('MIGRATION_CONFLICT');
    // It asks before it writes the merge.
    await typeCommand(site, `echo y | (${commandIn(hint, /^Merge them/)})`);
    expect((await site.run()).exitCode).toBe(0);
  });
});
