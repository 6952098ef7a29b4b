import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import {
  appendSettings,
  editProjectFile,
  SAMPLE,
  writeProjectFile,
  type SampleProject,
  type Variation,
} from './sample-project.ts';

export type OwnCommand = 'create_super_tenant' | 'create_guest_tenant';

const commandFile = (command: OwnCommand): string => `backend/customers/management/commands/${command}.py`;

const BODY = /^ {4}def handle\(.*\):\n/m;

/** Puts code (unindented) at the start of what a command does. */
const beginCommand = async (project: SampleProject, command: OwnCommand, code: string): Promise<void> => {
  const text = await readFile(path.join(project.root, commandFile(command)), 'utf8');
  const head = BODY.exec(text)?.[0] ?? '';
  const indented = code.trim().replace(/^(?=.)/gm, ' '.repeat(8));
  await editProjectFile(project, commandFile(command), BODY, `${head}${indented}\n`);
};

/** `create_super_tenant` knows no --no-input, and does not ask. */
export const withoutNoInputOption: Variation = async (project) => {
  const file = commandFile('create_super_tenant');
  await editProjectFile(project, file, / {8}parser\.add_argument\(\n.*--noinput[^]*?\n {8}\)\n/, '');
  await editProjectFile(project, file, ', interactive, **options', ', **options');
  await editProjectFile(project, file, / {8}if interactive:\n.*\n/, '');
};

/** django-tenants, and no commands that create a tenant. */
export const withoutOwnCommands: Variation = (project) =>
  rm(path.join(project.backend, 'customers/management'), { recursive: true });

/** No django-tenants: the plain engine, and all apps in one schema. */
export const plainDjango: Variation = async (project) => {
  await rm(path.join(project.backend, 'customers'), { recursive: true });
  await appendSettings(
    project,
    `
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ("django_tenants", "customers")]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("django_tenants.")]
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASE_ROUTERS = []
del SHARED_APPS, TENANT_APPS, TENANT_MODEL, TENANT_DOMAIN_MODEL, PUBLIC_SCHEMA_URLCONF
`,
  );
  const requirements = path.join(project.backend, 'requirements.txt');
  const lines = await readFile(requirements, 'utf8').catch(() => undefined); // Not there without \`dependencies\`.
  if (lines === undefined) return;
  await writeProjectFile(project, 'backend/requirements.txt', lines.replace(/^django-tenants==.*\n/m, ''));
};

const BROKEN_SETTINGS = {
  syntax: 'ALLOWED_HOSTS = [',
  'import-error': 'from config.environment import cache_from_environment',
  'missing-package': 'import a_package_nobody_installed',
  raises:
    'from django.core.exceptions import ImproperlyConfigured\nraise ImproperlyConfigured("MEDIA_ROOT is not a folder")',
} as const;

/** Settings that cannot be loaded; `app` breaks in the models of an app instead. */
export const brokenSettings =
  (kind: keyof typeof BROKEN_SETTINGS | 'app'): Variation =>
  (project) =>
    kind === 'app'
      ? editProjectFile(project, 'backend/notices/models.py', /^/, 'from members.models import Guest\n')
      : appendSettings(project, BROKEN_SETTINGS[kind]);

export const MISSING_VARIABLES = ['PAYMENT_KEY', 'MAIL_HOST', 'STORAGE_BUCKET'] as const;

const READ_VARIABLE = {
  os: (name: string): string => `os.environ["${name}"]`,
  environ: (name: string): string => `__import__("environ").Env()("${name}")`,
  decouple: (name: string): string => `__import__("decouple").config("${name}")`,
} as const;

/** Settings that need three variables nobody set, the last one only if the others are there; .env.example lists them. */
export const missingEnv =
  (library: keyof typeof READ_VARIABLE = 'os'): Variation =>
  async (project) => {
    await appendSettings(
      project,
      MISSING_VARIABLES.map((name) => `${name} = ${READ_VARIABLE[library](name)}`).join('\n'),
    );
    await editProjectFile(project, '.env.example', /$/, MISSING_VARIABLES.map((name) => `${name}=\n`).join(''));
  };

/** `[None]` in a setting whose system check expects texts. */
export const withNoneInSettings: Variation = (project) =>
  appendSettings(project, 'import os\nFRONT = os.getenv("FRONT_URL")\nCSRF_TRUSTED_ORIGINS = [FRONT]');

/** A second leaf in `catalogue`. */
export const conflictingMigrations: Variation = async (project) => {
  await writeProjectFile(
    project,
    'backend/catalogue/migrations/0006_item_shelf.py',
    migration('catalogue', '0005_item_condition', createTable('Shelf')),
  );
};

/** A new migration in `notices` that raises in the named schema only. */
export const failingTenantMigration =
  ({ schema }: { schema: string }): Variation =>
  (project) =>
    addRunPython(
      project,
      'notices',
      'check_notices',
      `if schema_editor.connection.schema_name == ${JSON.stringify(schema)}:\n    raise ValueError("this notice board is beyond repair")`,
    );

/** One more migration for an app, which creates a table; may be applied several times. */
export const withPendingMigration =
  (app: string): Variation =>
  async (project) => {
    const { number } = await leafMigration(project, app);
    await addMigration(project, app, `added_${number}`, createTable(`Added${number}`));
  };

/** The command asks a question whatever its options. */
export const askingCommand =
  (command: OwnCommand = 'create_super_tenant'): Variation =>
  (project) =>
    beginCommand(project, command, 'input("Really? ")');

/** The command prints this many megabytes of lines first. */
export const noisyCommand =
  (megabytes: number, command: OwnCommand = 'create_super_tenant'): Variation =>
  (project) =>
    beginCommand(project, command, `for _ in range(${megabytes}):\n    self.stdout.write(("x" * 63 + "\\n") * 16384)`);

/** The command prints bytes that are not UTF-8 first. */
export const invalidUtf8 =
  (command: OwnCommand = 'create_super_tenant'): Variation =>
  (project) =>
    beginCommand(
      project,
      command,
      'import sys\nsys.stdout.buffer.write(b"caf\\xe9 \\xff\\xfe\\n")\nsys.stdout.buffer.flush()',
    );

/** The command fails, as a project's own command does. */
export const failingCommand =
  (command: OwnCommand = 'create_super_tenant'): Variation =>
  (project) =>
    beginCommand(
      project,
      command,
      'from django.core.management.base import CommandError\nraise CommandError("no plan to give")',
    );

/** `create_super_tenant` also makes these tenants (a number: t001, t002 …) with schemas in which nothing is migrated. */
export const extraTenants =
  (names: number | readonly string[], { schemas = true } = {}): Variation =>
  (project) => {
    const list =
      typeof names === 'number'
        ? Array.from({ length: names }, (_, index) => `t${String(index + 1).padStart(3, '0')}`)
        : names;
    const create = schemas ? '\n        connection.cursor().execute("CREATE SCHEMA " + quoted)' : '';
    return beginCommand(
      project,
      'create_super_tenant',
      `
from django.db import connection
for schema in ${JSON.stringify(list)}:
    quoted = '"' + schema.replace('"', '""') + '"'
    if not Library.objects.filter(schema_name=schema).exists():
        tenant = Library(schema_name=schema, name=schema)
        tenant.auto_create_schema = False
        tenant.save()${create}
`,
    );
  };

/** Requirements that no installer accepts, without asking a registry. */
export const uninstallableRequirements: Variation = async (project) => {
  await writeProjectFile(project, 'backend/requirements.txt', './packages/left-out\n');
};

/** package.json asks for another version than package-lock.json has. */
export const outOfStepFrontendLock: Variation = async (project) => {
  await cp(path.join(SAMPLE, 'frontend'), project.frontend, { recursive: true });
  await editProjectFile(project, 'frontend/package.json', '"mitt": "3.0.1"', '"mitt": "2.1.0"');
};

/** A thread that runs from `AppConfig.ready` on: such a process is not forked. */
export const threadsInReady: Variation = (project) =>
  editProjectFile(
    project,
    'backend/notices/apps.py',
    /$/,
    `
    def ready(self):
        import threading
        import time

        threading.Thread(target=lambda: time.sleep(3600), daemon=True).start()
`,
  );

const USER_APPS = ['accounts', 'contenttypes', 'auth', 'sessions', 'admin'].map((name) =>
  name === 'accounts' ? name : `django.contrib.${name}`,
);

/** Users in the schema of every tenant, none in the public one. */
export const tenantOnlyUsers: Variation = (project) =>
  appendSettings(
    project,
    `
USER_APPS = ${JSON.stringify(USER_APPS)}
SHARED_APPS = [app for app in SHARED_APPS if app not in USER_APPS]
TENANT_APPS = USER_APPS + TENANT_APPS
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
`,
  );

/** Users in the public schema and in that of every tenant. */
export const usersInBothLists: Variation = (project) =>
  appendSettings(project, `TENANT_APPS = ${JSON.stringify(USER_APPS)} + TENANT_APPS`);

/** A field of the tenant model that has no default and may not be null. */
export const requiredTenantField: Variation = async (project) => {
  await editProjectFile(
    project,
    'backend/customers/models.py',
    '    auto_create_schema = True',
    '    contact = models.EmailField()\n\n    auto_create_schema = True',
  );
  await addMigration(
    project,
    'customers',
    'library_contact',
    'migrations.AddField("library", "contact", models.EmailField(default="a@example.org"), preserve_default=False)',
  );
};

/** What a project's devsetup.config.json says. */
export const configure =
  (configuration: Readonly<Record<string, unknown>>): Variation =>
  async (project) => {
    await writeProjectFile(project, 'devsetup.config.json', `${JSON.stringify(configuration, null, 2)}\n`);
  };

const createTable = (name: string): string =>
  `migrations.CreateModel(name="${name}", fields=[("id", models.BigAutoField(primary_key=True))])`;

const migration = (app: string, previous: string, operation: string, functions = ''): string =>
  `from django.db import migrations, models
${functions}

class Migration(migrations.Migration):
    dependencies = [("${app}", "${previous}")]

    operations = [${operation}]
`;

const leafMigration = async (project: SampleProject, app: string): Promise<{ name: string; number: number }> => {
  const files = await readdir(path.join(project.backend, app, 'migrations'));
  const name = files
    .filter((file) => /^\d{4}_.*\.py$/.test(file))
    .sort()
    .at(-1);
  if (name === undefined) throw new Error(`the sample has no migrations in ${app}`);
  return { name: name.slice(0, -'.py'.length), number: Number(name.slice(0, 4)) };
};

const addMigration = async (
  project: SampleProject,
  app: string,
  name: string,
  operation: string,
  functions = '',
): Promise<void> => {
  const leaf = await leafMigration(project, app);
  const file = `backend/${app}/migrations/${String(leaf.number + 1).padStart(4, '0')}_${name}.py`;
  await writeProjectFile(project, file, migration(app, leaf.name, operation, functions));
};

const addRunPython = (project: SampleProject, app: string, name: string, code: string): Promise<void> => {
  const body = code.replace(/^(?=.)/gm, '    ');
  const functions = `\n\ndef work(apps, schema_editor):\n${body}\n`;
  return addMigration(project, app, name, 'migrations.RunPython(work, migrations.RunPython.noop)', functions);
};
