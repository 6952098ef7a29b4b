import { expect, it } from 'vitest';

import { nextCommand } from '../../../src/commands/next-command.ts';

it.each([
  [
    'from the root',
    '/site',
    '/site/backend',
    '/site/.venv/bin/python',
    'cd backend && ../.venv/bin/python manage.py runserver',
  ],
  ['from beside manage.py', '/site', '/site', '/site/.venv/bin/python', '.venv/bin/python manage.py runserver'],
  [
    'from elsewhere',
    '/home/me/somewhere/else',
    '/site',
    '/venv/bin/python',
    'cd /site && /venv/bin/python manage.py runserver',
  ],
  [
    'with a space in it',
    '/site',
    '/site/my backend',
    '/usr/bin/python3',
    "cd 'my backend' && /usr/bin/python3 manage.py runserver",
  ],
])('%s', (_, cwd, directory, interpreter, expected) => {
  expect(nextCommand({ cwd, directory, interpreter, flags: {}, needsEnvironment: false })).toBe(expected);
});

it.each([
  [{}, 'cd backend && npx devsetup exec -- python manage.py runserver'],
  [{ db: 'embedded' }, 'cd backend && npx devsetup exec --db embedded -- python manage.py runserver'],
  [
    { project: 'my site', config: '../other.json' },
    "cd backend && npx devsetup exec --project '/site/my site' --config /other.json -- python manage.py runserver",
  ],
] as const)('where Django needs what devsetup gives it, with the flags %j', (flags, expected) => {
  const places = { cwd: '/site', directory: '/site/backend', interpreter: '/site/.venv/bin/python' };
  expect(nextCommand({ ...places, flags, needsEnvironment: true })).toBe(expected);
});
