import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { createDatabase } from '../../support/postgres.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { createTenantUsersProject, TENANT_USERS } from '../../support/tenant-users-project.ts';
import { ensureVenv } from '../../support/venv.ts';
import { outcomeOf } from './support/site.ts';

const execute = promisify(execFile);

const EMAIL = 'ada@example.org';
const PASSWORD = 'correct horse';

/** A user in this schema, as Django's own log-in and the project's permissions see it. */
const RIGHTS = `
from django.contrib.auth import authenticate
from django_tenants.utils import schema_context
for schema in ("public", "guest"):
    with schema_context(schema):
        user = authenticate(username="${EMAIL}", password="${PASSWORD}")
        print(schema, bool(user and user.is_staff and user.is_superuser))
`;

test('django-tenant-users: the order that works is named, and the superuser can log in and administer in each tenant', async () => {
  const python = await ensureVenv(TENANT_USERS);
  const database = await createDatabase();
  const project = await createTenantUsersProject(python, database.url);
  onTestFinished(async () => {
    await project.remove();
    await database.drop();
  });
  const env = { DATABASE_URL: database.url };
  const run = async (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) =>
    outcomeOf(await runDevsetup([...args, '--json'], { cwd: project.root, env: { ...env, ...more }, python }));
  const configure = (value: object) => project.write('devsetup.config.json', JSON.stringify(value));
  const rights = async (): Promise<string> =>
    (
      await execute(python.python, ['manage.py', 'shell', '-v', '0', '-c', RIGHTS], {
        cwd: project.root,
        env: { ...process.env, ...env },
      })
    ).stdout.trim();

  // The owner of the public tenant cannot exist before it: its key is not asked for.
  const first = await run();
  const { code, hint } = first.failure('super-tenant');
  expect(code).toBe('TENANT_FIELDS_MISSING');
  expect(hint?.split('\n')[0]).toContain('"command": "create_public_tenant"');
  expect(hint).toContain('There is no users.TenantUser yet');

  const superTenant = {
    command: 'create_public_tenant',
    args: ['--domain_url', 'localhost', '--owner_email', EMAIL],
  };
  await configure({ tenants: { super: superTenant } });
  const second = await run();
  expect(second.status('super-tenant')).toBe('changed');
  // By now there is one, and the keys to choose from are named.
  expect(second.failure('guest-tenant').hint).toMatch(/owner: the key of a users\.TenantUser, for instance 1$/m);

  await configure({
    tenants: { super: superTenant, guest: { fields: { owner: 1 } } },
    superuser: { schemas: ['public', 'guest'] },
  });
  const admin = { DJANGO_SUPERUSER_EMAIL: EMAIL, DJANGO_SUPERUSER_PASSWORD: PASSWORD };
  const third = await run([], admin);
  expect(third.status('guest-tenant')).toBe('changed');
  const { code: incomplete, message } = third.failure('superuser');
  expect(incomplete).toBe('SUPERUSER_INCOMPLETE');
  expect(message).toContain('public, guest has no usable password, is refused by the admin site');

  expect((await run(['--update-superuser'], admin)).status('superuser')).toBe('changed');
  expect(await rights()).toBe('public True\nguest True');
  expect((await run([], admin)).report.outcome).toBe('unchanged');

  // Taken away in one tenant: noticed, although no column of the user has changed.
  const revoke = `
from django_tenants.utils import schema_context
from tenant_users.permissions.models import UserTenantPermissions
with schema_context("guest"):
    UserTenantPermissions.objects.update(is_superuser=False)
`;
  await execute(python.python, ['manage.py', 'shell', '-c', revoke], {
    cwd: project.root,
    env: { ...process.env, ...env },
  });
  expect((await run([], admin)).failure('superuser').message).toContain('guest has not all permissions');

  const other = { ...admin, DJANGO_SUPERUSER_EMAIL: 'grace@example.org' };
  expect((await run([], other)).status('superuser')).toBe('changed');
  expect((await run([], other)).report.outcome).toBe('unchanged');
});
