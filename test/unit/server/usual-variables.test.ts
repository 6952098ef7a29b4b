import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { databaseVariables } from '../../../src/scaffold/look/database-variables.ts';

test('the names the template gives the database by are all understood: --db embedded sets them where settings cannot be read', async () => {
  const file = new URL('../../../templates/django-postgres/.devcontainer/database.env', import.meta.url);
  const names = [...(await readFile(file, 'utf8')).matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
  const found = databaseVariables(names);
  expect(found.map(({ name }) => name)).toEqual(names);
  expect(new Set(found.map(({ role }) => role))).toEqual(new Set(['url', 'host', 'port', 'name', 'user', 'password']));
});
