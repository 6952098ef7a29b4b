import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

import type { BuiltInStepId } from '../../../src/core/step.ts';
import { adminUrl, query } from '../../support/postgres.ts';
import { editProjectFile, writeProjectFile } from '../../support/sample-project.ts';
import { configure, withPendingMigration } from '../../support/variations.ts';
import { backendDependencies, frontendDependencies } from './dependency-fixtures.ts';
import type { Fixture, Workspace } from './fixture.ts';
import { arrangeReady, arrangeWithoutDatabase } from './workspaces.ts';

/** Two own steps as a project may configure them: one of each kind, one with and one without `inspect`. */
export const OWN_STEPS = [
  { id: 'own-command', title: 'Shelves', manage: ['build_shelves'] },
  {
    id: 'own-program',
    title: 'Labels',
    // Killed where there is a fault, as by the system when memory runs out.
    command: [
      'sh',
      '-c',
      'mkdir -p labels && echo first > labels/first; test ! -f fault || kill -9 $$; echo all > labels/all',
    ],
    inspect: { command: ['test', '-f', 'labels/all'] },
  },
] as const;

const COMMANDS = 'backend/customers/management/commands';
const HALF_WAY = 'raise RuntimeError("the lights went out")';

/** Puts a failure before a line of a command, or takes it away again. */
const failBefore = (command: string, line: string): Pick<Fixture, 'harm' | 'mend'> => {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const file = `${COMMANDS}/${command}.py`;
  return {
    harm: ({ project }) => editProjectFile(project, file, line, `${indent}${HALF_WAY}\n${line}`),
    mend: ({ project }) => editProjectFile(project, file, `${indent}${HALF_WAY}\n`, ''),
  };
};

const listMigrations = async ({ project }: Workspace, app: string): Promise<readonly string[]> =>
  (await readdir(path.join(project.backend, app, 'migrations')))
    .filter((name) => /^\d{4}_/.test(name))
    .toSorted()
    .map((name) => name.slice(0, -'.py'.length));

/** One more migration after the last, which fails in one schema; the one before it is kept. */
const failInMigration = (app: string, schema: string): Pick<Fixture, 'harm' | 'mend'> => {
  const file = `backend/${app}/migrations/0099_check.py`;
  const condition = `    if schema_editor.connection.schema_name == "${schema}":\n`;
  return {
    harm: async (workspace) => {
      const last = (await listMigrations(workspace, app)).at(-1) ?? '';
      await writeProjectFile(
        workspace.project,
        file,
        `from django.db import migrations


def check(apps, schema_editor):
${condition}        ${HALF_WAY}


class Migration(migrations.Migration):
    dependencies = [("${app}", "${last}")]
    operations = [migrations.RunPython(check, migrations.RunPython.noop)]
`,
      );
    },
    mend: ({ project }) => editProjectFile(project, file, HALF_WAY, 'pass'),
  };
};

const sowing = `from django.core.management.base import BaseCommand

from plans.models import Plan


class Command(BaseCommand):
    def handle(self, *args, **options):
        Plan.objects.get_or_create(code="first-shelf", defaults={"name": "First shelf"})
        # half-way
        Plan.objects.get_or_create(code="second-shelf", defaults={"name": "Second shelf"})
`;

const arrangeOwn = (): Promise<Workspace> =>
  arrangeReady({
    variations: [
      configure({ steps: OWN_STEPS }),
      async (project) => void (await writeProjectFile(project, `${COMMANDS}/build_shelves.py`, sowing)),
    ],
  });

const TENANT = (schema: string): readonly string[] => [
  `DELETE FROM customers_domain WHERE tenant_id IN (SELECT id FROM customers_library WHERE schema_name = '${schema}')`,
  `DELETE FROM customers_library WHERE schema_name = '${schema}'`,
];

export const FIXTURES: Readonly<Record<BuiltInStepId | (typeof OWN_STEPS)[number]['id'], Fixture>> = {
  'backend-dependencies': backendDependencies,
  'frontend-dependencies': frontendDependencies,
  database: {
    arrange: () => arrangeWithoutDatabase(),
    harm: async ({ database }) => void (await query(adminUrl(), `ALTER ROLE ${database.user} NOCREATEDB`)),
    code: 'DATABASE_CREATE_DENIED',
    mend: async ({ database }) => void (await query(adminUrl(), `ALTER ROLE ${database.user} CREATEDB`)),
  },
  'shared-migrations': {
    arrange: () => arrangeReady({ variations: [withPendingMigration('plans')] }),
    ...failInMigration('plans', 'public'),
    code: 'MIGRATION_FAILED',
  },
  'super-tenant': {
    arrange: () => arrangeReady({ sql: TENANT('public') }),
    ...failBefore('create_super_tenant', '        Domain.objects.get_or_create('),
    code: 'COMMAND_FAILED',
  },
  'tenant-migrations': {
    arrange: () => arrangeReady({ variations: [withPendingMigration('notices')] }),
    ...failInMigration('notices', 'guest'),
    code: 'TENANTS_FAILED',
  },
  'guest-tenant': {
    arrange: () => arrangeReady({ sql: [...TENANT('guest'), 'DROP SCHEMA guest CASCADE'] }),
    // Row, domain and schema are there by then, the things to try out are not.
    ...failBefore('create_guest_tenant', '        with schema_context(schema), transaction.atomic():'),
    code: 'COMMAND_FAILED',
  },
  superuser: {
    arrange: () =>
      arrangeReady({ env: { DJANGO_SUPERUSER_USERNAME: 'chief', DJANGO_SUPERUSER_PASSWORD: 'a-long-enough-word' } }),
    harm: async ({ database }) => {
      await query(
        database.url,
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no more staff'; END $$`,
      );
      await query(
        database.url,
        'CREATE TRIGGER refuse AFTER INSERT ON accounts_user FOR EACH ROW EXECUTE FUNCTION refuse()',
      );
    },
    code: 'DATABASE_ERROR',
    mend: async ({ database }) => void (await query(database.url, 'DROP FUNCTION refuse CASCADE')),
  },
  'own-command': {
    arrange: arrangeOwn,
    ...failBefore('build_shelves', '        # half-way'),
    code: 'PROJECT_STEP_FAILED',
  },
  'own-program': {
    arrange: arrangeOwn,
    harm: async ({ project }) => void (await writeProjectFile(project, 'fault', '')),
    code: 'PROJECT_STEP_FAILED',
    mend: ({ project }) => rm(path.join(project.root, 'fault')),
  },
};
