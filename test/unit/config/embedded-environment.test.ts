import { expect, test } from 'vitest';

import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { makeTree } from '../project/make-tree.ts';

test('what leads to the embedded database wins over every file and the process, and is known for it', async () => {
  const root = await makeTree({
    '.env': 'DATABASE_URL=postgres://file/x\nCELERY_URL=db+${DATABASE_URL}\nDEBUG=1',
    '.env.local': 'DATABASE_URL=postgres://local/x',
  });
  const environment = loadEnvironment({
    root,
    processEnv: { DATABASE_URL: 'postgres://process/x', HOME: '/home/me' },
    embedded: { DATABASE_URL: 'postgres://me:hidden@127.0.0.1:5433/mine', DB_PASSWORD: 'hidden' },
  });
  expect(environment.get('DATABASE_URL')).toBe('postgres://me:hidden@127.0.0.1:5433/mine');
  expect(environment.get('CELERY_URL')).toBe('db+postgres://me:hidden@127.0.0.1:5433/mine');
  expect(environment.origin('DATABASE_URL')).toBe('embedded-database');
  expect(environment.origin('HOME')).toBe('process');
  expect(environment.origin('DEBUG')).toMatchObject({ file: expect.stringMatching(/\.env$/) });
  expect(environment.secrets()).toContain('hidden');
});
