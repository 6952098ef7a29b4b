import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { lookAtVariables, otherDatabase } from '../../../../src/scaffold/workflows/look-at-variables.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-variables-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const write = (settings: string): { readonly managePy: string; readonly directory: string } => {
  const managePy = path.join(root, 'manage.py');
  writeFileSync(managePy, 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n');
  writeFileSync(path.join(root, 'settings.py'), `import os\n${settings}\n`);
  return { managePy, directory: root };
};

const requiredBy = async (settings: string): Promise<readonly string[]> => {
  const { required } = await lookAtVariables(root, write(settings));
  return required.map(({ name, isSecret }) => `${isSecret ? 'secret' : 'variable'} ${name}`);
};

test.each<readonly [string, string, readonly string[]]>([
  ['a key of Django that may be nothing', "SECRET_KEY = os.getenv('DJANGO_SECRET_KEY')", ['secret DJANGO_SECRET_KEY']],
  ['a key of Django with a default', "SECRET_KEY = os.getenv('SECRET_KEY', 'for development')", []],
  ['a key of Django with another one behind it', "SECRET_KEY = os.getenv('SECRET_KEY') or 'for development'", []],
  ['another value that may be nothing', "STRIPE_SECRET_KEY = os.getenv('STRIPE_SECRET_KEY')", []],
  ['a value without which the settings fail', "HOSTS = os.environ['ALLOWED_HOSTS']", ['variable ALLOWED_HOSTS']],
])('a pipeline has to give what the settings cannot do without: %s', async (_, settings, names) => {
  expect(await requiredBy(settings)).toEqual(names);
});

test('says which variables decide whether the settings take the database that others name', async () => {
  const settings = 'if os.getenv("STAGE") == "live":\n    DATABASES = {"default": {"HOST": os.environ["DB_HOST"]}}';
  expect(await lookAtVariables(root, write(settings))).toMatchObject({ deciding: ['STAGE'] });
});

test('MYSQL_* name the database where that is not PostgreSQL', async () => {
  const backend = write('HOST = os.environ["MYSQL_HOST"]\nROOT = os.environ["MYSQL_ROOT_PASSWORD"]');
  expect(await otherDatabase(backend)).toEqual([{ name: 'MYSQL_HOST', role: 'host' }]);
  expect(await otherDatabase(write('HOST = os.environ["DB_HOST"]'))).toBeNull();
});
