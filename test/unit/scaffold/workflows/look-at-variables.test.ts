import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { lookAtVariables } from '../../../../src/scaffold/workflows/look-at-variables.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-variables-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const requiredBy = async (settings: string): Promise<readonly string[]> => {
  const managePy = path.join(root, 'manage.py');
  writeFileSync(managePy, 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n');
  writeFileSync(path.join(root, 'settings.py'), `import os\n${settings}\n`);
  const { required } = await lookAtVariables(root, { managePy, directory: root });
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
