/** Pieces of printed commands as they stand in the source, by file; of a page, the line or the words in backticks. */
type Commands = Readonly<Record<string, readonly string[]>>;

export interface Typed {
  /** `file › title` of the test, or of a row of its table, that types the command as it is printed. */
  readonly typedBy: string;
  readonly commands: Commands;
}

export interface Untyped {
  /** Why no test types it. */
  readonly reason: string;
  readonly commands: Commands;
}

const DATABASE_ROW = 'test/integration/doctor/rows/database.ts';
const MIGRATION_ROW = 'test/integration/doctor/rows/migrations.ts';
const PRINTED = 'test/integration/behaviour/printed-commands.test.ts';
const REMEDIES = 'test/integration/doctor/remedies.test.ts';
const REMEDY = `${REMEDIES} › the command printed for "$code" touches the sick schema only and deletes nothing there: $name`;
const OBJECTS = 'test/integration/behaviour/named-objects.test.ts';

/** Commands that change a database or its migrations. */
export const TYPED: readonly Typed[] = [
  {
    typedBy:
      'test/integration/server/embedded-run.test.ts › sets up a project on a machine without any PostgreSQL, and does nothing the second time',
    commands: {
      'src/postgres/compose-hint.ts': ['npx devsetup --db embedded'],
      'src/setup/wait-for-target.ts': ['npx devsetup --db embedded'],
    },
  },
  {
    typedBy: REMEDY,
    commands: {
      'src/checks/django/drift-problems.ts': ["'npx devsetup'", 'createCommand('],
      'src/checks/django/orphan-problems.ts': ['python manage.py ${migrate}'],
      'src/doctor/step-results.ts': ['command: devsetup'],
    },
  },
  {
    typedBy: `${DATABASE_ROW} › the role may not create schemas`,
    commands: { 'src/checks/database/judge-privileges.ts': ['GRANT CREATE ON DATABASE'] },
  },
  {
    typedBy: `${DATABASE_ROW} › the role may not create tables in public`,
    commands: { 'src/checks/database/judge-privileges.ts': ['GRANT CREATE ON SCHEMA'] },
  },
  {
    typedBy: `${DATABASE_ROW} › tables belong to the role that restored them`,
    commands: { 'src/checks/database/judge-privileges.ts': ['ALTER TABLE %s OWNER TO'] },
  },
  {
    typedBy: `${DATABASE_ROW} › a migration creates an extension the role may not create`,
    commands: { 'src/checks/database/judge-extensions.ts': ['CREATE EXTENSION'] },
  },
  {
    typedBy:
      'test/integration/behaviour/cloned-tenants.test.ts › the schema that tenants are cloned from is migrated first, with or without a tenant row; a missing one is named',
    commands: { 'src/steps/template-hint.ts': ['CREATE SCHEMA', "'npx devsetup'", "'npx devsetup migrate'"] },
  },
  {
    typedBy: `${DATABASE_ROW} › the role may not connect`,
    commands: { 'src/postgres/server-problem.ts': ['GRANT CONNECT ON DATABASE'] },
  },
  {
    typedBy:
      'test/integration/faults/database.test.ts › is not created when DEBUG is off, and the hint says what would create it',
    commands: { 'src/postgres/server-problem.ts': ['createdb '] },
  },
  {
    typedBy: `${DATABASE_ROW} › no database of that name, and a role that may create none`,
    commands: { 'src/postgres/create-database.ts': ['ALTER ROLE ${user} CREATEDB;'] },
  },
  {
    typedBy: `${DATABASE_ROW} › a migration needs an extension that nothing creates here`,
    commands: { 'src/postgres/missing-extensions.ts': ['CREATE EXTENSION'] },
  },
  {
    typedBy: `${OBJECTS} › outside development nothing is created, and the printed statements are what is missing`,
    commands: {
      'src/postgres/named-objects.ts': [
        'CREATE ROLE',
        'CREATE SCHEMA IF NOT EXISTS',
        'GRANT CREATE ON DATABASE',
        'GRANT USAGE, CREATE ON SCHEMA ${quoteIdentifier(name)}',
        'GRANT USAGE, CREATE ON SCHEMA public',
      ],
    },
  },
  {
    typedBy: `${OBJECTS} › a role that the login role may not grant is reported with the statement, which is all that is missing`,
    commands: { 'src/postgres/named-objects.ts': ['GRANT ${quoteIdentifier(lack.name)} TO'] },
  },
  {
    typedBy: `${MIGRATION_ROW} › a field that no migration makes`,
    commands: { 'src/checks/django/model-changes.ts': ["['makemigrations', ...apps]", 'command: manageCommand('] },
  },
  {
    typedBy: `${MIGRATION_ROW} › the migrations of an app were not committed`,
    commands: {
      'src/steps/migration-refusal.ts': ["['makemigrations', ...unmigratedApps]"],
      'src/doctor/step-results.ts': ['isWords(words) ? manageCommand(words)'],
    },
  },
  {
    typedBy: `${MIGRATION_ROW} › two leaves of one app`,
    commands: { 'src/steps/migration-refusal.ts': ["['makemigrations', '--merge'"] },
  },
  {
    typedBy: `${PRINTED} › the command printed for conflicting migrations merges them`,
    commands: { 'src/django/companion-errors.ts': ['python manage.py makemigrations --merge'] },
  },
  {
    typedBy:
      'test/integration/behaviour/refused.test.ts › system checks that would stop migrate are found before anything is created',
    commands: { 'src/steps/migration-refusal.ts': ["['check', '--database', alias]"] },
  },
  {
    typedBy: `${PRINTED} › the statement printed for a contradictory history records one row in the sick tenant and nothing elsewhere`,
    commands: { 'src/steps/migration-refusal.ts': ['INSERT INTO ${table}'] },
  },
  {
    typedBy: `${PRINTED} › the commands printed for a migration whose work is done but not recorded fix one tenant and change no other`,
    commands: {
      'src/steps/exists-already.ts': ["['migrate_schemas', `--schema=${schema}`"],
      'src/steps/manage-command.ts': ["['tenant_command', 'sqlmigrate'", 'python manage.py ${words'],
    },
  },
  {
    typedBy: `${PRINTED} › the commands printed for a migration of the shared schema whose work is done but not recorded fix it: %s`,
    commands: {
      'src/steps/exists-already.ts': ["['migrate', app, name, '--fake'"],
      'src/steps/manage-command.ts': ["['sqlmigrate', app, name"],
    },
  },
  {
    typedBy: 'test/integration/doctor/rows/tenants.ts › a tenant has no domain',
    commands: {
      'src/checks/django/tenants.ts': ["['create_domain', '--schema', schema]"],
      'src/checks/django/tenant-problems.ts': ['createDomain?.(first)'],
    },
  },
  {
    typedBy:
      'test/integration/databases/migrated-database.test.ts › is warned until that database is migrated, by doctor too',
    commands: {
      'src/steps/other-databases.ts': ["['migrate', '--database', alias]"],
      'src/checks/database/examined-database.ts': ['manageCommand(manage)'],
    },
  },
  {
    typedBy:
      'test/integration/databases/migrated-database.test.ts › with django-tenants gets a command that migrates the other one although `migrate` cannot',
    commands: { 'src/steps/other-databases.ts': ["[ 'shell', '-c',"] },
  },
  {
    typedBy:
      'test/integration/behaviour/without-schema.test.ts › the command that the failure names creates the schema',
    commands: { 'src/steps/schema-rules.ts': ["['shell', '-c', code]"] },
  },
  {
    typedBy: 'test/integration/doctor/rows/setup.ts › the superuser exists and is not active',
    commands: { 'src/steps/superuser.ts': ['devsetup --update-superuser'] },
  },
  {
    typedBy:
      'test/unit/checks/dev-container/hook-commands/fixes.test.ts › the command that is printed for a script that is not executable makes it start',
    commands: {
      'src/checks/dev-container/hook-commands/hook-problems.ts': ['command: fault.command'],
      'src/project/change-form.ts': ['`chmod +x ${file}`'],
    },
  },
];

/** Commands that no test types as they are printed. */
export const UNTYPED: readonly Untyped[] = [
  {
    reason: 'it is written into a workflow, whose whole text the tests of decouple compare',
    commands: {
      'src/decouple/migrate-commands.ts': ['python manage.py ${first}', "'python manage.py migrate --noinput'"],
      'src/decouple/add-job.ts': ['npx --no-install devsetup migrate${flag}'],
      'src/decouple/use-devsetup.ts': ['npx --no-install devsetup migrate${flag}'],
    },
  },
  {
    reason: 'it names what a hook of the project runs, and the advice is to take it out',
    commands: { 'src/checks/dev-container/hook-commands/files-loss.ts': ['`git checkout ${'] },
  },
  {
    reason: 'it prints statements, and stands for a migration that the user names',
    commands: {
      'src/checks/django/drift-problems.ts': ['python manage.py ${show}'],
      'src/checks/django/linter-problems.ts': ['tenant_command sqlmigrate APP', 'tenant_command lintmigrations'],
    },
  },
  {
    reason: 'it ends the session of somebody, and the sentence says to wait first',
    commands: {
      'src/checks/database/migration-lock.ts': ['pg_terminate_backend'],
      'src/checks/database/open-transactions.ts': ['pg_terminate_backend'],
      'src/postgres/advisory-lock.ts': ['pg_terminate_backend'],
      'src/postgres/create-database.ts': ['pg_terminate_backend'],
      'src/steps/lock-failure.ts': ['pg_terminate_backend'],
    },
  },
  {
    reason: 'it changes the server that all tests share, and takes effect after a restart',
    commands: { 'src/checks/database/lock-table.ts': ['ALTER SYSTEM SET'] },
  },
  {
    reason: 'the user chooses the password',
    commands: {
      'src/checks/environment/weak-secrets.ts': ['ALTER ROLE … PASSWORD …'],
      'src/postgres/server-problem.ts': ['ALTER ROLE', 'CREATE ROLE'],
    },
  },
  {
    reason: 'it creates an empty database, which no other command can lose data by',
    commands: {
      'src/postgres/server-problem.ts': ['CREATE DATABASE'],
      'src/steps/database.ts': ['CREATE DATABASE ${target.database} on'],
    },
  },
  {
    reason: 'a step is about to do it itself, or did, and shows it',
    commands: {
      'src/steps/run-manage.ts': ['$ python manage.py'],
      'src/steps/shared-migrations.ts': ["['migrate', ", "['migrate_schemas', '--shared']", 'python manage.py'],
      'src/steps/tenant-step.ts': ['`python manage.py ${[command'],
    },
  },
  {
    reason: 'a command of the project: only the project knows what it needs and does',
    commands: {
      'src/doctor/parse-own-findings.ts': ['command: typeof'],
    },
  },
  {
    reason: 'the sentence says what is lost, and that it is for data that may go',
    commands: {
      'src/postgres/embedded-kept.ts': ['npx devsetup db reset'],
      'src/server/start-server.ts': ['npx devsetup db reset'],
    },
  },
  {
    reason: 'it only reads, starts a server, or asks what a user wants',
    commands: {
      'src/checks/database/examined-database.ts': ['Examine the embedded one', "'npx devsetup doctor --db embedded'"],
      'src/checks/environment/remote-database.ts': ['npx devsetup doctor --allow-remote'],
      'src/checks/pipelines/pipeline-rules.ts': ['npx devsetup audit'],
      'src/decouple/plan-lane.ts': ['npx devsetup audit'],
      'src/decouple/database-environment.ts': ['npx devsetup decouple --secret NAME'],
      'src/checks/last-run/judge-last-run.ts': ['npx devsetup status'],
      'src/core/select-checks.ts': ['devsetup doctor --list'],
      'src/django/companion-errors.ts': ['python manage.py dbshell', 'python manage.py help'],
      'src/dependencies/search-results.ts': ["'python3 -m pip'"],
      'src/steps/embedded-database.ts': ['npx devsetup --db settings'],
      'src/postgres/query-problem.ts': ['python manage.py dbshell'],
      'src/postgres/tls-problem.ts': ['npx devsetup db stop'],
      'src/server/start-server.ts': ['npx devsetup db stop'],
      'src/steps/orphaned-migrations.ts': ['npx devsetup doctor'],
      'src/setup/tell-terminals.ts': ['npx devsetup doctor', 'npx devsetup status'],
      'src/state/status-of.ts': ['npx devsetup doctor${flags}'],
      'src/steps/fleet-report.ts': ['devsetup doctor --only migration-history'],
      'src/pipeline/pipeline-run.ts': ["'npx devsetup migrate'"],
    },
  },
  {
    reason: 'devsetup itself, whose steps are tried one by one by test/integration/contract/steps.test.ts',
    commands: {
      'src/checks/last-run/judge-last-run.ts': ["'npx devsetup'", 'command: RUN', '--if-needed'],
      'src/setup/run-setup.ts': ['From then on, type `npx devsetup`'],
      'src/setup/tell-terminals.ts': ['was cut short', 'was interrupted'],
      'src/state/status-of.ts': ["'npx devsetup'", 'npx devsetup${flags}'],
      'src/steps/fleet-report.ts': ["'npx devsetup'"],
      'src/steps/missing-tables.ts': ["'npx devsetup'"],
      'src/steps/shared-failure.ts': ["'npx devsetup'"],
    },
  },
  {
    reason: 'it installs programs or packages, or changes files of the checkout, and no database',
    commands: {
      'src/checks/dev-container/devcontainer-configuration.ts': ['npx @devcontainers/cli'],
      'src/checks/dev-container/devcontainer-files.ts': ['`cp ', 'command: words'],
      'src/checks/django/start-finding.ts': ['npx devsetup --only', 'command: code'],
      'src/checks/environment/env-file-committed.ts': ['git rm --cached'],
      'src/checks/environment/variables-missing.ts': ['`cp ', 'command: copies'],
      'src/checks/environment/weak-secrets.ts': ['python3 -c'],
      'src/checks/pipelines/judge-named-values.ts': ['gh ${word} set', 'command: environments'],
      'src/checks/toolchain/judge-disk-space.ts': ['du -xh', 'command: biggest'],
      'src/checks/toolchain/judge-distributions.ts': ["'npx devsetup", 'command: again'],
      'src/checks/toolchain/judge-node.ts': ['fnm use', 'nvm install', 'volta install'],
      'src/checks/toolchain/judge-ownership.ts': ['chmod -R', 'sudo chown'],
      'src/checks/toolchain/judge-package-managers.ts': ['-m ensurepip', 'corepack', 'npm install', 'command: install'],
      'src/checks/toolchain/judge-virtual-environment.ts': ['npx devsetup', 'command: recreate'],
      'src/checks/toolchain/python-version.ts': ['-m venv'],
      'src/core/system-libraries.ts': ['sudo apt-get install'],
      'src/dependencies/installer-commands.ts': ['npm install', 'python3 -m piptools compile'],
      'src/dependencies/git-problems.ts': ['sudo apt-get install'],
      'src/dependencies/package-problems.ts': [
        'npm install --global',
        'nvm install',
        'sudo apt-get install',
        'sudo chown',
      ],
      'src/django/companion-errors.ts': ['devsetup --only backend-dependencies'],
      'src/pipeline/refuse-database.ts': ['gh secret set'],
      'src/setup/advice-about-driver.ts': ['npx devsetup', 'npx devsetup --only backend-dependencies --force'],
      'src/project/env-remedy.ts': ['`cp '],
      'src/setup/advice-about-file.ts': ['`cp ', 'sudo chown'],
      'src/setup/advice-about-module.ts': ['`cp '],
      'src/project/missing-folder.ts': ['sudo install -d'],
      'src/setup/start-advice.ts': ['devsetup --only backend-dependencies'],
      'src/postgres/embedded-binaries.ts': ['npm install'],
      'src/steps/frontend-dependencies.ts': ['npm install'],
    },
  },
];
