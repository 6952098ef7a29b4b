import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { withSite, type Site } from './support/site.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const execute = promisify(execFile);

const PASSWORD = 'correct horse';
const CREDENTIALS = { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: PASSWORD };

/** What Django itself says of the user's log-in. */
const logsIn = async (site: Site): Promise<boolean> => {
  const code = `from django.contrib.auth import authenticate; user = authenticate(username='ada', password=${JSON.stringify(PASSWORD)}); print(bool(user and user.is_staff and user.has_perm('accounts.change_user')))`;
  const env = { ...process.env, ...(site.env as Record<string, string>) };
  const { stdout } = await execute(site.python.python, ['manage.py', 'shell', '-c', code], {
    cwd: site.project.backend,
    env,
  });
  return stdout.trim().endsWith('True');
};

describe('a superuser that cannot log in or administer does not count as existing, and --update-superuser helps', () => {
  test.each(
    sampleOf(
      [
        ['is not active', 'UPDATE accounts_user SET is_active = false', 'is not active'],
        ['has no usable password', "UPDATE accounts_user SET password = '!unusable'", 'no usable password'],
        ['is not staff', 'UPDATE accounts_user SET is_staff = false', 'refused by the admin site'],
        ['is not a superuser', 'UPDATE accounts_user SET is_superuser = false', 'not all permissions'],
      ],
      2,
    ),
  )('one that %s', async (_, statement, says) => {
    await withSite({ start: 'ready', env: CREDENTIALS }, async (site) => {
      expect((await site.run()).status('superuser')).toBe('changed');
      expect((await site.run()).report.outcome).toBe('unchanged');
      await site.sql(statement);
      const run = await site.run();
      expect(run.exitCode).toBe(1);
      const { code, message, hint } = run.failure('superuser');
      expect(code).toBe('SUPERUSER_INCOMPLETE');
      expect(message).toContain(says);
      expect(hint).toContain('--update-superuser');
      expect((await site.run(['--update-superuser'])).status('superuser')).toBe('changed');
      expect(await logsIn(site)).toBe(true);
      expect((await site.run()).report.outcome).toBe('unchanged');
    });
  });
});

test('a changed DJANGO_SUPERUSER_PASSWORD is noticed by a run that finds nothing else to do', async () => {
  await withSite({ start: 'ready', env: CREDENTIALS }, async (site) => {
    await site.run();
    expect((await site.run()).report.outcome).toBe('unchanged');
    const run = await site.run([], { DJANGO_SUPERUSER_PASSWORD: 'battery staple' });
    expect(run.step('superuser').message).toContain('with another password');
    expect(run.stdout + run.stderr).not.toContain('battery staple');
  });
});

/** Rights are kept in a field of the project's own, as Django's documentation shows it; none of Django's columns is there. */
const ownRights: Variation = async (project) => {
  await editProjectFile(
    project,
    'backend/accounts/models.py',
    /$/,
    `

def _is_admin(user):
    return user.display_name == "administrator"


User.is_superuser = property(_is_admin, lambda user, value: None)
User.is_staff = property(_is_admin, lambda user, value: None)
User.has_perm = lambda user, perm, obj=None: _is_admin(user)
`,
  );
};

test('what --update-superuser cannot reach is named, and not reported as done', async () => {
  await withSite({ start: 'ready', variations: [ownRights], env: CREDENTIALS }, async (site) => {
    const created = await site.run();
    expect(created.exitCode).toBe(1);
    expect(created.failure('superuser')).toMatchObject({
      code: 'SUPERUSER_INCOMPLETE',
      message: expect.stringMatching(/is_staff.*has_perm/),
    });
    const updated = await site.run(['--update-superuser']);
    expect(updated.failure('superuser').code).toBe('SUPERUSER_INCOMPLETE');
    await site.sql("UPDATE accounts_user SET display_name = 'administrator'");
    const run = await site.run(['--update-superuser']);
    expect(run.exitCode).toBe(0);
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

/** Every user belongs to a library; createsuperuser does not ask for it. */
const belongsToLibrary: Variation = async (project) => {
  await writeProjectFile(
    project,
    'backend/accounts/migrations/0099_library.py',
    `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "LEAF"), ("customers", "CUSTOMERS")]
    operations = [
        migrations.AddField("user", "library", models.ForeignKey("customers.Library", on_delete=models.CASCADE)),
    ]
`,
  );
};

test('a row the superuser belongs to is asked for by the keys there are', async () => {
  const variation: Variation = async (project) => {
    await belongsToLibrary(project);
    const leaf = async (app: string): Promise<string> => {
      const { readdir } = await import('node:fs/promises');
      const names = (await readdir(`${project.backend}/${app}/migrations`)).filter((name) => /^00[0-8]\d_/.test(name));
      return (names.toSorted().at(-1) ?? '').replace(/\.py$/, '');
    };
    const file = 'backend/accounts/migrations/0099_library.py';
    await editProjectFile(project, file, 'LEAF', await leaf('accounts'));
    await editProjectFile(project, file, 'CUSTOMERS', await leaf('customers'));
    await editProjectFile(
      project,
      'backend/accounts/models.py',
      'class User(AbstractUser):\n',
      'class User(AbstractUser):\n    library = models.ForeignKey("customers.Library", on_delete=models.CASCADE)\n',
    );
  };
  await withSite({ start: 'ready', variations: [variation], env: CREDENTIALS }, async (site) => {
    const run = await site.run();
    const { code, hint } = run.failure('superuser');
    expect(code).toBe('SUPERUSER_FIELDS_MISSING');
    expect(hint).toContain('DJANGO_SUPERUSER_LIBRARY');
    const key = /for instance (\d+)/.exec(hint ?? '')?.[1] ?? '';
    expect((await site.run([], { DJANGO_SUPERUSER_LIBRARY: key })).status('superuser')).toBe('changed');
  });
});
