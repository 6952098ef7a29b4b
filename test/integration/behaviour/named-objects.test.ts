import { randomBytes } from 'node:crypto';

import { expect, test } from 'vitest';

import { adminUrl, query } from '../../support/postgres.ts';
import { appendSettings, type Variation } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';
import { sampleOf } from '../../support/thoroughness.ts';

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

/** A login role of its own for Django, and another role, granted to it as `grant` says; '': not at all. */
const withRoles = async (
  site: Site,
  grant: string,
  use: (roles: {
    readonly login: string;
    readonly role: string;
    readonly env: Record<string, string>;
  }) => Promise<void>,
): Promise<void> => {
  const [login, role] = [newRole(), newRole()];
  const url = new URL(site.database.url);
  url.username = login;
  url.password = 'horse';
  await query(adminUrl(), `CREATE ROLE ${role}`);
  await query(adminUrl(), `CREATE ROLE ${login} LOGIN PASSWORD 'horse'`);
  if (grant !== '') await query(adminUrl(), `GRANT ${role} TO ${login} ${grant}`);
  await site.sql(`ALTER DATABASE ${site.database.name} OWNER TO ${login}`);
  await site.sql(`ALTER SCHEMA public OWNER TO ${login}`);
  try {
    await use({ login, role, env: { DATABASE_URL: url.href } });
  } finally {
    await site.sql(`ALTER DATABASE ${site.database.name} OWNER TO CURRENT_USER`);
    for (const name of [role, login]) await site.sql(`DROP OWNED BY ${name} CASCADE`);
    for (const name of [role, login]) await query(adminUrl(), `DROP ROLE ${name}`);
  }
};

const OPTIONS = {
  'the connection options': (role: string) => `{"options": "-c role=${role}"}`,
  assume_role: (role: string) => `{"assume_role": "${role}"}`,
};

test.each(sampleOf(Object.entries(OPTIONS), 2))(
  'a role that %s names and that is not granted is granted in development where the login role may',
  async (_, options) => {
    await withSite({ variations: [plainDjango] }, async (site) => {
      // As a role without superuser rights has it of a role that it created.
      await withRoles(site, 'WITH ADMIN TRUE, SET FALSE', async ({ login, role, env }) => {
        await settings(`DATABASES["default"]["OPTIONS"] = ${options(role)}`)(site.project);
        const preview = await site.run(['--dry-run'], env);
        expect(preview.step('database').actions).toContain(`GRANT "${role}" TO "${login}" WITH SET TRUE`);
        const run = await site.run([], env);
        expect(run.exitCode, run.stdout).toBe(0);
        expect(await site.sql(`SELECT tableowner FROM pg_tables WHERE tablename = 'notices_notice'`)).toEqual([
          { tableowner: role },
        ]);
        expect((await site.run(['--force'], env)).status('database')).toBe('unchanged');
      });
    });
  },
);

test('a role that the login role may not grant is reported with the statement, which is all that is missing', async () => {
  await withSite({ variations: [plainDjango] }, async (site) => {
    await withRoles(site, '', async ({ login, role, env }) => {
      await settings(`DATABASES["default"]["OPTIONS"] = ${OPTIONS.assume_role(role)}`)(site.project);
      const { code, message, hint } = (await site.run([], env)).failure('database');
      expect([code, message]).toEqual([
        'DATABASE_OBJECT_MISSING',
        `The settings change to role ${role}, which is not granted to ${login}, so no connection succeeds. devsetup does not change that: role ${login} may not do it.`,
      ]);
      await site.sql(/GRANT .*;$/.exec(hint ?? '')?.[0] ?? '');
      const again = await site.run([], env);
      expect(again.exitCode, again.stdout).toBe(0);
    });
  });
});

test('a role that another database of the server uses gets its rights in a new one', async () => {
  await withSite({ variations: [plainDjango] }, async (site) => {
    await withRoles(site, 'WITH SET TRUE', async ({ role, env }) => {
      await settings(`DATABASES["default"]["OPTIONS"] = ${OPTIONS.assume_role(role)}`)(site.project);
      const run = await site.run([], env);
      expect(run.exitCode, run.stdout).toBe(0);
      expect(run.status('database')).toBe('changed');
    });
  });
});
