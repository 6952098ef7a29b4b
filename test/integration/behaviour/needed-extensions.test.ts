import { randomBytes } from 'node:crypto';

import { expect, test } from 'vitest';

import { adminUrl, query } from '../../support/postgres.ts';
import { appendSettings, editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { withSite } from './support/site.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const MIGRATION = 'backend/notices/migrations/0006_needs_extensions.py';

/** Fields, an index and a constraint that need extensions, in an app of the tenants; no migration creates one. */
const needsExtensions: Variation = async (project) => {
  await writeProjectFile(
    project,
    MIGRATION,
    `from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import HStoreField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
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
                ("copies", models.IntegerField(default=1)),
                ("secret", models.TextField()),
                ("number", models.UUIDField()),
            ],
        ),
        migrations.AddIndex("leaflet", GinIndex(fields=["sender"], name="by_sender", opclasses=["gin_trgm_ops"])),
        migrations.AddIndex("leaflet", GinIndex(fields=["copies"], name="by_copies")),
        migrations.RunSQL("ALTER TABLE notices_leaflet ALTER COLUMN secret SET DEFAULT gen_salt('bf')", ""),
        migrations.RunSQL("ALTER TABLE notices_leaflet ALTER COLUMN number SET DEFAULT uuid_generate_v4()", ""),
        migrations.AddConstraint(
            "leaflet", ExclusionConstraint(name="one_id", expressions=[("id", RangeOperators.EQUAL)])
        ),
        migrations.DeleteModel("Leaflet"),
    ]
`,
  );
};

const NEEDED = ['btree_gin', 'btree_gist', 'citext', 'hstore', 'pg_trgm', 'pgcrypto', 'uuid-ossp'];

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
    for (const name of NEEDED) await site.sql(`CREATE EXTENSION "${name}" SCHEMA apart`);
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

const FIELD = `        migrations.AddField("notice", "details", HStoreField(null=True)),
        migrations.RemoveField("notice", "details"),
`;

/** A pending migration that needs hstore; `before` is what else it does, `head` what stands above it. */
const needsHstore =
  (before: string, head = ''): Variation =>
  async (project) => {
    await writeProjectFile(
      project,
      MIGRATION,
      `from django.contrib.postgres.fields import HStoreField
from django.db import migrations

${head}

class Migration(migrations.Migration):
    dependencies = [("notices", "0005_notices_on_the_board")]
    operations = [
${before}${FIELD}    ]
`,
    );
  };

/** Creates hstore; what it runs is in another module, so that the migration does not tell. */
const helper =
  (name: string): Variation =>
  async (project) => {
    await writeProjectFile(
      project,
      `backend/notices/${name}.py`,
      `def prepare(database):
    database.execute("CREATE EXTENSION IF NOT EXISTS hstore")
`,
    );
  };

const HELPER = helper('prepare');

const receiverIn =
  (body: string): Variation =>
  async (project) => {
    await HELPER(project);
    await appendSettings(project, 'INSTALLED_APPS = [*INSTALLED_APPS, "preparing"]');
    await writeProjectFile(project, 'backend/preparing/__init__.py', '');
    await writeProjectFile(
      project,
      'backend/preparing/apps.py',
      `from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import pre_migrate


def prepare_database(**kwargs):
    ${body}


class Preparing(AppConfig):
    name = "preparing"

    def ready(self):
        pre_migrate.connect(prepare_database)
`,
    );
  };

const OPERATION = `from django.db.migrations.operations.base import Operation


class Prepare(Operation):
    reversible = True

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        BODY

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass
`;

const elsewhere = 'from notices.prepare import prepare; prepare(schema_editor.connection.cursor())';

interface Creator {
  readonly name: string;
  readonly variations: readonly Variation[];
  readonly steps?: readonly object[];
  /** What the warning names; null: it is written in the code that it creates extensions. */
  readonly warned: RegExp | null;
}

const CREATORS: readonly Creator[] = [
  {
    name: 'an operation of the project whose code does not tell',
    variations: [HELPER, needsHstore('        Prepare(),\n', OPERATION.replace('BODY', elsewhere))],
    warned: /operation Prepare of notices\.0006_needs_extensions may/,
  },
  {
    name: 'an operation of the project that creates what it is given',
    variations: [
      needsHstore(
        '        Prepare(),\n',
        OPERATION.replace('BODY', 'schema_editor.execute("CREATE EXTENSION %s" % "hstore")'),
      ),
    ],
    warned: null,
  },
  {
    name: 'a function of a migration that calls another',
    variations: [
      // Of the name of a module that runs no SQL.
      helper('json'),
      needsHstore(
        '        migrations.RunPython(fill, migrations.RunPython.noop),\n',
        'def fill(apps, schema_editor):\n    from ..json import prepare\n    prepare(schema_editor)\n',
      ),
    ],
    warned: /function fill of notices\.0006_needs_extensions may/,
  },
  {
    name: 'a receiver of pre_migrate that calls another function',
    variations: [needsHstore(''), receiverIn('from notices.prepare import prepare; prepare(connection.cursor())')],
    warned: /receiver preparing\.apps\.prepare_database of pre_migrate may/,
  },
  {
    name: 'a receiver of pre_migrate that creates it',
    variations: [needsHstore(''), receiverIn('connection.cursor().execute("CREATE EXTENSION IF NOT EXISTS hstore")')],
    warned: null,
  },
  {
    name: 'a step of the project',
    variations: [HELPER, needsHstore('')],
    steps: [
      {
        id: 'prepare',
        after: 'database',
        manage: [
          'shell',
          '-c',
          'from django.db import connection; from notices.prepare import prepare; prepare(connection.cursor())',
        ],
      },
    ],
    warned: /the step prepare of devsetup\.config\.json may/,
  },
];

test.each(sampleOf(CREATORS, 3))(
  'where devsetup may create nothing, an extension is left to what may create it: $name',
  async ({ variations, steps = [], warned }) => {
    const config = { database: { create: false }, steps };
    await withSite({ variations: [plainDjango, ...variations], config }, async (site) => {
      const run = await site.run();
      expect(run.exitCode, run.stdout).toBe(0);
      const { warnings } = run.step('database');
      if (warned === null) expect(warnings).toEqual([]);
      else {
        expect(warnings.join()).toContain('needs the extension hstore');
        expect(warnings.join()).toContain('CREATE EXTENSION IF NOT EXISTS "hstore"');
        expect(warnings.join()).toMatch(warned);
      }
    });
  },
);

test('a step of the project that comes after the migrations creates no extension for them', async () => {
  const steps = [{ id: 'seed', after: 'superuser', command: ['true'] }];
  const config = { database: { create: false }, steps };
  await withSite({ variations: [plainDjango, needsHstore('')], config }, async (site) => {
    expect((await site.run()).failure('database').code).toBe('DATABASE_OBJECT_MISSING');
  });
});

test('a role that may not create an extension is named with the statement, which is enough', async () => {
  await withSite({ variations: [plainDjango, needsHstore('')] }, async (site) => {
    const role = `web_${randomBytes(6).toString('hex')}`;
    await query(adminUrl(), `CREATE ROLE ${role} LOGIN PASSWORD 'horse'`);
    await site.sql(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
    const url = new URL(site.database.url);
    url.username = role;
    url.password = 'horse';
    const env = { DATABASE_URL: url.href };
    try {
      const { code, message, hint } = (await site.run([], env)).failure('database');
      expect(code).toBe('DATABASE_OBJECT_MISSING');
      expect(message).toContain(`devsetup does not create it: role ${role} may not create it.`);
      await site.sql(/CREATE .*;$/.exec(hint ?? '')?.[0] ?? '');
      const again = await site.run([], env);
      expect(again.exitCode, again.stdout).toBe(0);
    } finally {
      await site.sql(`DROP OWNED BY ${role} CASCADE`);
      await query(adminUrl(), `DROP ROLE ${role}`);
    }
  });
});
