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
  expect(nextCommand({ cwd, directory, interpreter })).toBe(expected);
});
