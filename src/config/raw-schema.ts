import { z } from 'zod';
import { STEP_IDS } from '../core/step.ts';
import { audit, key, text, texts } from './audit-schema.ts';
import { DEFAULT_AFTER, DEFAULTS } from './defaults.ts';

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const anyJson = z.json();
const seconds = z.number().positive('must be more than 0');
const words = texts.min(1, 'needs at least the name of what to run');

const tenantKeys = (
  defaults: { schema: string | null; name: string; domain: string; command: string },
  who: string,
) => ({
  schema: key(
    text,
    `Schema of the ${who} tenant${defaults.schema === null ? '; the tenant library’s public schema if left out' : ''}.`,
    defaults.schema ?? undefined,
  ),
  name: key(text, `Name of the ${who} tenant, where its model has such a field.`, defaults.name),
  domain: key(text, `Primary domain of the ${who} tenant, where the project has a domain model.`, defaults.domain),
  fields: key(
    z.record(z.string(), anyJson),
    `Values for further fields of the tenant model, needed where such a field is required and has no default.`,
    {},
  ),
  type: key(text, `Tenant type, one of the keys of TENANT_TYPES, where the project has several.`),
  command: key(
    z.union([text, z.literal(false)]),
    `The project’s own management command that creates the ${who} tenant, used when it exists; false: devsetup creates the tenant itself.`,
    defaults.command,
  ),
  args: key(texts, `Further arguments of that command. --no-input and the like are added where it takes them.`, []),
});

const ownCommand = {
  command: key(words, 'Program with its arguments, run without a shell.'),
  manage: key(words, 'Management command with its arguments, run in the Django that is already loaded.'),
};

/** Exactly one of two keys is there; editors know that from the JSON Schema, and whatever else `keywords` say. */
const eitherOf = <T extends z.ZodObject>(type: T, [one, other]: readonly [string, string], keywords: object = {}): T =>
  type
    .refine(
      (value) => (value[one] === undefined) !== (value[other] === undefined),
      `needs exactly one of "${one}" and "${other}"`,
    )
    .meta({ oneOf: [{ required: [one] }, { required: [other] }], ...keywords });

const inspect = eitherOf(z.strictObject(ownCommand), ['command', 'manage']);

// As `checkSteps` has it.
const BLIND = { anyOf: [{ properties: { pipeline: { const: false } } }, { required: ['inspect'] }] };

const ownStep = eitherOf(
  z.strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be in kebab-case, e.g. "load-countries"')
      .refine((id) => !(STEP_IDS as readonly string[]).includes(id), 'is the id of a built-in step; choose another')
      .meta({ description: 'Name of the step for --only, --skip and --from, in kebab-case.', not: { enum: STEP_IDS } }),
    title: key(text, 'What the user sees; the id if left out.'),
    ...ownCommand,
    inspect: key(
      inspect,
      'Says whether there is anything to do: exit code 0 means no. Without it the step runs once on each database; --force runs it again.',
    ),
    after: key(text, 'Id of the step it follows: a built-in one, or one listed before.', DEFAULT_AFTER),
    directory: key(text, 'Working directory of programs, relative to the project root; the root if left out.'),
    env: key(z.record(z.string(), z.string()), 'Environment variables added for programs.', {}),
    timeoutSeconds: key(seconds, 'Ends the step after so long; timeouts.commandSeconds if left out.'),
    pipeline: key(z.boolean(), 'devsetup migrate does it too; it then needs an "inspect".', false),
  }),
  ['command', 'manage'],
  BLIND,
);

const ownCheck = eitherOf(
  z.strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be in kebab-case, e.g. "queue-empty"')
      .meta({
        description: 'Name of the check for --only and --skip, in kebab-case; its findings are named after it.',
      }),
    title: key(text, 'What the user sees; the id if left out.'),
    command: key(words, 'Program with its arguments, run without a shell at the root, that prints findings as JSON.'),
    file: key(text, 'File with findings, if its name ends in .json; any other is run as a program.'),
    timeoutSeconds: key(seconds, 'Ends the check after so long; 15 if left out.'),
  }),
  ['command', 'file'],
);

const doctor = z.strictObject({
  skip: key(
    z.record(z.string(), z.string().regex(/\S/, 'must say why')),
    'Checks, groups or findings that devsetup doctor leaves out, each with the reason.',
    DEFAULTS.doctor.skip,
  ),
  checks: key(z.array(ownCheck), 'The project’s own checks (docs/project-checks.md).', DEFAULTS.doctor.checks),
});

const backend = z.strictObject({
  managePy: key(
    text,
    'Path of manage.py. Needed only where several are found, or where it lies deeper than two folders down.',
  ),
  python: key(text, 'Python that creates the virtual environment: a path, or a program on PATH like python3.12.'),
  venv: key(text, 'Virtual environment to use; it is created there if it does not exist.'),
  withoutVenv: key(
    z.boolean(),
    'Install into that Python itself; refused if it is a shared one.',
    DEFAULTS.backend.withoutVenv,
  ),
  requirements: key(texts.min(1), 'Lock file or requirement files to install, in this order.'),
  installer: key(
    z.enum(['uv', 'poetry', 'pipenv', 'pdm', 'pip', 'none']),
    'Tool that installs the backend’s dependencies; chosen by the lock file if left out. none: devsetup installs nothing.',
  ),
  groups: key(texts, 'Dependency groups to install beside the tool’s defaults.', DEFAULTS.backend.groups),
  extras: key(texts, 'Extras (optional dependencies) to install.', DEFAULTS.backend.extras),
});

const frontend = z.strictObject({
  directory: text.meta({ description: 'Folder of package.json.' }),
  packageManager: key(z.enum(['npm', 'pnpm', 'yarn', 'bun']), 'Chosen by the lock file if left out.'),
});

const database = z.strictObject({
  use: key(
    z.enum(['settings', 'embedded']),
    'embedded: the PostgreSQL that devsetup runs for this checkout (--db embedded), unless the environment or an env file names an address. Never in devsetup migrate.',
    DEFAULTS.database.use,
  ),
  start: key(
    z.literal('compose'),
    'compose: where nothing listens on a port of this machine that a service of the compose files publishes, start that service.',
  ),
  urlVariable: key(
    variable,
    'Environment variable that holds the connection URL. Where it is not set, Django’s settings say which database.',
    DEFAULTS.database.urlVariable,
  ),
  create: key(
    z.union([z.boolean(), z.literal('auto')]),
    'Create the database if it is missing. auto: on a local host in development only.',
    DEFAULTS.database.create,
  ),
  allowRemote: key(
    z.union([z.boolean(), texts]),
    'Work on a host that is neither this machine nor a service of this compose project: true, or the names of the hosts.',
    DEFAULTS.database.allowRemote,
  ),
  waitSeconds: key(
    z.number().nonnegative('must not be negative'),
    'How long to wait for the database to accept connections.',
    DEFAULTS.database.waitSeconds,
  ),
  maintenanceDatabase: key(
    text,
    'Database to connect to while the wanted one is created.',
    DEFAULTS.database.maintenanceDatabase,
  ),
});

const { super: superTenant, guest } = DEFAULTS.tenants;
const guestKeys = {
  ...tenantKeys(guest, 'guest'),
  outsideDevelopment: key(z.boolean(), 'Create the guest tenant outside development too.', guest.outsideDevelopment),
};

const tenants = z.strictObject({
  super: key(z.strictObject(tenantKeys(superTenant, 'super')), 'The tenant that owns the public schema.'),
  guest: key(z.union([z.literal(false), z.strictObject(guestKeys)]), 'A tenant to try things in; false: none.'),
  withoutSchema: key(
    texts,
    'Tenants that have no schema on purpose, by schema name; * stands for any characters. They are reported and not migrated.',
    DEFAULTS.tenants.withoutSchema,
  ),
});

const migrations = z.strictObject({
  fakeInitial: key(
    z.union([z.boolean(), z.literal('auto')]),
    'Record an initial migration as applied when its tables exist (--fake-initial). auto: in development only.',
    DEFAULTS.migrations.fakeInitial,
  ),
  concurrency: key(
    z.union([z.int().min(1, 'must be 1 or more'), z.literal('auto')]),
    'Tenants migrated at the same time. auto: one a processor, as far as free connections allow.',
    DEFAULTS.migrations.concurrency,
  ),
  lockTimeoutSeconds: key(
    z.number().nonnegative('must not be negative'),
    'How long to wait for another run on the same database.',
    DEFAULTS.migrations.lockTimeoutSeconds,
  ),
  failFast: key(z.boolean(), 'Begin no further tenant after one has failed.', DEFAULTS.migrations.failFast),
});

const superuser = z.strictObject({
  schemas: key(texts.min(1), 'Schemas that get the superuser, where each tenant has users of its own.'),
});

const timeouts = z.strictObject({
  dependenciesSeconds: key(seconds, 'For the installation of dependencies.', DEFAULTS.timeouts.dependenciesSeconds),
  commandSeconds: key(seconds, 'For any other command.', DEFAULTS.timeouts.commandSeconds),
});

const environment = z.strictObject({
  fakeInitial: key(z.boolean(), 'Give --fake-initial. true for dev, false for every other environment if left out.'),
  lockTimeoutSeconds: key(
    seconds,
    'How long a migration waits for a lock on a table before it gives way (lock_timeout); 2 if left out.',
  ),
  lockRetries: key(
    z.int().nonnegative('must not be negative'),
    'How often a migration that gave way is tried again; 10 if left out.',
  ),
  databaseUrlVariable: key(variable, 'As database.urlVariable, for this environment.'),
  databaseUrlSecret: key(text, 'The GitHub secret it is set from; the name of the variable if left out.'),
  settingsModule: key(text, 'DJANGO_SETTINGS_MODULE, where the environment does not set it.'),
  superTenantDomain: key(text, 'As tenants.super.domain, for this environment.'),
  concurrency: key(
    z.union([z.int().min(1, 'must be 1 or more'), z.literal('auto')]),
    'As migrations.concurrency, for this environment.',
  ),
  failFast: key(z.boolean(), 'As migrations.failFast, for this environment.'),
  sharedWaitSeconds: key(
    z.number().nonnegative('must not be negative'),
    'How long the other shards wait for shard 1 to do what all tenants share; 1800 if left out.',
  ),
});

/** What a user may write. Everything is optional; paths are relative to the project root. */
export const rawSchema = z
  .strictObject({
    $schema: key(z.string(), 'Path or address of the JSON Schema, for completion in an editor.'),
    backend: key(backend, 'The Django project, its Python and its dependencies.'),
    frontends: key(
      z.union([z.literal(false), z.array(frontend)]),
      'Folders with a package.json to install; false: none. Found if left out: the root and one folder down.',
    ),
    database: key(database, 'The database and how it is reached.'),
    tenants: key(tenants, 'The tenants a working setup has.'),
    migrations: key(migrations, 'How migrations are applied.'),
    superuser: key(
      superuser,
      'The superuser, created when DJANGO_SUPERUSER_USERNAME and DJANGO_SUPERUSER_PASSWORD are set.',
    ),
    steps: key(z.array(ownStep), 'The project’s own steps.', DEFAULTS.steps),
    doctor: key(doctor, 'What devsetup doctor looks at and what it leaves out.'),
    audit: key(audit, 'How devsetup audit reads the workflows, and what it leaves out.'),
    timeouts: key(timeouts, 'Time limits.'),
    logFile: key(
      text,
      'File that every run is appended to: in the checkout, the temporary folder or the state directory; new, or a log of devsetup.',
      DEFAULTS.logFile,
    ),
    envFiles: key(
      texts,
      'Files with environment variables; later ones win, and the process environment wins over all. If left out: .env and .env.local of the root and of the backend, unless the settings read an env file themselves.',
    ),
    development: key(
      z.union([z.boolean(), z.literal('auto')]),
      'Whether this is a development machine. auto: Django’s DEBUG is on and the database is local.',
      DEFAULTS.development,
    ),
    environments: key(
      z.record(z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a plain name'), environment),
      'The environments of devsetup migrate by their names, as GitHub knows them. dev, uat and prod need no entry.',
      DEFAULTS.environments,
    ),
  })
  .meta({
    $id: 'https://unpkg.com/django-devsetup/schemas/devsetup.config.schema.json',
    title: 'Configuration of devsetup',
  });

export type RawConfig = z.infer<typeof rawSchema>;
