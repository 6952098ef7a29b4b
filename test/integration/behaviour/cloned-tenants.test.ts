import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

import { appendSettings, editProjectFile, type Variation } from '../../support/sample-project.ts';
import { withoutOwnCommands } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';

const cloning: Variation = (project) =>
  appendSettings(project, 'TENANT_CREATION_FAKES_MIGRATIONS = True\nTENANT_BASE_SCHEMA = "template"');

/** Notes every post_schema_sync in the file \`announced\`; the process is killed there while there is a file \`killed\`. */
const receiving: Variation = (project) =>
  editProjectFile(
    project,
    'backend/notices/apps.py',
    /$/,
    `
    def ready(self):
        from django_tenants.signals import post_schema_sync

        post_schema_sync.connect(receive)


def receive(sender, tenant, **kwargs):
    import os
    import signal

    if os.path.exists("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    with open("announced", "a") as file:
        print(tenant.schema_name, file=file)
`,
  );

const announced = async ({ project }: Site): Promise<readonly string[]> =>
  (await readFile(path.join(project.backend, 'announced'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

const addRow = (site: Site, schema: string): Promise<unknown> =>
  site.sql(`INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ($1, $1, '', now())`, [
    schema,
  ]);

const tablesOf = async (site: Site, schema: string): Promise<unknown> =>
  site.sql('SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = $1', [schema]);

test('the schema that tenants are cloned from is migrated first, with or without a tenant row; a missing one is named', async () => {
  await withSite({ start: 'ready', variations: [withoutOwnCommands, cloning] }, async (site) => {
    await addRow(site, 'first');
    const without = await site.run(['--only', 'tenant-migrations']);
    expect(without).toMatchObject({ exitCode: 0 });
    const [warning = ''] = without.step('tenant-migrations').warnings;
    expect(warning).toContain(
      'the schema template, which new tenants are cloned from (TENANT_BASE_SCHEMA), does not exist',
    );
    const full = await tablesOf(site, 'first');
    expect(await tablesOf(site, 'guest')).toEqual(full);

    await site.sql(/create it first: (.*)$/.exec(warning)?.[1] ?? '');
    await addRow(site, 'second');
    await site.sql(
      'DELETE FROM customers_domain WHERE tenant_id = (SELECT id FROM customers_library WHERE schema_name = $1)',
      ['guest'],
    );
    await site.sql('DELETE FROM customers_library WHERE schema_name = $1', ['guest']);
    await site.sql('DROP SCHEMA guest CASCADE');
    const plan = await site.run(['--dry-run']);
    expect(plan.status('shared-migrations')).toBe('would-change');
    expect(plan.step('shared-migrations').actions).toEqual([
      expect.stringMatching(
        /^migrate template, which new tenants are cloned from \(TENANT_BASE_SCHEMA\): \d+ pending$/,
      ),
    ]);
    const behind = await site.run(['--only', 'tenant-migrations']);
    expect(behind.failure('tenant-migrations').output.join('\n')).toMatch(
      /failed: second: New tenants are cloned from the schema "template" \(TENANT_BASE_SCHEMA\), which lacks \w+\.0001/,
    );
    expect(behind.failure('tenant-migrations').hint).toContain('devsetup --only shared-migrations');
    expect(await tablesOf(site, 'second')).toEqual([{ tables: 0 }]);

    const run = await site.run();
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.step('shared-migrations').message).toBe('migrated template, which new tenants are cloned from');
    for (const schema of ['template', 'second', 'guest']) expect(await tablesOf(site, schema)).toEqual(full);
  });
});

test('a tenant whose creation was killed before its signal is announced by the next run, also on another machine', async () => {
  await withSite({ start: 'ready', variations: [receiving] }, async (site) => {
    await addRow(site, 'branch');
    await writeFile(path.join(site.project.backend, 'killed'), '');
    const killed = await site.run();
    expect(killed.failure('tenant-migrations').code).toBe('TENANTS_FAILED');
    await rm(path.join(site.project.backend, 'killed'));
    const elsewhere = { DEVSETUP_STATE_DIR: await mkdtemp(path.join(os.tmpdir(), 'devsetup-elsewhere-')) };
    expect((await site.run(['--dry-run'], elsewhere)).step('tenant-migrations').actions).toEqual([
      'send post_schema_sync for branch (an earlier run created it and stopped before that)',
    ]);
    expect(await announced(site)).toEqual([]);
    expect(await site.run([], elsewhere)).toMatchObject({ exitCode: 0 });
    expect(await announced(site)).toEqual(['branch']);
    await rm(elsewhere.DEVSETUP_STATE_DIR, { recursive: true });
  });
});
