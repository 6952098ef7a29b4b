import { describe, expect, test } from 'vitest';

import { plainDjango } from '../../support/variations.ts';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { withSite, type Site } from '../behaviour/support/site.ts';

/** As after `migrate --fake` on another machine, or a restored dump of the tables alone. */
const forget = async (site: Site): Promise<void> => {
  await site.sql(`DELETE FROM public.django_migrations WHERE app = 'sessions'`);
  for (const schema of ['t001', 't002'])
    await site.sql(`DELETE FROM ${schema}.django_migrations WHERE app = 'notices'`);
};

describe('tables that exist before their initial migration', () => {
  test('dev: are recorded as applied, by name', async () => {
    await withSite({ start: 2 }, async (site) => {
      await site.sql(`DELETE FROM public.django_migrations WHERE app = 'sessions'`);
      const run = await site.run(['migrate', '--environment', 'dev']);
      expect(run.exitCode).toBe(0);
      expect(run.step('shared-migrations').data['faked']).toEqual(['sessions.0001_initial']);
    });
  });

  test('prod: are warned of, and never faked; the failure names the setting that allows it', async () => {
    await withSite({ start: 2 }, async (site) => {
      await forget(site);
      const look = await site.run(['migrate', '--environment', 'prod', '--dry-run']);
      expect(look.step('shared-migrations').warnings.join()).toContain(
        'the tables of sessions.0001_initial exist in public',
      );

      const run = await site.run(['migrate', '--environment', 'prod']);
      expect(run.exitCode).toBe(1);
      const { warnings } = run.step('shared-migrations');
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('--fake-initial would record it, and is not used in prod');
      expect(run.failure('shared-migrations').hint).toContain('"environments": { "prod": { "fakeInitial": true } }');
      expect(await site.sql(`SELECT 1 FROM django_migrations WHERE app = 'sessions'`)).toEqual([]);
    });
  });

  test.each([
    ['psycopg 2', DJANGO_42],
    ['psycopg 3', DJANGO_52],
  ])('prod: those of tenants, too, with the tenants (%s)', async (_, requirements) => {
    await withSite({ start: 2, requirements }, async (site) => {
      for (const schema of ['t001', 't002'])
        await site.sql(`DELETE FROM ${schema}.django_migrations WHERE app = 'notices'`);
      const run = await site.run(['migrate']);
      expect(run.exitCode).toBe(1);
      expect(run.step('tenant-migrations').warnings.join()).toContain(
        'the tables of notices.0001_initial exist in t001, t002',
      );
      expect(run.failure('tenant-migrations').hint).toContain('"fakeInitial": true');
    });
  });

  test('the setting of the environment allows it', async () => {
    const config = { environments: { prod: { fakeInitial: true } } };
    await withSite({ start: 2, config }, async (site) => {
      await site.sql(`DELETE FROM public.django_migrations WHERE app = 'sessions'`);
      expect((await site.run(['migrate'])).exitCode).toBe(1);
      const run = await site.run(['migrate', '--environment', 'prod']);
      expect(run.exitCode).toBe(0);
      expect(run.step('shared-migrations').data['faked']).toEqual(['sessions.0001_initial']);
      expect(run.step('shared-migrations').warnings).toEqual([]);
    });
  });

  test('in a project without tenants', async () => {
    await withSite({ variations: [plainDjango] }, async (site) => {
      await site.run(['migrate', '--environment', 'prod']);
      await site.sql(`DELETE FROM django_migrations WHERE app = 'sessions'`);
      const run = await site.run(['migrate', '--environment', 'prod']);
      expect(run.exitCode).toBe(1);
      expect(run.step('shared-migrations').warnings.join()).toContain('the tables of sessions.0001_initial exist');
      expect((await site.run(['migrate', '--environment', 'dev'])).exitCode).toBe(0);
    });
  });
});
