import { history, item, sql, type History } from './history.ts';

const model = (app: string): string => `Item = apps.get_model("${app}", "Item")`;
const wide = (app: string) => [
  item(app),
  { name: '0002_part', operations: 'migrations.AddField("item", "weight", models.IntegerField(null=True))' },
];
const WIDE_MODEL = `migrations.CreateModel("Item", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=50)),
  ("size", models.IntegerField(null=True)), ("weight", models.IntegerField(null=True))])`;

/** What a migration changes in its process, and nothing may be left of in the next tenant. */
const leftBehind = (kind: string, code: string, head = ''): History =>
  history(`${kind} is left behind`, () => [{ code, head }]);

/** An app whose module is imported at start-up, before the first tenant. */
const READY = (app: string, module: string): string => `from django.apps import AppConfig


class Config(AppConfig):
    name = "${app}"

    def ready(self):
        import ${app}.${module}
`;

const CHANGES: readonly History[] = [
  history('a column with a default', () => [
    { operations: 'migrations.AddField("item", "colour", models.CharField(max_length=9, default="red"))' },
  ]),
  history('a column that is filled and then required', (app) => [
    { operations: 'migrations.AddField("item", "code", models.IntegerField(null=True))' },
    { code: `${model(app)}\nfor row in Item.objects.order_by("id"):\n    row.code = row.id * 7\n    row.save()` },
    { operations: 'migrations.AlterField("item", "code", models.IntegerField(unique=True))' },
  ]),
  history('a renamed column', () => [{ operations: 'migrations.RenameField("item", "size", "width")' }]),
  history('a renamed model', () => [{ operations: 'migrations.RenameModel("Item", "Thing")' }]),
  history('a deleted model', () => [{ operations: 'migrations.DeleteModel("Item")' }]),
  history('a renamed table', (app) => [{ operations: `migrations.AlterModelTable("item", "${app}_elsewhere")` }]),
  history('a many to many field', () => [
    { operations: 'migrations.AddField("item", "others", models.ManyToManyField("self"))' },
  ]),
  history('a key to another app', (app) => [
    {
      operations:
        'migrations.AddField("item", "kind", models.ForeignKey("contenttypes.ContentType", models.CASCADE, null=True))',
      also: [['contenttypes', '0002_remove_content_type_name']],
      code: `${model(app)}\nItem.objects.update(size=1)`,
    },
  ]),
  history('constraints and an index', () => [
    {
      operations: `migrations.AddIndex("item", models.Index(fields=["name"], name="constraints_name")),
        migrations.AddConstraint("item", models.UniqueConstraint(fields=["name"], name="constraints_unique", condition=models.Q(size__gt=0))),
        migrations.AlterUniqueTogether("item", {("name", "size")})`,
    },
  ]),
  history('state and database apart', (app) => [
    {
      operations: `migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddField("item", "mark", models.IntegerField(null=True))],
        database_operations=[${sql(`ALTER TABLE ${app}_item ADD COLUMN mark integer`)}])`,
    },
    { code: `${model(app)}\nItem.objects.update(mark=2)` },
  ]),
  history('a data migration that may be elided', (app) => [
    { operations: `migrations.RunSQL("UPDATE ${app}_item SET size = 9", elidable=True)` },
  ]),
  history('a router that leaves an operation out', (app) => [
    {
      operations: `migrations.RunSQL("UPDATE ${app}_item SET size = 9", hints={"left_out": True}), migrations.RunSQL("UPDATE ${app}_item SET size = size + 1")`,
    },
  ]),
  history('a manager used in migrations', (app) => [
    {
      operations: 'migrations.AlterModelManagers("item", [("named", models.Manager())])',
    },
    { code: `apps.get_model("${app}", "Item").named.update(size=8)` },
  ]),
];

const SQL: readonly History[] = [
  history('an index made concurrently', () => [
    {
      attributes: 'atomic = False',
      head: 'from django.contrib.postgres.operations import AddIndexConcurrently',
      operations: 'AddIndexConcurrently("item", models.Index(fields=["name"], name="concurrently_name"))',
    },
  ]),
  history('a comment that names a concurrent index', (app) => [
    { operations: sql(`-- instead of CREATE INDEX CONCURRENTLY\nUPDATE ${app}_item SET size = 3`) },
    { operations: sql(`/* CREATE INDEX /* nested */ CONCURRENTLY */ UPDATE ${app}_item SET size = size + 1`) },
  ]),
  history('a string that names a concurrent index', (app) => [
    { operations: sql(`UPDATE ${app}_item SET name = 'DROP INDEX CONCURRENTLY'; UPDATE ${app}_item SET size = 4`) },
    { operations: sql(`UPDATE ${app}_item SET name = $q$REINDEX TABLE CONCURRENTLY$q$ || id`) },
  ]),
  history('a concurrent index in plain SQL', (app) => [
    { attributes: 'atomic = False', operations: sql(`CREATE INDEX CONCURRENTLY plain_sql_name ON ${app}_item (name)`) },
    { operations: sql(`UPDATE ${app}_item SET size = 5`) },
  ]),
  history('statements with and without parameters', (app) => [
    {
      operations: `migrations.RunSQL([("UPDATE ${app}_item SET name = %s WHERE id = %s", ["50 %", 1]), "UPDATE ${app}_item SET name = '%d %% of it' WHERE id = 2"])`,
    },
  ]),
  history('a function and a trigger', (app) => [
    {
      operations:
        sql(`CREATE FUNCTION count_size() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.size := length(NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER sized BEFORE INSERT OR UPDATE ON ${app}_item FOR EACH ROW EXECUTE FUNCTION count_size()`),
    },
    { code: `${model(app)}\nItem.objects.create(name="triggered")` },
  ]),
  history('a type a view and a sequence', (app) => [
    {
      operations:
        sql(`CREATE TYPE mood AS ENUM ('fine', 'tired'); CREATE SEQUENCE tickets START 5; ALTER TABLE ${app}_item
        ADD COLUMN mood mood DEFAULT 'fine', ADD COLUMN ticket integer DEFAULT nextval('tickets'); CREATE VIEW fine AS
        SELECT name FROM ${app}_item WHERE mood = 'fine'; CREATE MATERIALIZED VIEW sizes AS SELECT sum(size) FROM ${app}_item`),
    },
  ]),
  history('rows that agree with a constraint at commit only', (app) => [
    {
      operations: `migrations.CreateModel("Part", [("id", models.BigAutoField(primary_key=True)), ("item", models.ForeignKey("${app}.item", models.CASCADE))])`,
    },
    {
      code: `apps.get_model("${app}", "Part").objects.create(item_id=50)\n${model(app)}\nItem.objects.create(id=50, name="late")`,
    },
  ]),
  history('a temporary table', (app) => [
    {
      code: `cursor = connection.cursor()\ncursor.execute("CREATE TEMPORARY TABLE scratch AS SELECT id FROM ${app}_item")`,
    },
    { operations: sql(`UPDATE ${app}_item SET size = (SELECT count(*) FROM pg_temp.scratch)`) },
  ]),
  history('an extension that is there', (app) => [
    { operations: sql('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public') },
    { operations: sql(`UPDATE ${app}_item SET size = round(10 * public.similarity(name, 'first'))`) },
  ]),
];

const GRAPHS: readonly History[] = [
  history(
    'a squash whose parts are applied',
    (app) => [
      {
        name: '0001_squashed_0002',
        dependencies: [],
        attributes: `initial = True\nreplaces = [("${app}", "0001_initial"), ("${app}", "0002_part")]`,
        operations: WIDE_MODEL,
      },
      { name: '0003_more', code: `${model(app)}\nItem.objects.update(weight=3)` },
    ],
    { before: wide },
  ),
  history('a squash of which a part is applied', (app) => [
    { ...wide(app)[1] },
    {
      name: '0001_squashed_0002',
      dependencies: [],
      attributes: `initial = True\nreplaces = [("${app}", "0001_initial"), ("${app}", "0002_part")]`,
      operations: WIDE_MODEL,
    },
    { name: '0003_more', code: `${model(app)}\nItem.objects.update(weight=3)` },
  ]),
  history(
    'a squash of which nothing is applied',
    (app) => [
      ...wide(app),
      {
        name: '0001_squashed_0002',
        dependencies: [],
        attributes: `initial = True\nreplaces = [("${app}", "0001_initial"), ("${app}", "0002_part")]`,
        operations: WIDE_MODEL,
      },
      { name: '0003_more', code: `${model(app)}\nItem.objects.create(name="new", weight=3)` },
    ],
    { before: () => [] },
  ),
  history('two branches and their merge', (app) => [
    { name: '0002_left', operations: 'migrations.AddField("item", "left", models.IntegerField(null=True))' },
    {
      name: '0002_right',
      dependencies: [[app, '0001_initial']],
      operations: 'migrations.AddField("item", "right", models.IntegerField(null=True))',
    },
    {
      name: '0003_merge',
      dependencies: [
        [app, '0002_left'],
        [app, '0002_right'],
      ],
      code: `${model(app)}\nItem.objects.update(left=1, right=2)`,
    },
  ]),
  history('a migration that runs before one of another app', (app) => [
    {
      attributes: 'run_before = [("a_renamed_column", "0002_step")]',
      code: `${model(app)}\nItem.objects.update(size=1)`,
    },
  ]),
  history('the first and the latest of another app', (app) => [
    {
      also: [
        ['a_deleted_model', '__first__'],
        ['auth', '__latest__'],
      ],
      code: `${model(app)}\nItem.objects.update(size=2)`,
    },
  ]),
  history('an app that is new', (app) => [item(app)], { before: () => [] }),
  history(
    'a shared app that is recorded in every schema',
    (app) => [
      { code: `${model(app)}\nItem.objects.update(size=6) if connection.schema_name == "public" else None` },
      { operations: 'migrations.AddField("item", "colour", models.CharField(max_length=9, default="red"))' },
    ],
    { isShared: true },
  ),
];

const PROCESSES: readonly History[] = [
  history('code that is not atomic', (app) => [
    {
      attributes: 'atomic = False',
      head: 'from django.db import transaction',
      code: `${model(app)}\nItem.objects.create(name="outside")\nwith transaction.atomic():\n    Item.objects.create(name="inside")`,
    },
  ]),
  history('work after the commit', (app) => [
    {
      head: 'from django.db import transaction',
      code: `schema = connection.schema_name\ntransaction.on_commit(lambda: record("committed", schema, app="${app}"))`,
    },
  ]),
  history('the public schema for a moment', (app) => [
    {
      head: 'from django_tenants.utils import schema_context',
      code: `with schema_context("public"):\n    with connection.cursor() as cursor:\n        cursor.execute("SELECT count(*) FROM tenancy_tenant")\n        count = cursor.fetchone()[0]\n${model(app)}\nItem.objects.update(size=count)`,
    },
  ]),
  history('a fixture', (app) => [
    {
      head: 'import json, os, tempfile',
      code: `from django.core.management import call_command
with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "groups.json")
    with open(name, "w") as file:
        json.dump([{"model": "auth.group", "pk": 1, "fields": {"name": "librarians", "permissions": []}}], file)
    call_command("loaddata", name, verbosity=0)
${model(app)}
Item.objects.update(size=1)`,
      also: [['auth', '0012_alter_user_first_name_max_length']],
    },
  ]),
  history('a model class of the project', (app) => [
    {
      also: [['auth', '0012_alter_user_first_name_max_length']],
      code: `from django.contrib.auth.models import Group\nGroup.objects.create(name="made by ${app}")`,
    },
  ]),
  history('rows read from a server side cursor', (app) => [
    {
      code: `${model(app)}\nItem.objects.bulk_create([Item(name=str(n)) for n in range(300)])\nfor row in Item.objects.order_by("id").iterator(chunk_size=50):\n    Item.objects.filter(id=row.id).update(size=row.id % 7)`,
    },
  ]),
  history('a thread of its own', (app) => [
    {
      head: 'import threading',
      code: `schema = connection.schema_name\nthread = threading.Thread(target=lambda: record("thread", schema, app="${app}"))\nthread.start()\nthread.join()`,
    },
  ]),
  history('asyncio with a thread pool', (app) => [
    {
      head: 'import asyncio\n\nfrom asgiref.sync import sync_to_async',
      code: `schema = connection.schema_name\nwork = sync_to_async(lambda: record("pool", schema, app="${app}"), thread_sensitive=False)\nasyncio.run(work())`,
    },
  ]),
  history('a pool that is never shut down', (app) => [
    {
      head: 'from concurrent.futures import ThreadPoolExecutor\n\nPOOL = ThreadPoolExecutor(2)',
      code: `schema = connection.schema_name\nPOOL.submit(record, "pool", schema, app="${app}").result()`,
    },
  ]),
  history('lines that are printed', () => [
    {
      head: 'import sys',
      code: `print("printed to stdout in", connection.schema_name)\nprint("printed to stderr in", connection.schema_name, file=sys.stderr)`,
    },
  ]),
  history('another program', (app) => [
    {
      head: 'import subprocess, sys',
      code: `out = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True).stdout\nrecord("program", connection.schema_name, app="${app}", out=out)`,
    },
  ]),
  history('a process of multiprocessing', (app) => [
    {
      head: 'import multiprocessing',
      code: `context = multiprocessing.get_context("fork")\nprocess = context.Process(target=record, args=("process", connection.schema_name), kwargs={"app": "${app}"})\nprocess.start()\nprocess.join()`,
    },
  ]),
  history('work at exit', (app) => [
    {
      head: 'import atexit',
      code: `atexit.register(record, "exit", connection.schema_name, app="${app}")`,
    },
  ]),
  history('a log that is written at the end', (app) => [
    {
      head: `import logging, logging.handlers


class Recording(logging.Handler):
    def emit(self, message):
        record("log", message.args[0], app="${app}")`,
      code: `handler = logging.handlers.MemoryHandler(100, target=Recording())\nlog = logging.getLogger("${app}")\nlog.propagate = False\nlog.addHandler(handler)\nlog.warning("%s", connection.schema_name)`,
    },
  ]),
  history(
    'a generator made at import',
    (app) => [
      {
        code: `from ${app}.codes import CODES\nrecord("draw", connection.schema_name, app="${app}", value=CODES.random())`,
      },
    ],
    { files: (app) => ({ 'codes.py': 'import random\n\nCODES = random.Random()\n', 'apps.py': READY(app, 'codes') }) },
  ),
  history(
    'a generator with a seed made at import',
    (app) => [
      {
        code: `from ${app}.codes import CODES\nrecord("seeded", connection.schema_name, app="${app}", value=CODES.random())`,
      },
    ],
    {
      files: (app) => ({ 'codes.py': 'import random\n\nCODES = random.Random(42)\n', 'apps.py': READY(app, 'codes') }),
    },
  ),
  history(
    'a counter in a module',
    (app) => [
      {
        code: `from ${app} import counter\ncounter.COUNT += 1\nrecord("count", connection.schema_name, app="${app}", value=counter.COUNT)`,
      },
    ],
    { files: (app) => ({ 'counter.py': 'COUNT = 0\n', 'apps.py': READY(app, 'counter') }) },
  ),
  history(
    'a receiver that writes rows',
    () => [{ operations: 'migrations.AddField("item", "colour", models.CharField(max_length=9, default="red"))' }],
    {
      files: (app) => ({
        'apps.py': `from django.apps import AppConfig
from django.db.models.signals import post_migrate


def seed(sender, using, apps, **_rest):
    apps.get_model("${app}", "Item").objects.using(using).get_or_create(name="seeded")


class Config(AppConfig):
    name = "${app}"

    def ready(self):
        post_migrate.connect(seed, sender=self)
`,
      }),
    },
  ),
];

const LEFT_BEHIND: readonly History[] = [
  leftBehind('a lock limit', 'connection.cursor().execute("SET lock_timeout = 1234567")'),
  leftBehind('a limit of this transaction', 'connection.cursor().execute("SET LOCAL statement_timeout = 7654321")'),
  leftBehind(
    'a role',
    'connection.cursor().execute("SET ROLE pg_monitor; RESET ROLE; SET statement_timeout = 3600000")',
  ),
  leftBehind('a session lock', 'connection.cursor().execute("SELECT pg_advisory_lock(hashtext(current_schema()))")'),
  leftBehind('a time zone', 'connection.cursor().execute("SET TIME ZONE \'Asia/Tokyo\'")'),
  leftBehind('a variable', 'os.environ["SET_BY_A_MIGRATION"] = connection.schema_name', 'import os'),
  leftBehind('a language', 'translation.activate("de")', 'from django.utils import translation'),
  leftBehind('a folder', 'os.chdir("/")', 'import os'),
  leftBehind('a mask for files', 'os.umask(0o077)', 'import os'),
  leftBehind('a seed', 'random.seed(7)', 'import random'),
];

/** Histories that are applied in every tenant. What a row leaves behind in its session or process, the rows after it see. */
export const HISTORIES: readonly History[] = [...CHANGES, ...SQL, ...GRAPHS, ...PROCESSES, ...LEFT_BEHIND];

/** For the row about a router. */
export const ROUTER = `
class LeavesOut:
    def allow_migrate(self, db, app_label, **hints):
        return False if hints.get("left_out") else None
`;
