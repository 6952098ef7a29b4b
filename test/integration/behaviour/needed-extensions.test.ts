import { expect, test } from 'vitest';

import { appendSettings, editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

const MIGRATION = 'backend/notices/migrations/0006_needs_extensions.py';

/** Fields, an index and a constraint that need extensions, in an app of the tenants; no migration creates one. */
const needsExtensions: Variation = async (project) => {
  await writeProjectFile(
    project,
    MIGRATION,
    `from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import HStoreField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models


class CiText(models.TextField):
    def db_type(self, connection):
        return "citext"


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_notices_on_the_board")]
    operations = [
        migrations.CreateModel(
            "Leaflet",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sender", CiText()),
                ("details", HStoreField(default=dict)),
            ],
        ),
        migrations.AddIndex("leaflet", GinIndex(fields=["sender"], name="by_sender", opclasses=["gin_trgm_ops"])),
        migrations.AddConstraint(
            "leaflet", ExclusionConstraint(name="one_id", expressions=[("id", RangeOperators.EQUAL)])
        ),
        migrations.DeleteModel("Leaflet"),
    ]
`,
  );
};

const NEEDED = ['btree_gist', 'citext', 'hstore', 'pg_trgm'];

const installed = `SELECT extname, nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
  WHERE extname <> 'plpgsql' ORDER BY 1`;

const among = (schema: string) => NEEDED.map((extname) => ({ extname, nspname: schema }));

test('extensions that migrations need and none creates are created in development, where tenants find them', async () => {
  const extra: Variation = (project) => appendSettings(project, 'PG_EXTRA_SEARCH_PATHS = ["extensions"]');
  await withSite({ variations: [needsExtensions, extra] }, async (site) => {
    const run = await site.run();
    expect(run.exitCode, run.stdout).toBe(0);
    expect(await site.sql(installed)).toEqual(among('extensions'));
    expect((await site.run(['--force'])).status('database')).toBe('unchanged');
  });
});

test('where devsetup may create nothing it prints the statements, and they are enough', async () => {
  await withSite(
    { variations: [plainDjango, needsExtensions], config: { database: { create: false } } },
    async (site) => {
      const { code, message, hint } = (await site.run()).failure('database');
      expect(code).toBe('DATABASE_OBJECT_MISSING');
      expect(message).toContain('Migration notices.0006_needs_extensions needs the extensions ');
      expect(await site.sql(installed)).toEqual([]);
      await site.sql(/CREATE .*;$/.exec(hint ?? '')?.[0] ?? '');
      const again = await site.run();
      expect(again.exitCode, again.stdout).toBe(0);
    },
  );
});

test('an extension in a schema that tenants do not search is reported with the setting that makes it found', async () => {
  await withSite({ variations: [needsExtensions] }, async (site) => {
    await site.sql('CREATE SCHEMA apart');
    for (const name of NEEDED) await site.sql(`CREATE EXTENSION ${name} SCHEMA apart`);
    const { message, hint } = (await site.run()).failure('database');
    expect(message).toContain('is installed in schema apart');
    await appendSettings(site.project, /PG_EXTRA_SEARCH_PATHS = .*/.exec(hint ?? '')?.[0] ?? '');
    const again = await site.run();
    expect(again.exitCode, again.stdout).toBe(0);
  });
});

test('a migration that creates its extension itself, in SQL or in a function, is left to do so', async () => {
  const creates: Variation = async (project) => {
    await writeProjectFile(
      project,
      MIGRATION,
      `from django.contrib.postgres.fields import HStoreField
from django.db import migrations


def create(apps, schema_editor):
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS hstore")


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_notices_on_the_board")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE slip (sender citext); DROP TABLE slip", ""),
        migrations.AddField("notice", "details", HStoreField(null=True)),
        migrations.RemoveField("notice", "details"),
    ]
`,
    );
  };
  await withSite({ variations: [plainDjango, creates], config: { database: { create: false } } }, async (site) => {
    const run = await site.run();
    expect(run.exitCode, run.stdout).toBe(0);
  });
});

test('an extension that the server does not have is reported before anything is migrated', async () => {
  const vectors: Variation = async (project) => {
    await needsExtensions(project);
    await editProjectFile(project, MIGRATION, 'return "citext"', 'return "vector(3)"');
  };
  await withSite({ variations: [plainDjango, vectors] }, async (site) => {
    const { code, message, hint } = (await site.run()).failure('database');
    expect(code).toBe('DATABASE_OBJECT_MISSING');
    expect(message).toContain('needs the extension vector, and the server does not have it');
    expect(hint).toContain('Install the package that contains vector');
    expect(await site.sql(`SELECT 1 FROM pg_tables WHERE tablename = 'django_migrations'`)).toEqual([]);
  });
});
