import { describe, expect, test } from 'vitest';

import { startCompanion } from '../../../src/django/start-companion.ts';
import type { TenantResult } from '../../../src/django/protocol.ts';
import { DJANGO_52 } from '../../support/venv.ts';
import { migrateTenants, migration, startShared } from './support/tenant-site.ts';

/** How the migration of the schema with this name ends. */
const ENDINGS: Readonly<Record<string, { readonly code: string; readonly expected: object }>> = {
  returns: { code: 'return', expected: { outcome: 'migrated', error: null } },
  raises: {
    code: "raise ValueError('no luck')",
    expected: { outcome: 'failed', error: { code: 'MIGRATION_FAILED', type: 'ValueError', message: 'no luck' } },
  },
  exits_with_text: {
    code: "sys.exit('no plan')",
    expected: {
      outcome: 'failed',
      failedMigration: 'crm.0003_end',
      error: { code: 'MIGRATION_FAILED', type: 'SystemExit', message: "sys.exit('no plan') was called" },
    },
  },
  exits_with_number: {
    code: 'sys.exit(3)',
    expected: { outcome: 'failed', error: { code: 'MIGRATION_FAILED', message: 'sys.exit(3) was called' } },
  },
  exits_with_nothing: {
    code: 'sys.exit()',
    expected: { outcome: 'failed', error: { code: 'MIGRATION_FAILED', message: 'sys.exit() was called' } },
  },
  raises_interrupt: {
    code: 'raise KeyboardInterrupt',
    expected: { outcome: 'failed', error: { code: 'MIGRATION_FAILED', type: 'KeyboardInterrupt' } },
  },
  leaves: { code: 'os._exit(4)', expected: { outcome: 'failed', error: { code: 'CRASHED', data: { exitCode: 4 } } } },
  is_killed: {
    code: 'os.kill(os.getpid(), signal.SIGKILL)',
    expected: { outcome: 'failed', error: { code: 'CRASHED', data: { signal: 'SIGKILL' } } },
  },
};
const SCHEMAS = Object.keys(ENDINGS);

const FILES = {
  'crm/migrations/0003_end.py': migration(
    "('crm', '0002_city')",
    'migrations.RunPython(end)',
    `
import os, signal, sys, time
def end(apps, schema_editor):
    kind = connection.schema_name
${SCHEMAS.map((schema) => `    if kind == '${schema}':\n        ${ENDINGS[schema]?.code}`).join('\n')}
    if kind.startswith('waits'):
        open('waiting', 'w').close()
        time.sleep(600)
`,
  ),
};

const THREAD = `
import threading, time
threading.Thread(target=lambda: time.sleep(600), daemon=True, name='agent').start()
`;

/** A process that dies with a tenant answers for nothing else, so each tenant gets a request. */
const oneByOne = async (client: Awaited<ReturnType<typeof startShared>>['client']): Promise<TenantResult[]> => {
  const results: TenantResult[] = [];
  for (const schema of SCHEMAS) {
    try {
      results.push(...(await migrateTenants(client, [schema])).results);
    } catch (error) {
      results.push({ schema, outcome: 'failed', error: (error as { cause: unknown }).cause } as TenantResult);
    }
  }
  return results;
};

describe('the end of a migration has its own name', () => {
  test('where each tenant is migrated in a forked process', async () => {
    const { client } = await startShared({ files: FILES }, DJANGO_52, ...SCHEMAS);
    const { results } = await migrateTenants(client, SCHEMAS);
    for (const result of results) expect(result).toMatchObject(ENDINGS[result.schema]?.expected ?? {});
    expect(results.map(({ schema }) => schema)).toEqual(SCHEMAS);
    expect(results[2]?.error?.place).toMatchObject({ source: "sys.exit('no plan')" });
  });

  test('where each tenant is migrated in a fresh process', async () => {
    const { client } = await startShared({ files: FILES, settings: THREAD }, DJANGO_52, ...SCHEMAS);
    expect(client.description.mode).toBe('fresh');
    const results = await oneByOne(client);
    for (const result of results) {
      const { failedMigration: _, ...expected } = { failedMigration: '', ...ENDINGS[result.schema]?.expected };
      expect(result).toMatchObject(expected);
    }
  });
});

const SLOW_USERS = `
import threading
from django.db.models.signals import pre_save
def wait(sender, instance, **rest):
    import time
    if sender.__name__ == 'User':
        open('waiting', 'w').close()
        time.sleep(600)
pre_save.connect(wait)
`;

test('the time limit ends every request that creates something, and so does Ctrl-C', async () => {
  const { project, client } = await startShared({ files: FILES, settings: SLOW_USERS }, DJANGO_52);
  await client.close();
  const controller = new AbortController();
  const launch = { ...project.launch, signal: controller.signal, timeoutSeconds: 600 };
  const limited = await startCompanion(launch);
  const tenant = {
    schema: 'waits',
    name: 'Slow',
    domain: 'slow.localhost',
    fields: {},
    tenantType: null,
    check: false,
  };
  const user = {
    username: 'root',
    password: 'any-horse',
    fields: { email: 'a@b.de' },
    schemas: ['public'],
    update: false,
  };
  try {
    launch.timeoutSeconds = 0.5;
    const late = { code: 'COMMAND_TIMED_OUT', exitCode: 1, hint: expect.stringContaining('commandSeconds') as string };
    await expect(limited.ensureTenant(tenant)).rejects.toMatchObject(late);
    await expect(limited.ensureSuperuser(user)).rejects.toMatchObject(late);
    await expect(limited.run({ command: 'migrate_schemas', args: ['--schema', 'waits'] })).rejects.toMatchObject(late);
    launch.timeoutSeconds = 600;
    // The row of the first one may have been saved before its limit; what is left of it takes no time.
    const other = { ...tenant, schema: 'waits_too', domain: 'too.localhost' };
    const ended = [limited.ensureTenant(other), limited.ensureSuperuser(user)].map((request) =>
      expect(request).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 }),
    );
    controller.abort();
    await Promise.all(ended);
  } finally {
    await limited.close();
  }
});
