import { randomBytes } from 'node:crypto';

import { expect, test } from 'vitest';

import { appendSettings, type Variation } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

const settings =
  (code: string): Variation =>
  (project) =>
    appendSettings(project, code);

/** Roles belong to the server, which other tests use too. */
const newRole = (): string => `web_${randomBytes(6).toString('hex')}`;

test('a schema and a role that the connection options name are created in development, and tables go there', async () => {
  const role = newRole();
  const options = settings(
    `DATABASES["default"]["OPTIONS"] = {"options": "-c search_path=app,public -c role=${role}"}`,
  );
  await withSite({ variations: [plainDjango, options] }, async (site) => {
    const preview = await site.run(['--dry-run']);
    expect(preview.step('database').actions).toContain('CREATE SCHEMA IF NOT EXISTS "app"');
    expect(await site.sql(`SELECT 1 FROM pg_namespace WHERE nspname = 'app'`)).toEqual([]);

    const run = await site.run();
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.status('database')).toBe('changed');
    expect(await site.sql(`SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'notices_notice'`)).toEqual([
      { schemaname: 'app', tableowner: role },
    ]);
    expect((await site.run(['--force'])).status('database')).toBe('unchanged');
  });
});

test('outside development nothing is created, and the printed statements are what is missing', async () => {
  const extra = settings('PG_EXTRA_SEARCH_PATHS = ["extensions"]');
  await withSite({ variations: [extra], config: { database: { create: false } } }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    const { code, hint } = run.failure('database');
    expect(code).toBe('DATABASE_OBJECT_MISSING');
    expect(await site.sql(`SELECT 1 FROM pg_namespace WHERE nspname = 'extensions'`)).toEqual([]);
    await site.sql(/CREATE .*;$/.exec(hint ?? '')?.[0] ?? '');
    const again = await site.run();
    expect(again.exitCode, again.stdout).toBe(0);
  });
});

test('a schema that is missing in the search path of a migrated database is left alone', async () => {
  const options = settings('DATABASES["default"]["OPTIONS"] = {"options": "-c search_path=later,public"}');
  await withSite({ variations: [plainDjango] }, async (site) => {
    expect((await site.run()).exitCode).toBe(0);
    await options(site.project);
    expect((await site.run()).exitCode).toBe(0);
    expect(await site.sql(`SELECT 1 FROM pg_namespace WHERE nspname = 'later'`)).toEqual([]);
  });
});
