import { readdir } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { tenantOnlyUsers, usersInBothLists, withoutOwnCommands } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

const CREDENTIALS = { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'correct horse' };

test('without credentials it is skipped, and the variables to set are named', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    const { status, message } = (await site.run()).step('superuser');
    expect(status).toBe('skipped');
    expect(message).toContain('DJANGO_SUPERUSER_USERNAME');
    expect(message).toContain('DJANGO_SUPERUSER_PASSWORD');
  });
});

test('created once, never overwritten unasked, updated when asked; the password is nowhere to be read', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    const created = await site.run([], { ...CREDENTIALS, DJANGO_SUPERUSER_EMAIL: 'ada@example.org' });
    expect(created.status('superuser')).toBe('changed');
    const user = 'SELECT password, email, is_superuser, is_staff FROM accounts_user';
    const [first] = await site.sql(user);
    expect(first).toMatchObject({ email: 'ada@example.org', is_superuser: true, is_staff: true });
    expect(created.stdout + created.stderr).not.toContain('correct horse');

    const other = { ...CREDENTIALS, DJANGO_SUPERUSER_PASSWORD: 'battery staple' };
    const exists = await site.run([], other);
    expect(exists.status('superuser')).toBe('unchanged');
    expect(exists.step('superuser').message).toContain('with another password');
    expect(exists.step('superuser').details.join()).toContain('--update-superuser');
    expect(await site.sql(user)).toEqual([first]);

    await site.sql('UPDATE accounts_user SET is_superuser = false');
    const noticed = await site.run([], other);
    expect(noticed.failure('superuser')).toMatchObject({
      code: 'SUPERUSER_INCOMPLETE',
      message: expect.stringContaining('is_superuser'),
      hint: expect.stringContaining('--update-superuser'),
    });
    expect(await site.sql(user)).toEqual([{ ...first, is_superuser: false }]);

    const updated = await site.run(['--update-superuser'], other);
    expect(updated.status('superuser')).toBe('changed');
    const [last] = await site.sql(user);
    expect(last).toMatchObject({ is_superuser: true });
    expect(last?.['password']).not.toBe(first?.['password']);
    expect((await site.run(['--update-superuser'], other)).status('superuser')).toBe('unchanged');
  });
});

/** Logs in by e-mail, and wants to know two things more. */
const emailUsers: Variation = async (project) => {
  await writeProjectFile(
    project,
    'backend/accounts/models.py',
    `from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class Manager(UserManager):
    def create_superuser(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    username = None
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    language = models.CharField(max_length=10)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name", "language"]
    objects = Manager()
`,
  );
  const operations = `operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.RemoveField("user", "username"),
        migrations.AlterField("user", "email", models.EmailField(max_length=254, unique=True)),
    ]`;
  await writeProjectFile(
    project,
    'backend/accounts/migrations/0099_email.py',
    `from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("accounts", "LEAF")]\n    ${operations}\n`,
  );
  await editProjectFile(project, 'backend/accounts/migrations/0099_email.py', 'LEAF', await leafOf(project.backend));
  await writeProjectFile(project, 'backend/accounts/admin.py', '');
};

const leafOf = async (backend: string): Promise<string> => {
  const names = (await readdir(`${backend}/accounts/migrations`)).filter((name) => /^00[0-8]/.test(name)).sort();
  return (names.at(-1) ?? '').replace(/\.py$/, '');
};

test('a user model that logs in by e-mail, with required fields: all that are missing are named at once', async () => {
  await withSite({ start: 'ready', variations: [emailUsers] }, async (site) => {
    const base = { DJANGO_SUPERUSER_EMAIL: 'ada@example.org', DJANGO_SUPERUSER_PASSWORD: 'correct horse' };
    const missing = await site.run([], base);
    expect(missing.exitCode).toBe(1);
    const { code, message, hint } = missing.failure('superuser');
    expect(code).toBe('SUPERUSER_FIELDS_MISSING');
    for (const name of ['DISPLAY_NAME', 'LANGUAGE']) {
      expect(`${message}\n${hint}`).toContain(`DJANGO_SUPERUSER_${name}`);
    }

    const all = { ...base, DJANGO_SUPERUSER_DISPLAY_NAME: 'Ada L.', DJANGO_SUPERUSER_LANGUAGE: 'de' };
    expect((await site.run([], all)).status('superuser')).toBe('changed');
    expect(await site.sql('SELECT email, display_name, language FROM accounts_user')).toEqual([
      { email: 'ada@example.org', display_name: 'Ada L.', language: 'de' },
    ]);
    expect((await site.run([], all)).status('superuser')).toBe('unchanged');
  });
});

describe('where users live', () => {
  test('in tenants only: the guest tenant gets the superuser', async () => {
    await withSite({ variations: [tenantOnlyUsers, withoutOwnCommands], env: CREDENTIALS }, async (site) => {
      const run = await site.run();
      expect(run.exitCode).toBe(0);
      expect(run.step('superuser').message).toContain('guest');
      expect(await site.sql('SELECT username FROM guest.accounts_user')).toEqual([{ username: 'ada' }]);
      expect(await site.sql(`SELECT to_regclass('public.accounts_user') AS there`)).toEqual([{ there: null }]);
      expect((await site.run()).report.outcome).toBe('unchanged');
    });
  });

  test('in tenants only, and no guest tenant: the configuration to add is named', async () => {
    const config = { tenants: { guest: false } };
    await withSite({ variations: [tenantOnlyUsers, withoutOwnCommands], config, env: CREDENTIALS }, async (site) => {
      const run = await site.run();
      expect(run.exitCode).toBe(1);
      const { code, hint } = run.failure('superuser');
      expect(code).toBe('SUPERUSER_SCHEMA_NEEDED');
      expect(hint).toContain('"superuser"');
      expect(hint).toContain('"schemas"');
    });
  });

  test('in both lists: the public schema, or those that configuration names', async () => {
    const config = { superuser: { schemas: ['public', 'guest'] } };
    await withSite({ variations: [usersInBothLists, withoutOwnCommands], config, env: CREDENTIALS }, async (site) => {
      const run = await site.run();
      expect(run.exitCode).toBe(0);
      expect(await site.sql('SELECT username FROM public.accounts_user')).toEqual([{ username: 'ada' }]);
      expect(await site.sql('SELECT username FROM guest.accounts_user')).toEqual([{ username: 'ada' }]);
      expect((await site.run()).report.outcome).toBe('unchanged');
    });
  });
});
