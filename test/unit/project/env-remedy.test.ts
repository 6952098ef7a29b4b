import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { envRemedy } from '../../../src/project/env-remedy.ts';
import type { Project } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** With `backend/` in any case. */
const remedyIn = async (tree: Tree): Promise<string> => {
  const root = await makeTree({ 'backend/manage.py': '', ...tree });
  const project = { root, backend: { directory: path.join(root, 'backend') } } as unknown as Project;
  return envRemedy(project, ['DB_NAME', 'SECRET_KEY']);
};

const SAMPLE = 'DB_NAME=\nSECRET_KEY=\n';
const VALUES = 'DB_NAME=shop\nSECRET_KEY=x\n';

describe('what to do about variables that are not set', () => {
  test.each([
    '.env.example',
    '.env.sample',
    'env.example',
    '.env.dist',
    '.env.template',
    'example.env',
    'sample.env',
    '.env-example',
    'env.sample',
    '.env.local.example',
    '.env_example',
    '.env.default',
  ])('%s is a sample', async (name) => {
    expect(await remedyIn({ [name]: SAMPLE })).toBe(`Copy ${name} to .env and fill them in.`);
  });

  test('the sample beside manage.py belongs to an .env beside manage.py', async () => {
    expect(await remedyIn({ 'backend/.env.example': SAMPLE })).toBe(
      'Copy backend/.env.example to backend/.env and fill them in.',
    );
  });

  test('an .env that is there is not overwritten', async () => {
    expect(await remedyIn({ '.env.example': SAMPLE, '.env': 'OTHER=1\n' })).toBe(
      'Add them to .env; .env.example shows how.',
    );
  });

  test('a sample that lists none of them is of no use', async () => {
    expect(await remedyIn({ '.env.example': 'OTHER=\n' })).toBe('Set them, for example in backend/.env.');
  });

  test('env files that only compose reads are named, together where one is not enough', async () => {
    expect(
      await remedyIn({
        '.envs/.local/.django': 'SECRET_KEY=x\n',
        '.envs/.local/.postgres': 'DB_NAME=shop\n',
        '.envs/.production/.django': VALUES,
      }),
    ).toContain('"envFiles": [".envs/.local/.django", ".envs/.local/.postgres"]');
  });

  test('files of other machines, without values or without all of them are not named', async () => {
    expect(
      await remedyIn({
        '.env.production': VALUES,
        '.env.staging': VALUES,
        '.env.docker': 'DB_NAME=shop\nSECRET_KEY=\n',
      }),
    ).toBe('Set them, for example in backend/.env.');
  });
});
