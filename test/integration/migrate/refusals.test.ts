import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { withSite } from '../behaviour/support/site.ts';
import { appendSettings } from '../../support/sample-project.ts';

const PROD = ['migrate', '--environment', 'prod'];

describe('a database address that cannot be meant is refused before Django starts', () => {
  test.each([
    ['', 'DATABASE_URL is empty'],
    ['***', 'DATABASE_URL is masked'],
    ['postgres://app:***@db.example.com:5432/shop', 'DATABASE_URL is masked'],
    ['${{ secrets.DATABASE_URL }}', 'DATABASE_URL holds an expression'],
    ['postgres://app:${{ secrets.PASSWORD }}@db.example.com/shop', 'DATABASE_URL holds an expression'],
    ['$DATABASE_URL', 'DATABASE_URL holds an expression'],
    ['postgres://app:secret-horse@${DB_HOST}/shop', 'DATABASE_URL holds an expression'],
  ])('%s', async (url, words) => {
    await withSite(
      { variations: [(project) => appendSettings(project, 'raise SystemExit("Django was started")')] },
      async (site) => {
        const run = await site.show([...PROD, '--json'], { DATABASE_URL: url });
        expect(run.exitCode).toBe(2);
        const document = JSON.parse(run.stdout) as { error: { code: string; message: string; hint: string } };
        expect(document.error.code).toBe('DATABASE_REFUSED');
        expect(document.error.message).toContain(words);
        expect(document.error.hint).toContain('gh secret set DATABASE_URL --env prod');
        expect(document.error.hint).toContain('"environment: prod"');
        expect(run.stdout + run.stderr).not.toContain('secret-horse');
        expect(run.stdout + run.stderr).not.toContain('Django was started');
      },
    );
  });

  test('the secret and the variable are those of the environment', async () => {
    const config = {
      environments: { staging: { databaseUrlVariable: 'SHOP_DB', databaseUrlSecret: 'STAGING_DB_URL' } },
    };
    await withSite({ config }, async (site) => {
      const run = await site.show(['migrate', '--environment', 'staging'], { SHOP_DB: '' });
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain('SHOP_DB is empty');
      expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('gh secret set STAGING_DB_URL --env staging');
    });
  });

  test('discrete variables that are masked or unexpanded', async () => {
    await withSite({}, async (site) => {
      const run = await site.show(PROD, {
        DATABASE_URL: undefined,
        DB_HOST: '${{ vars.DB_HOST }}',
        DB_PASSWORD: '***',
      });
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain('DB_HOST holds an expression');
      expect(run.stderr).toContain('DB_PASSWORD is masked');
    });
  });
});

describe('what the settings ended up with', () => {
  test('an empty variable behind an empty setting is a secret that does not exist: exit code 2', async () => {
    await withSite({}, async (site) => {
      const run = await site.run(PROD, {
        DATABASE_URL: undefined,
        DB_HOST: '127.0.0.1',
        DB_NAME: 'shop',
        DB_PASSWORD: '',
      });
      expect(run.exitCode).toBe(2);
      expect(run.report.exitCode).toBe(2);
      const { code, message, hint } = run.failure('database');
      expect(code).toBe('DATABASE_REFUSED');
      expect(message).toContain('DB_PASSWORD (PASSWORD of DATABASES in the settings) is empty');
      expect(hint).toContain('gh secret set DB_PASSWORD --env prod');
    });
  });

  test('an empty value that no variable explains is left to the driver', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      const { host, port, name, user, password } = site.database;
      const env = { DATABASE_URL: undefined, DB_HOST: host, DB_PORT: String(port), DB_NAME: name, DB_USER: user };
      const run = await site.run(PROD, { ...env, PGPASSWORD: password });
      expect(run.exitCode).toBe(0);
    });
  });
});

test('an environment that nobody knows is a mistake in usage, with the name that was meant', async () => {
  await withSite({ config: { environments: { staging: {} } } }, async (site) => {
    const run = await site.show(['migrate', '--environment', 'stagin']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('there is no environment "stagin"; known are dev, uat, prod, staging');
    expect(run.stderr).toContain('Did you mean staging?');
  });
});

test('the settings module is that of the environment, unless the process says another', async () => {
  const config = { environments: { uat: { settingsModule: 'config.settings_uat' } } };
  await withSite({ start: 'ready', config }, async (site) => {
    const file = path.join(site.project.backend, 'config/settings_uat.py');
    await writeFile(file, 'from config.settings import *\nopen(__file__ + ".was-loaded", "w").close()\n');
    expect((await site.run(['migrate', '--environment', 'uat'])).exitCode).toBe(0);
    await readFile(`${file}.was-loaded`);
    const other = await site.show(['migrate', '--environment', 'uat'], { DJANGO_SETTINGS_MODULE: 'config.nowhere' });
    expect(other.exitCode).toBe(1);
    expect(other.stdout).toContain('config.nowhere');
  });
});
