import { expect, test } from 'vitest';

import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { contentsOf } from '../../support/schema-contents.ts';
import { plainDjango, withPendingMigration } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';
import { commandIn as printedIn, typeCommand } from './support/type-command.ts';

/** The words of the command that a hint offers, to be typed as they stand. */
const commandIn = (hint: string | null): readonly string[] => {
  const words = /: npx devsetup (--create-missing-tables.*)$/m.exec(hint ?? '')?.[1];
  if (words === undefined) throw new Error(`no command in: ${hint}`);
  return words.split(' ');
};

/** Users and what belongs to them move from SHARED_APPS into both lists: recorded in every tenant, and there without tables. */
const moveUsers = ({ project }: Site): Promise<void> =>
  appendSettings(
    project,
    'TENANT_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "plans", "accounts", "django.contrib.admin"] + TENANT_APPS',
  );

const VACUUM = `from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notices", "0005_notices_on_the_board")]
    operations = [migrations.RunSQL("VACUUM notices_notice", migrations.RunSQL.noop)]
`;

test('an app moved into both lists is not "nothing to do"; the offered command creates its tables in the sick schema only', async () => {
  await withSite({ start: 1 }, async (site) => {
    await moveUsers(site);
    const found = await site.run();
    expect(found.exitCode).toBe(1);
    const { code, message, hint } = found.failure('tenant-migrations');
    expect(code).toBe('SCHEMA_DRIFT');
    expect(message).toMatch(/^\d+ tables of .*accounts.* do not exist in schemas /);
    expect(commandIn(hint)).toEqual(['--create-missing-tables', '--only-tenants', expect.stringContaining('guest')]);
    const note =
      /tenants used the tables of .*accounts.* in schema public before .* copy what each tenant needs.* Foreign keys/;
    expect(hint).toMatch(note);

    const healed = await site.run(['--create-missing-tables', '--only-tenants', 't001']);
    expect(healed.status('tenant-migrations'), healed.stdout).toBe('changed');
    await site.sql(`INSERT INTO t001.auth_group (name) VALUES ('kept')`);

    const [healthy, shared, sick] = await Promise.all(
      ['t001', 'public', 'guest'].map((schema) => contentsOf(site.sql, schema)),
    );
    const again = await site.run();
    expect(again.failure('tenant-migrations').message).toMatch(/ do not exist in schema guest, /);
    const command = commandIn(again.failure('tenant-migrations').hint);
    const preview = await site.run([...command, '--dry-run']);
    expect(preview.status('tenant-migrations')).toBe('would-change');
    expect(preview.step('tenant-migrations').actions.join('\n')).toContain('accounts_user');
    expect(await contentsOf(site.sql, 'guest')).toEqual(sick);

    const done = await site.run(command);
    expect(done.exitCode, done.stdout).toBe(0);
    expect(done.step('tenant-migrations').warnings.join()).toMatch(note);
    expect(await contentsOf(site.sql, 't001')).toEqual(healthy);
    expect(await contentsOf(site.sql, 'public')).toEqual(shared);
    const after = await contentsOf(site.sql, 'guest');
    expect(Object.keys(after).length - Object.keys(sick ?? {}).length).toBeGreaterThanOrEqual(7);
    expect(after).toMatchObject(sick ?? {});
    expect((await site.run(['--force'])).exitCode).toBe(0);
  });
});

test('tenants without missing tables are migrated before the step fails for the one that lacks some', async () => {
  await withSite({ start: 1 }, async (site) => {
    await site.sql('DROP TABLE guest.fees_fee CASCADE');
    await withPendingMigration('notices')(site.project);
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    const { code, message } = run.failure('tenant-migrations');
    expect([code, message]).toEqual([
      'SCHEMA_DRIFT',
      'The table fees_fee of fees does not exist in schema guest, although the migrations that create it are recorded as applied.',
    ]);
    expect(run.step('tenant-migrations').data).toMatchObject({
      tenants: [{ outcome: 'migrated' }, { outcome: 'migrated' }],
    });
    expect((await site.run(commandIn(run.failure('tenant-migrations').hint))).exitCode).toBe(0);
  });
});

test('a missing table of the shared schema, or of a project without tenants, blocks its step and is created on request', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.sql('DROP TABLE public.django_admin_log');
    const run = await site.run(['--force']);
    expect(run.failure('shared-migrations')).toMatchObject({ code: 'SCHEMA_DRIFT' });
    expect((await site.run(commandIn(run.failure('shared-migrations').hint))).exitCode).toBe(0);
  });
  await withSite({ variations: [plainDjango] }, async (site) => {
    expect((await site.run()).exitCode).toBe(0);
    await site.sql('DROP TABLE notices_notice');
    const run = await site.run(['--force']);
    expect(run.failure('shared-migrations').message).toContain('notices_notice');
    expect((await site.run(commandIn(run.failure('shared-migrations').hint))).exitCode).toBe(0);

    await writeProjectFile(site.project, 'backend/notices/migrations/0006_vacuum.py', VACUUM);
    expect((await site.run()).exitCode).toBe(0);
    await site.sql('DROP TABLE notices_notice');
    const refused = (await site.run(['--create-missing-tables'])).failure('shared-migrations');
    expect(refused.code).toBe('TABLES_NOT_CREATED');
    expect(refused.message).toContain('notices.0006_vacuum is not atomic');
    expect(await typeCommand(site, printedIn(refused.hint, /prints its statements/))).toContain(
      'VACUUM notices_notice',
    );
    expect(await site.sql(`SELECT 1 FROM pg_tables WHERE tablename = 'notices_notice'`)).toEqual([]);
  });
});

test('tables that the configuration declares missing on purpose are not reported', async () => {
  await withSite(
    { start: 'ready', config: { doctor: { skip: { 'schema-drift': 'another service has it' } } } },
    async (site) => {
      await site.sql('DROP TABLE guest.fees_fee CASCADE');
      expect((await site.run()).exitCode).toBe(0);
    },
  );
});
