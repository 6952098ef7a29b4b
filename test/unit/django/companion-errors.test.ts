import { describe, expect, test } from 'vitest';
import { companionGoneError, toDevsetupError } from '../../../src/django/companion-errors.ts';
import type { CompanionError } from '../../../src/django/protocol.ts';

const CONTEXT = { python: '/venv/bin/python', managePy: 'backend/manage.py' };

const error = (details: Partial<CompanionError>): CompanionError => ({
  code: 'INTERNAL',
  type: null,
  message: '',
  traceback: '',
  place: null,
  data: {},
  ...details,
});

const PLACE = { file: '/app/mysite/settings.py', line: 12, function: '<module>', source: "KEY = os.environ['KEY']" };

describe('a failure of the companion', () => {
  test('in the settings names exception, message, file, line and source', () => {
    const shown = toDevsetupError(
      error({ code: 'SETTINGS_FAILED', type: 'KeyError', message: "'KEY'", place: PLACE }),
      CONTEXT,
    );
    expect(shown.message).toBe(
      "The settings cannot be loaded: KeyError: 'KEY' (/app/mysite/settings.py:12: KEY = os.environ['KEY'])",
    );
    expect(shown).toMatchObject({ code: 'SETTINGS_FAILED', exitCode: 1, cause: { type: 'KeyError' } });
  });

  test('in settings that wait for a named pipe does not ask to change the code', () => {
    const message = "[Errno 110] it is a named pipe, and nothing has written to it for 15 seconds: '/app/.env'";
    const shown = toDevsetupError(
      error({ code: 'SETTINGS_FAILED', type: 'TimeoutError', message, place: PLACE }),
      CONTEXT,
    );
    expect(shown.hint).toBe(
      'Start or unlock the program that writes to the pipe, then run devsetup again; or put a regular file in its place.',
    );
  });

  test.each([
    ['django', 'Django is not installed for /venv/bin/python.'],
    ['stripe', 'The Python package `stripe` is not installed for /venv/bin/python.'],
  ])('for want of %s says for which interpreter, and how to install', (module, message) => {
    const shown = toDevsetupError(error({ code: 'DJANGO_MISSING', data: { module } }), CONTEXT);
    expect(shown.message).toBe(message);
    expect(shown.hint).toContain('devsetup --only backend-dependencies');
  });

  test('offers similar commands, or the list', () => {
    const unknown = (similar: string[]) =>
      toDevsetupError(
        error({ code: 'COMMAND_UNKNOWN', message: 'There is no command `x`.', data: { similar } }),
        CONTEXT,
      );
    expect(unknown(['migrate', 'check']).hint).toBe('Did you mean migrate, check?');
    expect(unknown([]).hint).toContain('manage.py help');
  });

  test('of a code it does not know is shown all the same', () => {
    const shown = toDevsetupError(error({ code: 'NEW_ONE', type: 'x.Y', message: 'odd' }), CONTEXT);
    expect([shown.code, shown.message]).toEqual(['NEW_ONE', 'x.Y: odd']);
  });

  test('by interruption exits with 130', () => {
    expect(toDevsetupError(error({ code: 'CANCELLED' }), CONTEXT).exitCode).toBe(130);
  });

  test('carries what the project printed', () => {
    const output = ['first fill in .env'];
    const shown = toDevsetupError(error({ code: 'MANAGE_PY_NO_DJANGO' }), { ...CONTEXT, output });
    expect(shown.output).toEqual(output);
    expect(shown.message).toContain('backend/manage.py');
  });
});

test.each([
  [null, 'SIGKILL', 'SIGKILL', /memory runs out/],
  [null, 'SIGSEGV', 'SIGSEGV', /Native code crashed/],
  [null, 'SIGTERM', 'SIGTERM', /Another program/],
  [3, null, 'exit code 3', /os\._exit/],
] as const)('a process that is gone (%s, %s) says how, with the advice for that', (exitCode, signal, text, hint) => {
  const shown = companionGoneError({ startError: null, exitCode, signal, output: [] }, '`run` was running');
  expect(shown.message).toBe(`The Django process ended while \`run\` was running (${text}).`);
  expect(shown.hint).toMatch(hint);
  const request = toDevsetupError(error({ code: 'CRASHED', message: 'ended', data: { signal, exitCode } }), CONTEXT);
  expect(request.hint).toMatch(hint);
});
