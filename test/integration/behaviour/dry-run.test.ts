import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { withPendingMigration } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';

const CREDENTIALS = { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'correct horse' };

/** Every file below a folder with its content; what Python caches is no part of a project. */
const treeOf = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []); // Not there: empty.
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'));
  const named = await Promise.all(
    files
      .filter((entry) => !entry.parentPath.endsWith('__pycache__'))
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const hash = createHash('sha256')
          .update(await readFile(file))
          .digest('hex');
        return [path.relative(directory, file), hash] as const;
      }),
  );
  return Object.fromEntries(named.sort(([left], [right]) => left.localeCompare(right)));
};

/** Relations with the number of their rows, and every tenant and user. */
const databaseOf = async (site: Site): Promise<unknown> => {
  const relations = await site.sql(
    `SELECT n.nspname || '.' || c.relname AS name, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
  );
  const counts = await Promise.all(
    relations
      .filter(({ kind }) => kind === 'r')
      .map(({ name }) => site.sql(`SELECT $1::text AS name, count(*)::int AS rows FROM ${String(name)}`, [name])),
  );
  const schemas = await site.sql('SELECT nspname FROM pg_namespace ORDER BY 1');
  return { relations, counts, schemas };
};

/** What one run leaves behind for the next: everything but the record of the run itself. */
const stateOf = async (directory: string): Promise<unknown> => {
  const tree = Object.entries(await treeOf(directory));
  return tree.filter(([name]) => !/last-run\.json$|running\.json$|\.log$/.test(name));
};

const snapshot = async (site: Site, stateDirectory: string) => ({
  database: await databaseOf(site),
  project: await treeOf(site.project.root),
  state: await stateOf(stateDirectory),
});

describe('--dry-run changes nothing', () => {
  test('where nothing is there yet, and says what would be done', async () => {
    const config = { steps: [{ id: 'seed', command: ['touch', 'seeded'] }] };
    await withSite({ config, env: CREDENTIALS }, async (site) => {
      const first = await site.run(['--dry-run']);
      const before = await snapshot(site, first.stateDirectory);
      const run = await site.run(['--dry-run']);
      expect(run.exitCode).toBe(0);
      expect(run.report.outcome).toBe('would-change');
      expect(run.report.djangoStarts).toBe(1);
      const { status, actions } = run.step('shared-migrations');
      expect(status).toBe('would-change');
      expect(actions[0]).toBe('python manage.py migrate_schemas --shared --fake-initial --noinput');
      expect(actions).toContain('apply accounts.0001_initial');
      expect(run.step('super-tenant').actions.join()).toContain('create_super_tenant');
      expect(run.step('superuser').status).toBe('would-change');
      expect(run.step('seed').status).toBe('would-change');
      expect(await snapshot(site, run.stateDirectory)).toEqual(before);
      expect(before.database).toMatchObject({ relations: [] });
    });
  });

  test('where tenants are behind, and names them', async () => {
    await withSite({ start: 12, variations: [withPendingMigration('notices')] }, async (site) => {
      const first = await site.run(['--dry-run']);
      const before = await snapshot(site, first.stateDirectory);
      const run = await site.run(['--dry-run']);
      expect(run.exitCode).toBe(0);
      expect(run.step('tenant-migrations').actions).toContain('migrate t007 (1 pending)');
      expect(await snapshot(site, run.stateDirectory)).toEqual(before);

      const shown = await site.show(['--dry-run']);
      expect(shown.stdout).toContain('Dry run, nothing was changed');
      expect(shown.stdout).toContain('migrate t012 (1 pending)');
    });
  });

  test('and installs nothing', async () => {
    await withSite({ dependencies: true }, async (site) => {
      const before = await treeOf(site.project.root);
      const run = await site.run(['--dry-run']);
      expect(run.exitCode).toBe(0);
      expect(run.status('backend-dependencies')).toBe('would-change');
      expect(run.step('backend-dependencies').actions.join('\n')).toContain('requirements.txt');
      expect(run.step('frontend-dependencies').actions.join('\n')).toContain('npm');
      for (const id of ['database', 'shared-migrations', 'guest-tenant']) expect(run.status(id)).toBe('would-change');
      expect(await treeOf(site.project.root)).toEqual(before);
      expect(await databaseOf(site)).toMatchObject({ relations: [] });
    });
  });
});

describe('--if-needed', () => {
  test('says in one line that there is nothing to do, with one Django start at the most', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      const shown = await site.show(['--if-needed']);
      expect(shown.exitCode).toBe(0);
      expect(shown.stdout).toMatch(/^Nothing to do: .*\n$/);
      expect(shown.stderr).toBe('');
      const run = await site.run(['--if-needed']);
      expect(run.report.outcome).toBe('unchanged');
      expect(run.report.djangoStarts).toBeLessThanOrEqual(1);
    });
  });

  test('heals what is missing, with one Django start', async () => {
    await withSite({ start: 'ready', variations: [withPendingMigration('notices')] }, async (site) => {
      await site.sql(`DELETE FROM customers_domain WHERE domain = 'localhost'`);
      const run = await site.run(['--if-needed']);
      expect(run.exitCode).toBe(0);
      expect(run.report).toMatchObject({ outcome: 'done', djangoStarts: 1 });
      for (const id of ['shared-migrations', 'super-tenant', 'tenant-migrations'])
        expect(run.status(id)).toBe('changed');
      expect(await site.sql(`SELECT 1 FROM customers_domain WHERE domain = 'localhost'`)).toHaveLength(1);
    });
  });

  test('tells what stands in the way', async () => {
    await withSite(
      { start: 'ready', env: { DATABASE_URL: 'postgresql://nobody:wrong@127.0.0.1:1/none' } },
      async (site) => {
        const config = path.join(site.project.root, 'devsetup.config.json');
        const { writeFile } = await import('node:fs/promises');
        await writeFile(config, JSON.stringify({ database: { waitSeconds: 0.2 } }));
        const shown = await site.show(['--if-needed']);
        expect(shown.exitCode).toBe(1);
        expect(shown.stdout).toContain('127.0.0.1:1');
        expect(shown.stdout).toContain('What to do:');
      },
    );
  });
});
