import { expect, test } from 'vitest';

import { manageCommand } from '../../../../src/checks/django/manage-command.ts';
import type { PythonEnvironment } from '../../../../src/project/types.ts';

const python = (interpreter: string, source: PythonEnvironment['source']): PythonEnvironment => ({
  interpreter,
  venv: null,
  exists: true,
  source,
  basePython: interpreter,
});

test.each([
  ['/site', '/site/.venv/bin/python', '.venv', '.venv/bin/python manage.py check'],
  ['/site/backend', '/site/.venv/bin/python', '.venv', 'cd backend && ../.venv/bin/python manage.py check'],
  ['/site/back end', '/opt/venv/bin/python', '/venv', "cd 'back end' && /opt/venv/bin/python manage.py check"],
  ['/site/backend', '/any/bin/python', 'VIRTUAL_ENV', 'cd backend && python manage.py check'],
  ['/site/backend', '/usr/bin/python3', 'PATH', 'cd backend && python3 manage.py check'],
] as const)('%s with %s', (directory, interpreter, source, command) => {
  expect(manageCommand('/site', { directory, python: python(interpreter, source) }, ['check'])).toBe(command);
});
