import { Client } from 'pg';

import { writeProjectFile, type Variation } from '../../../support/sample-project.ts';

export interface BlockerSession {
  readonly pid: number;
  /** Ends the transaction. */
  release(): Promise<void>;
}

/** A transaction that holds a lock on a table, as a report that reads it all night does. */
export const blockTable = async (
  url: string,
  table: string,
  mode = 'ACCESS SHARE',
  name = 'nightly report',
): Promise<BlockerSession> => {
  const client = new Client({ connectionString: url, application_name: name });
  // The database may be dropped while it is still held.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { pid: rows[0]?.pid ?? 0, release: () => client.end() };
};

const PREVIOUS = { notices: '0005_notices_on_the_board', plans: '0004_plan_is_public' } as const;

/** A migration of the tenant app `notices`, or of the shared app `plans`, with these operations (Python). */
export const migrationOf =
  (app: keyof typeof PREVIOUS, operations: string, atomic = true): Variation =>
  async (project) => {
    const text = `from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = ${atomic ? 'True' : 'False'}
    dependencies = [("${app}", "${PREVIOUS[app]}")]
    operations = [${operations}]
`;
    await writeProjectFile(project, `backend/${app}/migrations/0006_changed.py`, text);
  };

export const ADD_COLUMN = 'migrations.RunSQL("ALTER TABLE notices_notice ADD COLUMN extra integer")';
export const ADD_SHARED_COLUMN = 'migrations.RunSQL("ALTER TABLE plans_plan ADD COLUMN extra integer")';
