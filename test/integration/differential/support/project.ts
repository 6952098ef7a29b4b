import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { removeFolder } from '../../../support/remove-folder.ts';
import type { History, Migration } from './history.ts';

/** A Django project with one tenant app for each history, written for the comparison. */
export interface DifferentialProject {
  readonly root: string;
  readonly backend: string;
  /** Writes the migrations that are new since the first state. */
  addNewMigrations(): Promise<void>;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export interface ProjectOptions {
  readonly histories: readonly History[];
  /** Appended to the settings; Python. */
  readonly settings?: string;
  /** More files, by path from the backend. */
  readonly files?: Readonly<Record<string, string>>;
}

export const createProject = async ({
  histories,
  settings = '',
  files = {},
}: ProjectOptions): Promise<DifferentialProject> => {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-differential-')));
  const backend = path.join(root, 'backend');
  const write = async (name: string, text: string): Promise<void> => {
    const file = path.join(backend, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const tenantApps = histories.filter(({ isShared }) => isShared !== true);
  const sharedApps = histories.filter(({ isShared }) => isShared === true);
  await write('manage.py', MANAGE);
  await write('config/__init__.py', '');
  await write(
    'config/settings.py',
    `${SETTINGS}
SHARED_APPS = ["django_tenants", "django.contrib.contenttypes", "tenancy"${names(sharedApps)}]
TENANT_APPS = ["django.contrib.contenttypes", "django.contrib.auth"${names(tenantApps)}]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
${settings}
`,
  );
  for (const [name, text] of Object.entries({ ...TENANCY, ...files })) await write(name, text);
  for (const history of histories) {
    await write(`${history.app}/__init__.py`, '');
    await write(`${history.app}/migrations/__init__.py`, '');
    for (const [name, text] of Object.entries(history.files ?? {})) await write(`${history.app}/${name}`, text);
    for (const migration of history.before) await write(fileOf(history, migration), render(history, migration));
  }
  return {
    root,
    backend,
    write,
    addNewMigrations: async () => {
      for (const history of histories)
        for (const migration of [...history.after, lastOf(history)])
          await write(fileOf(history, migration), render(history, migration));
    },
    remove: () => removeFolder(root),
  };
};

const names = (histories: readonly History[]): string => histories.map(({ app }) => `, "${app}"`).join('');

const fileOf = (history: History, migration: Migration): string => `${history.app}/migrations/${migration.name}.py`;

/** Ends each history: records what the session and the process look like by then. */
const lastOf = ({ app, before, after }: History): Migration => ({
  name: '9999_seen',
  dependencies: [[app, (after.at(-1) ?? before.at(-1))?.name ?? '']],
  code: `seen("${app}", schema_editor)`,
});

const render = (history: History, migration: Migration): string => {
  const all = [...history.before, ...history.after];
  const previous = all[all.findIndex(({ name }) => name === migration.name) - 1];
  const dependencies =
    migration.dependencies ?? (previous === undefined ? [] : ([[history.app, previous.name]] as const));
  const own = [...dependencies, ...(migration.also ?? [])].map(([app, name]) => `("${app}", "${name}")`);
  const operations = [
    ...(migration.operations === undefined ? [] : [migration.operations]),
    ...(migration.code === undefined ? [] : ['migrations.RunPython(work, migrations.RunPython.noop)']),
  ];
  const work = `\n\ndef work(apps, schema_editor):\n    connection = schema_editor.connection\n${indent(migration.code ?? 'pass', 4)}\n`;
  return `from django.db import migrations, models

from tenancy.recording import record, seen
${migration.head ?? ''}
${migration.code === undefined ? '' : work}

class Migration(migrations.Migration):
    dependencies = [${own.join(', ')}]
${indent(migration.attributes ?? '', 4)}
    operations = [${operations.join(', ')}]
`;
};

const indent = (text: string, by: number): string => text.trim().replace(/^(?=.)/gm, ' '.repeat(by));

const MANAGE = `#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
`;

const SETTINGS = `import os
from urllib.parse import unquote, urlsplit

_url = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": _url.path[1:],
        "USER": unquote(_url.username),
        "PASSWORD": unquote(_url.password),
        "HOST": _url.hostname,
        "PORT": str(_url.port),
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "of no value outside of this comparison"
USE_TZ = True
TENANT_MODEL = "tenancy.Tenant"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
`;

const TENANCY: Readonly<Record<string, string>> = {
  'tenancy/__init__.py': '',
  'tenancy/migrations/__init__.py': '',
  'tenancy/models.py': `from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Tenant(TenantMixin):
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, default="plain")
    auto_create_schema = True


class Domain(DomainMixin):
    pass
`,
  'tenancy/migrations/0001_initial.py': `import django_tenants.postgresql_backend.base
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(db_index=True, max_length=63, unique=True, validators=[django_tenants.postgresql_backend.base._check_schema_name])),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(default="plain", max_length=20)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(db_index=True, max_length=253, unique=True)),
                ("is_primary", models.BooleanField(db_index=True, default=True)),
                ("tenant", models.ForeignKey(db_index=True, on_delete=models.CASCADE, related_name="domains", to="tenancy.tenant")),
            ],
            options={"abstract": False},
        ),
    ]
`,
  'tenancy/recording.py': `"""What a run did, one JSON document a line: signals, and what migrations see of their session and process."""

import json
import locale
import os
import random

SETTINGS = [
    "search_path", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "role", "session_authorization",
    "timezone", "transaction_isolation", "transaction_read_only", "client_encoding", "client_min_messages",
    "standard_conforming_strings", "synchronous_commit", "row_security", "application_name",
]


def record(kind, schema, **what):
    line = json.dumps({"kind": kind, "schema": schema, **what}) + "\\n"
    file = os.open(os.environ["DIFFERENTIAL_RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    # In one call: other processes write at the same time.
    os.write(file, line.encode("ascii"))
    os.close(file)


def seen(app, schema_editor):
    """The state a migration is applied in."""
    from django.utils import timezone, translation

    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name", [SETTINGS])
        session = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND mode = 'ExclusiveLock'")
        session["exclusive advisory locks"] = cursor.fetchone()[0]
    record(
        "seen",
        connection.schema_name,
        app=app,
        session=session,
        django={
            "atomic": connection.in_atomic_block,
            "autocommit": connection.get_autocommit(),
            "tenant": type(connection.tenant).__name__,
            "public": connection.include_public_schema,
            "language": translation.get_language(),
            "timezone": timezone.get_current_timezone_name(),
            "queries logged": connection.force_debug_cursor,
        },
        process={
            "folder": os.path.basename(os.getcwd()),
            "variable": os.environ.get("SET_BY_A_MIGRATION"),
            "locale": locale.setlocale(locale.LC_ALL),
            "umask": _umask(),
        },
    )
    record("draw", connection.schema_name, app=app, value=random.random())


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def watch_signals():
    from django.db.models.signals import post_migrate, pre_migrate
    from django_tenants import signals

    def migrating(name):
        def receive(sender, using, plan=(), apps=None, verbosity=None, interactive=None, **_rest):
            from django.db import connections

            steps = ["%s%s.%s" % ("-" if back else "", step.app_label, step.name) for step, back in plan or ()]
            models = sorted(model._meta.label_lower for model in apps.get_models() if model._meta.app_label == sender.label)
            # The same for every app: once is enough.
            plan = steps if sender.label == "contenttypes" else len(steps)
            record(name, connections[using].schema_name, app=sender.label, plan=plan, models=models, using=using,
                   verbosity=verbosity, interactive=interactive)
        return receive

    def announcing(name):
        def receive(sender, schema_name=None, tenant=None, message=None, **_rest):
            record(name, schema_name or tenant.schema_name, sender=getattr(sender, "__name__", str(sender)))
        return receive

    pre_migrate.connect(migrating("pre_migrate"), weak=False)
    post_migrate.connect(migrating("post_migrate"), weak=False)
    for name in ("schema_pre_migration", "schema_migrated", "post_schema_sync", "schema_needs_to_be_sync"):
        if hasattr(signals, name):
            getattr(signals, name).connect(announcing(name), weak=False)
`,
  'tenancy/apps.py': `import os
import threading
import time

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self):
        from tenancy.recording import watch_signals

        watch_signals()
        if os.environ.get("DIFFERENTIAL_FRESH"):
            # Such a process is not forked, and its connection is open before devsetup's handlers are there.
            threading.Thread(target=time.sleep, args=[3600], daemon=True).start()
            from django.db import connection

            connection.cursor().execute("SELECT 1")
`,
};
