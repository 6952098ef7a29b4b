import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { query } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, type Variation } from '../../support/sample-project.ts';
import { configure, withoutOwnCommands } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv } from '../../support/venv.ts';
import { ADD_COLUMN, ADD_SHARED_COLUMN, blockTable, migrationOf } from '../migrate/support/blocking.ts';
import { cleanUpAfterEach } from './support/faults.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const keep = cleanUpAfterEach();

interface Case {
  readonly variations: readonly Variation[];
  /** SQL before the run. */
  readonly before?: readonly string[];
  /** The table that is locked, and how. */
  readonly table: string;
  readonly mode?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const WITHOUT_GUEST = [
  "DELETE FROM customers_domain WHERE tenant_id IN (SELECT id FROM customers_library WHERE schema_name = 'guest')",
  "DELETE FROM customers_library WHERE schema_name = 'guest'",
  'DROP SCHEMA guest CASCADE',
];

/** A foreign key to this table needs a lock that a transaction which writes to it does not share. */
const WRITTEN = { table: 'public.accounts_user', mode: 'ROW EXCLUSIVE' } as const;

const ASKS_FOR_A_LOCK = configure({
  steps: [
    {
      id: 'own-step',
      manage: [
        'shell',
        '-c',
        'from django.db import connection; connection.cursor().execute("ALTER TABLE plans_plan ALTER name SET NOT NULL")',
      ],
    },
  ],
});

const SUPERUSER = {
  table: 'public.accounts_user',
  env: { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'correct horse' },
} as const;

const CASES: Readonly<Record<string, Case>> = {
  'the shared migrations': {
    variations: [migrationOf('plans', ADD_SHARED_COLUMN)],
    table: 'public.plans_plan',
  },
  'the migrations of a tenant': { variations: [migrationOf('notices', ADD_COLUMN)], table: 't001.notices_notice' },
  'a tenant that the project creates': { variations: [], before: WITHOUT_GUEST, ...WRITTEN },
  'a tenant that devsetup creates': { variations: [withoutOwnCommands], before: WITHOUT_GUEST, ...WRITTEN },
  'the inspection, of what is applied': { variations: [], table: 'public.django_migrations', mode: 'ACCESS EXCLUSIVE' },
  'the inspection, of the tenants': { variations: [], table: 'public.customers_library', mode: 'ACCESS EXCLUSIVE' },
  'the creation of missing tables': {
    variations: [],
    before: ['DROP TABLE t001.loans_loan CASCADE'],
    args: ['--create-missing-tables'],
    ...WRITTEN,
  },
  'the inspection of a superuser': { variations: [], ...SUPERUSER, mode: 'ACCESS EXCLUSIVE' },
  'the creation of a superuser': { variations: [], ...SUPERUSER, mode: 'SHARE' },
  'a step of the project': { variations: [ASKS_FOR_A_LOCK], table: 'public.plans_plan' },
};

describe('a run that has to wait for a lock of somebody else', () => {
  it.each(sampleOf(Object.entries(CASES), 3))(
    'in %s: says what it waits for and who holds it, then finishes',
    async (_, one) => {
      const python = await ensureVenv(DJANGO_52);
      const database = keep(await createReadyDatabase(python, { tenants: 1 }));
      for (const sql of one.before ?? []) await query(database.url, sql);
      const project = keep(await createSampleProject({ variations: one.variations }));
      const blocker = await blockTable(database.url, one.table, one.mode ?? 'ACCESS SHARE');
      const run = startDevsetup(['--ui', 'plain', ...(one.args ?? [])], {
        cwd: project.root,
        env: { DATABASE_URL: database.url, ...one.env },
        python,
      });
      const told = `waiting for a lock on ${one.table}, held by nightly report (server process ${blocker.pid}`;
      await run.waitForOutput(told);
      await blocker.release();
      const ended = await run.ended;
      expect(ended.exitCode).toBe(0);
      expect(await readFile(`${ended.home}/devsetup.log`, 'utf8')).toContain(told);
    },
  );
});
