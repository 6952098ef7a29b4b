import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { editProjectFile, writeProjectFile, type SampleProject, type Variation } from '../../support/sample-project.ts';
import { requiredTenantField, withoutOwnCommands, withPendingMigration } from '../../support/variations.ts';
import { sharedMigrationRunning } from '../faults/support/faults.ts';
import { openSite, withSite } from './support/site.ts';

describe('tables that exist before their initial migration', () => {
  test('are recorded as applied in development, and listed by name', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      await site.sql(`DELETE FROM django_migrations WHERE app = 'sessions'`);
      const run = await site.run();
      expect(run.exitCode).toBe(0);
      const { message, details } = run.step('shared-migrations');
      expect(message).toContain('1 faked');
      expect(details.join('\n')).toContain('sessions.0001_initial');
    });
  });

  test('are not taken for applied where DEBUG is off: the failure of the migration is shown', async () => {
    await withSite({ start: 'ready', env: { DJANGO_DEBUG: '0' } }, async (site) => {
      await site.sql(`DELETE FROM django_migrations WHERE app = 'sessions'`);
      const run = await site.run();
      expect(run.exitCode).toBe(1);
      const { code, message, hint } = run.failure('shared-migrations');
      expect(code).toBe('MIGRATION_FAILED');
      expect(message).toContain('"django_session" already exists');
      expect(hint).toContain('fakeInitial');
    });
  });
});

const addedMigration = async (project: SampleProject): Promise<string> => {
  const names = await readdir(path.join(project.backend, 'plans/migrations'));
  return names.find((name) => name.includes('added')) ?? '';
};

/** Takes an app's migrations away: its author has not committed them. */
const withoutMigrations =
  (app: string): Variation =>
  async (project) => {
    await rm(path.join(project.backend, app, 'migrations'), { recursive: true });
  };

test('an app with models and without migrations is named, with the tenant fields that the next run would ask for; makemigrations is never run', async () => {
  const variations = [withoutMigrations('repairs'), withoutOwnCommands, requiredTenantField];
  await withSite({ variations }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = run.failure('shared-migrations');
    expect(code).toBe('MIGRATIONS_NOT_COMMITTED');
    expect(message).toContain('repairs');
    expect(hint).toContain('makemigrations repairs');
    expect(hint).toMatch(/\nAfter that: .*contact[^]*"super": .*"contact"/);
    expect(existsSync(path.join(site.project.backend, 'repairs/migrations'))).toBe(false);
    expect(await site.sql(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
    // A project whose model is none of the database says so, as the hint does.
    expect(hint).toContain('"doctor": { "skip": { "migrations-not-committed": "why" } }');
    const config = { doctor: { skip: { 'migrations-not-committed': 'the model only describes a query' } } };
    await writeProjectFile(site.project, 'devsetup.config.json', JSON.stringify(config));
    expect((await site.run()).step('shared-migrations').status).toBe('changed');
  });
});

test('a migration that raises is shown with its own words, and a re-run after mending goes on', async () => {
  const broken: Variation = async (project) => {
    await withPendingMigration('plans')(project);
    const file = await addedMigration(project);
    await editProjectFile(
      project,
      `backend/plans/migrations/${file}`,
      'operations = [',
      'operations = [migrations.RunSQL("SELECT nothing_there"), ',
    );
  };
  await withSite({ start: 'ready', variations: [broken] }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    const failure = run.failure('shared-migrations');
    expect(failure.message).toContain('column "nothing_there" does not exist');
    expect(failure.message).toContain('at plans.0005_added_4');
    expect(run.status('super-tenant')).toBe('not-attempted');

    const file = await addedMigration(site.project);
    await editProjectFile(site.project, `backend/plans/migrations/${file}`, 'SELECT nothing_there', 'SELECT 1');
    const again = await site.run();
    expect(again.exitCode).toBe(0);
    expect(again.step('shared-migrations').message).toContain('1 migration applied');
  });
});

const END = `
import os, signal, sys
exec(os.environ["END"])
`;

test('a shared migration that ends the process is named with the way it ended', async () => {
  await withSite({ start: 'ready', variations: [sharedMigrationRunning(END)] }, async (site) => {
    const endings: readonly (readonly [string, RegExp, RegExp])[] = [
      ['sys.exit()', /^migrate_schemas ended with exit code 0 at plans\.9999_interrupted$/, /Fix the migration/],
      [
        'sys.exit("no plan")',
        /at plans\.9999_interrupted: SystemExit: sys\.exit\('no plan'\) was called/,
        /Fix the migration/,
      ],
      ['raise KeyboardInterrupt', /KeyboardInterrupt: raised by the code, without Ctrl-C/, /Fix the migration/],
      ['os.kill(os.getpid(), signal.SIGKILL)', /^migrate_schemas was ended by SIGKILL\.$/, /memory runs out/],
    ];
    for (const [end, message, hint] of endings) {
      const run = await site.run(['--only', 'shared-migrations'], { END: end });
      expect(run.exitCode).toBe(1);
      expect(run.failure('shared-migrations').message).toMatch(message);
      expect(run.failure('shared-migrations').hint).toMatch(hint);
    }
  });
});

test('migrations of a branch that is gone are named, and nothing is undone', async () => {
  const site = await openSite({ start: 'ready', variations: [withoutOwnCommands] });
  try {
    await site.sql(`INSERT INTO django_migrations (app, name, applied) VALUES ('plans', '0009_of_a_branch', now())`);
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(run.step('shared-migrations').details.join('\n')).toContain('plans.0009_of_a_branch');
  } finally {
    await site.remove();
  }
});

test('a migration that takes an app in without a database table of its own is applied once', async () => {
  const empty: Variation = (project) =>
    writeProjectFile(
      project,
      'backend/plans/migrations/0005_nothing.py',
      'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("plans", "0004_plan_is_public")]\n    operations = []\n',
    ).then(() => undefined);
  await withSite({ start: 'ready', variations: [empty] }, async (site) => {
    expect((await site.run()).step('shared-migrations').message).toContain('1 migration applied');
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});
