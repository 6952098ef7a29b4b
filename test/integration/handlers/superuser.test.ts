import { describe, expect, test } from 'vitest';

import type { SuperuserParams } from '../../../src/django/companion-client.ts';
import { PLAIN } from '../../support/venv.ts';
import { createProject, start, type Files } from '../companion/support/django-project.ts';
import {
  addRows,
  createModel,
  GENERATIONS,
  migrateShared,
  migrateTenants,
  migration,
  sql,
  startShared,
  startSite,
} from './support/tenant-site.ts';

const AUTH = ['django.contrib.contenttypes', 'django.contrib.auth'];
const ROOT: SuperuserParams = { username: 'root', password: 'pa$$ "word', fields: {}, schemas: null, update: false };

/** A user model that signs in by mail, has no manager with get_by_natural_key's spelling rules, and asks for more. */
const PEOPLE: Files = {
  'people/__init__.py': '',
  'people/models.py': `
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

class People(BaseUserManager):
    def create_superuser(self, mail, city, badge, password):
        person = self.model(mail=mail.lower(), city=city, badge=badge, is_superuser=True)
        person.set_password(password)
        person.save()
        return person

class Person(AbstractBaseUser):
    mail = models.EmailField(unique=True)
    city = models.CharField(max_length=50)
    badge = models.IntegerField(help_text='Number on the card.')
    is_superuser = models.BooleanField(default=False)
    objects = People()
    USERNAME_FIELD = 'mail'
    REQUIRED_FIELDS = ['city', 'badge']

    @property
    def is_staff(self):
        return self.is_superuser
`,
  'people/migrations/__init__.py': '',
  'people/migrations/0001_initial.py': migration(
    '',
    createModel(
      'Person',
      `('password', models.CharField(max_length=128)), ('last_login', models.DateTimeField(null=True, blank=True)),
       ('mail', models.EmailField(max_length=254, unique=True)), ('city', models.CharField(max_length=50)),
       ('badge', models.IntegerField(help_text='Number on the card.')), ('is_superuser', models.BooleanField(default=False))`,
    ),
  ),
};

describe.each(GENERATIONS)('superuser on %s', (_title, requirements) => {
  test('is created once where users live in both lists: in public, unless tenants are named', async () => {
    const { client } = await startSite({}, requirements);
    const none = { outcome: 'missing', schemas: ['public'], missingIn: ['public'], lacking: [] };
    expect(await client.inspectSuperuser(ROOT)).toEqual(none);
    expect(await client.ensureSuperuser(ROOT)).toEqual(none);
    await migrateShared(client);
    await addRows('one', 'two');
    await migrateTenants(client, ['one']);
    expect(await client.inspectSuperuser(ROOT)).toEqual(none);

    let output = '';
    const onOutput = (chunk: string): void => void (output += chunk);
    const created = await client.ensureSuperuser(ROOT, { onOutput });
    const exists = { outcome: 'exists', schemas: ['public'], missingIn: [], lacking: [] };
    expect(created).toEqual({ ...exists, outcome: 'created' });
    expect(output + JSON.stringify(created)).not.toContain(ROOT.password);
    expect(await client.ensureSuperuser(ROOT)).toEqual(exists);
    expect(await client.inspectSuperuser(ROOT)).toEqual(exists);
    expect(await sql('SELECT username, is_superuser FROM one.auth_user')).toEqual([]);
    // A tenant sees public through its search path; its own table decides all the same.
    expect(await client.ensureSuperuser({ ...ROOT, schemas: ['one'] })).toMatchObject({ outcome: 'created' });
    expect(await sql('SELECT username, is_superuser FROM one.auth_user')).toEqual([
      { username: 'root', is_superuser: true },
    ]);
    const two = await client.ensureSuperuser({ ...ROOT, schemas: ['one', 'two'] });
    expect(two).toMatchObject({ outcome: 'missing', missingIn: ['two'] });
  });

  test('is changed only with update, and then once', async () => {
    const { client } = await startShared({}, requirements);
    await client.ensureSuperuser(ROOT);
    await sql(`UPDATE auth_user SET is_staff = false`);
    const [before] = await sql('SELECT password FROM auth_user');
    const other = { ...ROOT, password: 'another' };
    expect(await client.ensureSuperuser(other)).toMatchObject({ outcome: 'exists' });
    expect(await sql('SELECT password FROM auth_user')).toEqual([before]);

    const update = { ...other, update: true };
    expect(await client.inspectSuperuser(update)).toMatchObject({
      outcome: 'exists',
      lacking: [{ schema: 'public', lacks: ['password-differs'] }],
    });
    expect(await client.ensureSuperuser(update)).toMatchObject({ outcome: 'updated', lacking: [] });
    expect(await sql('SELECT is_staff, password FROM auth_user')).not.toEqual([{ is_staff: false, ...before }]);
    expect(await client.inspectSuperuser(update)).toMatchObject({ outcome: 'exists', lacking: [] });
    expect(await client.ensureSuperuser(update)).toMatchObject({ outcome: 'exists' });
  });

  test('needs the names of tenants where users live in tenants only', async () => {
    const { client } = await startSite(
      { shared: ['django_tenants', 'customers', 'django.contrib.contenttypes'], tenant: [...AUTH, 'crm'] },
      requirements,
    );
    await migrateShared(client);
    await addRows('one', 'two');
    await migrateTenants(client, ['one', 'two']);
    await expect(client.inspectSuperuser(ROOT)).rejects.toMatchObject({ code: 'SUPERUSER_SCHEMA_NEEDED' });
    const created = await client.ensureSuperuser({ ...ROOT, schemas: ['one'] });
    expect(created).toEqual({ outcome: 'created', schemas: ['one'], missingIn: [], lacking: [] });
    const found = await client.inspectSuperuser({ ...ROOT, schemas: ['one', 'two'] });
    expect(found).toMatchObject({ outcome: 'missing', missingIn: ['two'] });
  });

  test('of a user model of the project’s own, in shared apps: all missing fields in one error', async () => {
    const shared = ['django_tenants', 'customers', ...AUTH, 'people'];
    const { client } = await startSite(
      {
        shared,
        tenant: ['django.contrib.contenttypes', 'crm'],
        files: PEOPLE,
        settings: "AUTH_USER_MODEL = 'people.Person'",
      },
      requirements,
    );
    await migrateShared(client);
    const root = { ...ROOT, username: 'Root@Example.COM' };
    const missing = {
      code: 'SUPERUSER_FIELDS_MISSING',
      cause: {
        data: { fields: [{ name: 'city' }, { name: 'badge', type: 'IntegerField', help: 'Number on the card.' }] },
      },
    };
    await expect(client.inspectSuperuser(root)).rejects.toMatchObject(missing);
    await expect(client.ensureSuperuser(root)).rejects.toMatchObject(missing);
    const wrong = { ...root, fields: { city: 'Rome', badge: 'seven' } };
    await expect(client.ensureSuperuser(wrong)).rejects.toMatchObject({ code: 'SUPERUSER_REJECTED' });
    const complete = { ...root, fields: { city: 'Rome', badge: '7' } };
    expect(await client.ensureSuperuser(complete)).toMatchObject({ outcome: 'created', lacking: [] });
    expect(await client.ensureSuperuser(complete)).toMatchObject({ outcome: 'exists', lacking: [] });
    expect(await sql('SELECT mail, city, badge FROM people_person')).toEqual([
      { mail: 'root@example.com', city: 'Rome', badge: 7 },
    ]);
  });
});

test('superuser of a plain SQLite project', async () => {
  const client = await start(await createProject({}, {}, {}, PLAIN));
  expect(await client.inspectSuperuser(ROOT)).toMatchObject({ outcome: 'missing', schemas: [null], missingIn: [null] });
  await client.run({ command: 'migrate', args: ['-v', '0'] });
  expect(await client.ensureSuperuser(ROOT)).toMatchObject({ outcome: 'created', schemas: [null], missingIn: [] });
  expect(await client.ensureSuperuser(ROOT)).toMatchObject({ outcome: 'exists', lacking: [] });
});
