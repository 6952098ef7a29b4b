import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { expect, it } from 'vitest';

import { manageCommand } from '../../../src/commands/next-command.ts';

const PLAIN = { flags: {}, needsEnvironment: false, path: '/usr/bin:/bin' } as const;

it.each([
  ['from the root', '/site', '/site/backend', '/site/.venv/bin/python', 'cd backend && ../.venv/bin/python manage.py'],
  ['from beside manage.py', '/site', '/site', '/site/.venv/bin/python', '.venv/bin/python manage.py'],
  ['from elsewhere', '/home/me/somewhere/else', '/site', '/venv/bin/python', 'cd /site && /venv/bin/python manage.py'],
  [
    'with a space in it',
    '/site',
    '/site/my backend',
    '/usr/bin/python3',
    "cd 'my backend' && /usr/bin/python3 manage.py",
  ],
])('%s', (_, cwd, directory, interpreter, expected) => {
  expect(manageCommand({ ...PLAIN, cwd, directory, interpreter })).toBe(expected);
});

it('calls the interpreter of an activated environment by its name, and no other one', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'devsetup-path-'));
  try {
    const [active, other] = ['active', 'other'].map((name) => {
      const bin = path.join(folder, name, 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(path.join(bin, 'python'), '');
      return bin;
    });
    const places = { ...PLAIN, cwd: '/site', directory: '/site', interpreter: `${active}/python` };
    expect(manageCommand({ ...places, path: `/nowhere:${active}:${other}` })).toBe('python manage.py');
    expect(manageCommand({ ...places, path: `${other}:${active}` })).toBe(`${active}/python manage.py`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each([
  [{}, 'cd backend && npx devsetup exec -- python manage.py'],
  [{ db: 'embedded' }, 'cd backend && npx devsetup exec --db embedded -- python manage.py'],
  [
    { project: 'my site', config: '../other.json' },
    "cd backend && npx devsetup exec --project '/site/my site' --config /other.json -- python manage.py",
  ],
] as const)('where Django needs what devsetup gives it, with the flags %j', (flags, expected) => {
  const places = { ...PLAIN, cwd: '/site', directory: '/site/backend', interpreter: '/site/.venv/bin/python' };
  expect(manageCommand({ ...places, flags, needsEnvironment: true })).toBe(expected);
});
