import { expect, test } from 'vitest';

import { editProjectFile, writeProjectFile } from '../../support/sample-project.ts';
import { contentsOf } from '../../support/schema-contents.ts';
import { withNoneInSettings, withoutOwnCommands, withPendingMigration } from '../../support/variations.ts';
import { withSite } from './support/site.ts';
import { commandIn, typeCommand } from './support/type-command.ts';

const forget = (schema: string, name: string): string =>
  `DELETE FROM ${schema}.django_migrations WHERE app = 'notices' AND name LIKE '${name}%'`;

test('records that contradict the code block the shared step in a preview as in a run, and the printed statement is the way out', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.sql(forget('public', '0004'));
    for (const args of [['--dry-run'], []]) {
      const run = await site.run(args);
      expect(run.exitCode).toBe(1);
      expect(run.failure('shared-migrations').code).toBe('MIGRATION_HISTORY');
    }
    const { hint } = (await site.run()).failure('shared-migrations');
    const statement = /INSERT INTO [^;]*;/.exec(hint ?? '')?.[0] ?? '';
    const before = await contentsOf(site.sql, 'guest');
    await site.sql(statement);
    expect(await contentsOf(site.sql, 'guest')).toEqual(before);
    expect((await site.run()).exitCode).toBe(0);
  });
});

test('a tenant that Django refuses to migrate is named, while the others are migrated', async () => {
  await withSite({ start: 1 }, async (site) => {
    await site.sql(forget('guest', '0004'));
    const alone = await site.run(['--dry-run']);
    expect(alone.failure('tenant-migrations')).toMatchObject({
      code: 'MIGRATION_HISTORY',
      message: expect.stringContaining('in schema guest') as string,
    });
    await withPendingMigration('notices')(site.project);
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    expect(run.failure('tenant-migrations').hint).toContain('devsetup doctor --only migration-history');
    expect(run.failure('tenant-migrations').output.join('\n')).toContain('failed: guest');
    expect(run.step('tenant-migrations').data['tenants']).toEqual(
      expect.arrayContaining([expect.objectContaining({ schema: 't001', outcome: 'migrated' })]),
    );
    await site.sql(/INSERT INTO [^;]*;/.exec(alone.failure('tenant-migrations').hint ?? '')?.[0] ?? '');
    expect((await site.run()).exitCode).toBe(0);
  });
});

test('system checks that would stop migrate are found before anything is created', async () => {
  await withSite({}, async (site) => {
    const length = "int(__import__('os').environ.get('PLAN_NAME_LENGTH', '-1')) or ";
    await editProjectFile(site.project, 'backend/plans/models.py', 'max_length=', `max_length=${length}`);
    await writeProjectFile(site.project, '.env.example', 'PLAN_NAME_LENGTH=60\n');
    for (const args of [['--dry-run'], []]) {
      const run = await site.run(args);
      expect(run.exitCode).toBe(1);
      expect(run.failure('shared-migrations')).toMatchObject({
        code: 'SYSTEM_CHECK_FAILED',
        message: expect.stringContaining('fields.E121') as string,
      });
    }
    const { hint } = (await site.run()).failure('shared-migrations');
    expect(hint).toContain(
      'PLAN_NAME_LENGTH, which is not set. Copy .env.example, which has a value for each of them: `cp .env.example .env`',
    );
    await expect(typeCommand(site, commandIn(hint, /python manage\.py check/))).rejects.toThrow('fields.E121');
    expect(await site.sql(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  });
});

test('a system check that raises because a variable is not set names the variable, its line and the setting', async () => {
  await withSite({ variations: [withNoneInSettings] }, async (site) => {
    const { code, message, hint } = (await site.run(['--dry-run'])).failure('shared-migrations');
    expect(code).toBe('SYSTEM_CHECK_FAILED');
    expect(message).toMatch(
      /TypeError: .* \(CSRF_TRUSTED_ORIGINS holds None, because FRONT_URL is not set \(backend\/[\w/]+\.py:\d+\)\)$/,
    );
    expect(hint).toMatch(/^Set the variable, or write a value into the settings\./);
    expect(hint).toContain('The settings look up FRONT_URL, which is not set. Set it, for example in ');
  });
});

test('a tenant whose table no migration has created is refused with what creates it', async () => {
  await withSite({ variations: [withoutOwnCommands] }, async (site) => {
    const run = await site.run(['--only', 'super-tenant']);
    expect(run.exitCode).toBe(1);
    expect(run.failure('super-tenant')).toMatchObject({
      code: 'TENANT_TABLE_MISSING',
      hint: expect.stringContaining('run devsetup without --only') as string,
    });
  });
});
