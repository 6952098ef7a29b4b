import { rm } from 'node:fs/promises';
import path from 'node:path';

import { appendSettings, editProjectFile, writeProjectFile } from '../../../support/sample-project.ts';
import { conflictingMigrations, plainDjango } from '../../../support/variations.ts';
import type { DoctorSite } from '../support/healthy-site.ts';
import type { Row } from '../support/row.ts';

/** The files of the newest migration of an app are not in this branch. */
const withoutLastNotice = async ({ project }: DoctorSite): Promise<void> => {
  await rm(path.join(project.backend, 'notices/migrations/0005_notices_on_the_board.py'));
  await editProjectFile(project, 'backend/notices/models.py', / {8}indexes = .*\n/, '');
};

/** One more migration, which changes no model. */
const addMigration = async ({ project }: DoctorSite, app: string, name: string, previous: string): Promise<void> => {
  const operation = 'migrations.RunSQL("SELECT 1", migrations.RunSQL.noop)';
  await writeProjectFile(
    project,
    `backend/${app}/migrations/${name}.py`,
    `from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("${app}", "${previous}")]\n    operations = [${operation}]\n`,
  );
};

const PLAIN = { start: 'empty', variations: [plainDjango] } as const;

/** A project without tenants that is set up. */
const afterSetup =
  (breaks: Row['breaks']): Row['breaks'] =>
  async (site) => {
    const run = await site.run();
    if (run.exitCode !== 0) throw new Error(run.stderr);
    return breaks(site);
  };

/** Migrations against models, files and tables. */
export const MIGRATION_ROWS: readonly Row[] = [
  {
    name: 'a field that no migration makes',
    breaks: ({ project }) =>
      editProjectFile(
        project,
        'backend/notices/models.py',
        '    is_pinned',
        '    colour = models.CharField(max_length=9, default="")\n    is_pinned',
      ),
    code: 'model-changes-without-migration',
    severity: 'warning',
    mends: 'cd backend && python manage.py makemigrations notices',
  },
  {
    name: 'a field that no migration makes, without tenants',
    site: PLAIN,
    breaks: afterSetup(({ project }) =>
      editProjectFile(
        project,
        'backend/notices/models.py',
        '    is_pinned',
        '    colour = models.CharField(max_length=9, default="")\n    is_pinned',
      ),
    ),
    code: 'model-changes-without-migration',
    severity: 'warning',
    mends: 'cd backend && python manage.py makemigrations notices',
  },
  {
    name: 'the branch was switched, its migration is applied everywhere',
    breaks: withoutLastNotice,
    code: 'orphaned-migrations',
    severity: 'warning',
    mends: /migrate_schemas --schema=public notices 0004`/,
  },
  {
    name: 'the branch was switched, without tenants',
    site: PLAIN,
    breaks: afterSetup(withoutLastNotice),
    code: 'orphaned-migrations',
    severity: 'warning',
    mends: /manage\.py migrate notices 0004`/,
  },
  {
    name: 'a column is missing in one tenant',
    breaks: async ({ sql }) => {
      await sql('ALTER TABLE guest.fees_fee DROP COLUMN paid_on CASCADE');
    },
    code: 'schema-drift',
    severity: 'error',
    mends: /sqlmigrate/,
  },
  {
    name: 'a table is missing in the public schema',
    breaks: async ({ sql }) => {
      await sql('DROP TABLE public.django_admin_log');
    },
    code: 'schema-drift',
    severity: 'error',
    mends: 'npx devsetup --create-missing-tables',
  },
  {
    name: 'an initial migration was faked onto another table, without tenants',
    site: PLAIN,
    breaks: afterSetup(async ({ sql }) => {
      await sql('ALTER TABLE notices_notice DROP COLUMN title');
    }),
    code: 'schema-drift',
    severity: 'error',
    mends: /sqlmigrate/,
  },
  {
    name: 'two leaves of one app',
    breaks: ({ project }) => conflictingMigrations(project),
    code: 'migration-conflict',
    severity: 'error',
    mends: 'cd backend && python manage.py makemigrations --merge catalogue',
    answers: 'y\\n',
  },
  {
    name: 'the migrations of an app were not committed',
    breaks: ({ project }) => rm(path.join(project.backend, 'workshops/migrations'), { recursive: true }),
    code: 'migrations-not-committed',
    severity: 'error',
    mends: 'cd backend && python manage.py makemigrations workshops',
  },
  {
    name: 'a migration depends on one that is not there',
    breaks: (site) => addMigration(site, 'notices', '0006_lost', '0099_lost'),
    code: 'migrations-broken',
    severity: 'error',
    mends: /git status/,
  },
  {
    name: 'a dependency was added to a migration that is applied',
    breaks: async (site) => {
      await addMigration(site, 'plans', '0005_again', '0004_plan_is_public');
      await addMigration(site, 'plans', '0006_later', '0005_again');
      await site.sql(`INSERT INTO public.django_migrations (app, name, applied) VALUES ('plans', '0006_later', now())`);
    },
    code: 'migration-history',
    severity: 'error',
    mends: /INSERT INTO "public"\.django_migrations \(app, name, applied\) VALUES \('plans', '0005_again', now\(\)\)/,
  },
  {
    name: 'a dependency was added to a migration that is applied in one tenant',
    breaks: async ({ sql }) => {
      await sql(`DELETE FROM guest.django_migrations WHERE app = 'notices' AND name LIKE '0004%'`);
    },
    code: 'migration-history',
    severity: 'error',
    mends: /INSERT INTO "guest"\.django_migrations/,
  },
  {
    name: 'a migration is pending, and the system checks that migrate makes first fail',
    breaks: async (site) => {
      await addMigration(site, 'plans', '0005_again', '0004_plan_is_public');
      await editProjectFile(site.project, 'backend/plans/models.py', 'max_length=', 'max_length=-');
    },
    also: ['model-changes-without-migration'],
    code: 'system-check-failed',
    severity: 'error',
    mends: /names/,
  },
  {
    name: 'MIGRATION_MODULES names a module that does not exist',
    breaks: ({ project }) => appendSettings(project, 'MIGRATION_MODULES = {"notices": "notices.moved"}'),
    code: 'migrations-broken',
    severity: 'error',
    mends: /MIGRATION_MODULES/,
  },
  {
    name: 'two migrations depend on each other',
    breaks: async (site) => {
      await addMigration(site, 'notices', '0006_first', '0007_second');
      await addMigration(site, 'notices', '0007_second', '0006_first');
    },
    code: 'migrations-broken',
    severity: 'error',
    mends: /one of the dependencies/,
  },
  {
    name: 'a file among the migrations has no class Migration',
    breaks: async ({ project }) => {
      await writeProjectFile(project, 'backend/notices/migrations/0006_helpers.py', 'VALUE = 1\n');
    },
    code: 'migrations-broken',
    severity: 'error',
    mends: /class Migration/,
  },
  {
    name: 'a migration of the shared apps is pending',
    breaks: (site) => addMigration(site, 'plans', '0005_again', '0004_plan_is_public'),
    also: ['tenant-migrations-needed'],
    code: 'shared-migrations-needed',
    severity: 'error',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'a migration is pending, without tenants',
    site: PLAIN,
    breaks: afterSetup((site) => addMigration(site, 'plans', '0005_again', '0004_plan_is_public')),
    code: 'shared-migrations-needed',
    severity: 'error',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'one tenant lacks a migration',
    breaks: async ({ sql }) => {
      await sql(`DELETE FROM guest.django_migrations WHERE app = 'notices' AND name LIKE '0005%'`);
      await sql('DROP INDEX guest.notices_on_the_board');
    },
    code: 'tenant-migrations-needed',
    severity: 'error',
    mends: 'npx devsetup',
    fixable: true,
  },
];
