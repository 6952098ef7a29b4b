import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { needsLinux } from '../../support/needs.ts';
import { DJANGO_52 } from '../../support/venv.ts';
import { GENERATIONS, migrateTenants, migration, startShared } from './support/tenant-site.ts';

type Row = readonly [name: string, code: string, seen: unknown];

/** `see(…)` notes what the test compares, for the schema that is migrated. */
const HEAD = `
import asyncio, atexit, concurrent.futures, json, logging, math, multiprocessing, os, random, sys, tempfile, threading, time
from django.db import connections, transaction
from asgiref.sync import sync_to_async
import shop_codes

FILE = open('kept', 'a')
schema = None

def see(value):
    with open('seen', 'a') as file:
        file.write(json.dumps([schema, value]) + '\\n')

def limit():
    with connection.cursor() as cursor:
        cursor.execute('SHOW lock_timeout')
        return cursor.fetchone()[0]

def run(*statements):
    for sql in statements:
        with connection.cursor() as cursor:
            cursor.execute(sql)

def ask():
    with connection.cursor() as cursor:
        cursor.execute('SELECT 1')
        return cursor.fetchone()[0]

def square(number):
    return number * number
`;

/** A migration that is not atomic and does in each schema what its row says. */
const act = (rows: readonly Row[]): string => {
  const functions = rows
    .map(([name, code]) => `def act_${name}():\n${code.trim().replace(/^(?=.)/gm, '    ')}\n`)
    .join('\n');
  const choose = `
def act(apps, schema_editor):
    global schema
    schema = connection.schema_name
    if schema != 'public':
        see(['code', shop_codes.DRAWN.random(), shop_codes.CHOSEN.random(), shop_codes.BY_TIME.random(), random.random()])
        globals()['act_' + schema]()
`;
  const operation = 'migrations.RunPython(act)';
  return migration("('crm', '0002_city')", operation, `${HEAD}\n${functions}\n${choose}`, 'atomic = False');
};

const COMPANY = `
from django.db import models
class Company(models.Model):
    name = models.CharField(max_length=99)
    city = models.CharField(max_length=50, default='')
`;

/** Generators that are created while Django starts. */
const CODES = `
import random, time
DRAWN = random.Random()
CHOSEN = random.Random(42)
BY_TIME = random.Random(time.time())
random.seed(7)
`;

/** Each is a tenant; all are migrated by one request. */
const ENDINGS: readonly Row[] = [
  ['asyncio', 'async def work():\n    return await sync_to_async(ask)()\nsee(asyncio.run(work()))', 1],
  ['executor', 'pool = concurrent.futures.ThreadPoolExecutor(2)\npool.submit(see, "late")', 'late'],
  ['exits', 'atexit.register(see, "exit handler")', 'exit handler'],
  [
    'spawned',
    `
with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
    see(pool.submit(math.sqrt, 49).result())`,
    7,
  ],
  ['file', 'FILE.write("written by " + schema)\nsee("file")', 'file'],
  ['leaves', 'see("leaves")\natexit.register(os._exit, 0)', 'leaves'],
  [
    'behind',
    'child = os.fork()\nif child == 0:\n    time.sleep(86400)\n    os._exit(0)\nsee(child)',
    expect.any(Number),
  ],
  ['thread', 'threading.Thread(target=lambda: see("thread")).start()', 'thread'],
  ['daemon', 'threading.Thread(target=threading.Event().wait, daemon=True).start()\nsee("daemon")', 'daemon'],
  [
    'processes',
    'pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork"))\nsee(pool.submit(square, 7).result())',
    49,
  ],
  ['child', 'multiprocessing.get_context("fork").Process(target=see, args=["child"]).start()', 'child'],
  [
    'logging',
    `
class Late(logging.Handler):
    def close(self):
        see('closed')
        super().close()
logging.getLogger('crm').addHandler(Late())`,
    'closed',
  ],
  ['folder', 'global kept\nkept = tempfile.TemporaryDirectory()\nsee(kept.name)', expect.any(String)],
];

const REFUSED = 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block';

const LOCKS: readonly Row[] = [
  [
    'comment',
    `
with transaction.atomic():
    run('ALTER TABLE crm_company ADD COLUMN a integer -- CREATE INDEX CONCURRENTLY comes later')
run("COMMENT ON TABLE crm_company IS 'DROP INDEX CONCURRENTLY i'")
see(limit())`,
    '7s',
  ],
  [
    'inside',
    `
try:
    with transaction.atomic():
        run('CREATE INDEX CONCURRENTLY i ON crm_company (city)')
except Exception as error:
    see(str(error).strip())
run('BEGIN')
try:
    run('CREATE INDEX CONCURRENTLY i ON crm_company (city)')
except Exception as error:
    see(str(error).strip())
run('ROLLBACK')
see(limit())`,
    [REFUSED, REFUSED, '7s'],
  ],
  [
    'indexes',
    `
def asking(execute, sql, params, many, context):
    if 'INDEX' in sql:
        with connection.connection.cursor() as cursor:
            cursor.execute('SHOW lock_timeout')
            see(cursor.fetchone()[0])
    return execute(sql, params, many, context)
with connection.execute_wrapper(asking):
    run('CREATE INDEX CONCURRENTLY i ON crm_company (city)')
see(limit())`,
    ['0', '7s'],
  ],
  [
    'lost',
    `
def end(execute, sql, params, many, context):
    if 'INDEX' in sql:
        connection.connection.cursor().execute('SELECT pg_terminate_backend(pg_backend_pid())')
    return execute(sql, params, many, context)
try:
    with connection.execute_wrapper(end):
        run('CREATE INDEX CONCURRENTLY i ON crm_company (city)')
except Exception as error:
    # psycopg 2 reads no more than the end of the connection.
    see('terminating connection' in str(error) or 'server closed the connection' in str(error))
connection.close()
see(limit())`,
    [true, '7s'],
  ],
  [
    'failing',
    `
try:
    run('CREATE INDEX CONCURRENTLY i ON crm_company (nowhere)')
except Exception as error:
    see(type(error).__name__)
see(limit())`,
    ['ProgrammingError', '7s'],
  ],
  ['own', `run("SET lock_timeout = '3s'", 'CREATE INDEX CONCURRENTLY i ON crm_company (city)')\nsee(limit())`, '3s'],
];

/** Code of the project that opens connections, sets values on them and starts threads. */
const APPS = `
import threading
from django.apps import AppConfig
from django.db import connection, connections
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

def connected(connection, **rest):
    with connection.cursor() as cursor:
        cursor.execute('SHOW lock_timeout')
        connection.found = cursor.fetchone()[0]
        cursor.execute("SET lock_timeout = '1h'")

def work():
    with connection.cursor() as cursor:
        cursor.execute('SELECT 1')
    threading.Event().wait()

def start(**rest):
    threading.Thread(target=work, daemon=True).start()

class CrmConfig(AppConfig):
    name = 'crm'

    def ready(self):
        connection_created.connect(connected)
        pre_migrate.connect(start, sender=self)
        for alias in ('default', 'reports'):
            with connections[alias].cursor() as cursor:
                cursor.execute('SELECT 1')
`;
const TWO_DATABASES = "DATABASES['reports'] = {**DATABASES['default'], 'ENGINE': 'django.db.backends.postgresql'}";

/** A thread that Python knows nothing of. */
const NATIVE_THREAD = `
import ctypes
libc = ctypes.CDLL(None)
libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, ctypes.cast(libc.pause, ctypes.c_void_p), None)
`;

const HELD = `
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    see(cursor.fetchone()[0])
with connections['reports'].cursor() as cursor:
    cursor.execute('SHOW lock_timeout')
    see(cursor.fetchone()[0])
see(limit())
see(connection.found)
see(os.getpid())`;

const LOCK: readonly [number, number] = [4711, 3];

const read = async (directory: string): Promise<Record<string, unknown[]>> => {
  const lines = (await readFile(path.join(directory, 'seen'), 'utf8')).trim().split('\n');
  const seen: Record<string, unknown[]> = {};
  for (const line of lines) {
    const [schema, value] = JSON.parse(line) as [string, unknown];
    (seen[schema] ??= []).push(value);
  }
  return seen;
};

/** The oldest and the newest: they differ in how Python ends and in the driver. */
const ENDS = GENERATIONS.filter((_, index) => index === 0 || index === GENERATIONS.length - 1);

const isCode = (value: unknown): value is ['code', number, number, number, number] =>
  Array.isArray(value) && value[0] === 'code';

describe.each(ENDS)('tenants in processes of their own, on %s', (_title, requirements) => {
  test('end as Python ends, keep the limit for locks and draw numbers of their own', async () => {
    const rows = [...ENDINGS, ...LOCKS];
    const names = rows.map(([name]) => name);
    const files = {
      'crm/apps.py': APPS,
      'crm/models.py': COMPANY,
      'shop_codes.py': CODES,
      'crm/migrations/0003_act.py': act(rows),
    };
    const settings = `import shop_codes\n${TWO_DATABASES}`;
    const site = { files, settings, lockTimeoutMilliseconds: 7_000 };
    const { client, project } = await startShared(site, requirements, ...names);
    expect(client.description.mode).toBe('fork');
    const { results, output } = await migrateTenants(client, names);
    const seen = await read(project.directory);
    process.kill(Number(seen['behind']?.at(-1)), 'SIGKILL');
    expect(results.map(({ schema, outcome, error }) => [schema, error?.message ?? outcome])).toEqual(
      names.map((name) => [name, 'migrated']),
    );
    expect(output).not.toContain('Traceback');
    for (const [name, , expected] of rows) {
      const values = seen[name]?.filter((value) => !isCode(value));
      expect([name, values]).toEqual([name, Array.isArray(expected) ? expected : [expected]]);
    }
    expect(await readFile(path.join(project.directory, 'kept'), 'utf8')).toBe('written by file');
    expect(existsSync(String(seen['folder']?.at(-1)))).toBe(false);
    const codes = Object.values(seen).flatMap((all) => all.filter(isCode));
    expect(new Set(codes.map(([, drawn]) => drawn)).size).toBe(names.length);
    expect(new Set(codes.map(([, , , byTime]) => byTime)).size).toBe(names.length);
    expect(new Set(codes.map(([, , chosen, , module]) => `${chosen} ${module}`)).size).toBe(1);
  });

  test('have fresh processes where a native thread runs, each with the limit and the lock', needsLinux, async () => {
    const names = ['one', 'two', 'three'];
    const files = {
      'crm/apps.py': APPS,
      'crm/models.py': COMPANY,
      'shop_codes.py': CODES,
      'crm/migrations/0003_act.py': act(names.map((name) => [name, HELD, undefined])),
    };
    const site = { files, settings: `${TWO_DATABASES}\n${NATIVE_THREAD}`, lockTimeoutMilliseconds: 7_000 };
    const { client, project } = await startShared(site, requirements, ...names);
    expect(client.description.mode).toBe('fresh');
    const { results } = await migrateTenants(client, names, { workerLock: LOCK });
    expect(results.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(names.map(() => 'migrated'));
    const seen = await read(project.directory);
    const values = names.map((name) => seen[name]?.filter((value) => !isCode(value)));
    expect(values.map((all) => all?.slice(0, 4))).toEqual(names.map(() => [1, '7s', '7s', '7s']));
    expect(new Set(values.map((all) => all?.at(-1))).size).toBe(names.length);
  });
});

test('generators of numpy draw numbers of their own, and no pool of connections is opened', async () => {
  const names = ['one', 'two', 'three'];
  const codes = `
import numpy
numpy.random.seed(7)
MANY = numpy.random.default_rng([1, 2])
DRAWN = numpy.random.default_rng()
CHOSEN = numpy.random.default_rng(42)
`;
  const work = `
see(shop_codes.DRAWN.random())
see([shop_codes.CHOSEN.random(), shop_codes.numpy.random.random()])
see([threading.active_count(), limit()])
run("SET lock_timeout = '3s'")`;
  const files = {
    'shop_codes.py': codes,
    'crm/migrations/0003_act.py': migration(
      "('crm', '0002_city')",
      'migrations.RunPython(act)',
      `${HEAD}
def act(apps, schema_editor):
    global schema
    schema = connection.schema_name
    if schema != 'public':
${work.trim().replace(/^/gm, '        ')}
`,
    ),
  };
  const settings = `import shop_codes\nDATABASES['default']['OPTIONS'] = {'pool': True}`;
  const requirements = [...DJANGO_52, 'psycopg-pool==3.2.6', 'numpy==2.2.6'];
  const { client, project } = await startShared(
    { files, settings, lockTimeoutMilliseconds: 7_000 },
    requirements,
    ...names,
  );
  expect(client.description.mode).toBe('fork');
  const { results } = await migrateTenants(client, names, { workerLock: LOCK, alone: true });
  expect(results.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(names.map(() => 'migrated'));
  const seen = Object.values(await read(project.directory)) as unknown[][];
  expect(seen.map(([, , session]) => session)).toEqual(names.map(() => [1, '7s']));
  expect(new Set(seen.map(([, chosen]) => `${chosen}`)).size).toBe(1);
  expect(new Set(seen.map(([drawn]) => drawn)).size).toBe(names.length);
});

test('a thread that a migration module starts runs in every process that migrates, as without devsetup', async () => {
  const names = ['one', 'two'];
  const module = `${HEAD}
threading.Thread(target=threading.Event().wait, daemon=True).start()

def act(apps, schema_editor):
    global schema
    schema = connection.schema_name
    see(threading.active_count())
`;
  const files = {
    'shop_codes.py': '',
    'crm/migrations/0003_act.py': migration("('crm', '0002_city')", 'migrations.RunPython(act)', module),
  };
  const { client, project } = await startShared({ files }, DJANGO_52, ...names);
  expect(client.description.mode).toBe('fork');
  const { results } = await migrateTenants(client, names);
  expect(results.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(names.map(() => 'migrated'));
  expect(await read(project.directory)).toEqual({ one: [2], two: [2] });
});
