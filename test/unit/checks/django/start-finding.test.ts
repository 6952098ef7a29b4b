import { expect, test } from 'vitest';

import { startFinding } from '../../../../src/checks/django/start-finding.ts';
import { DevsetupError } from '../../../../src/core/errors.ts';
import { pythonMissingError, toDevsetupError } from '../../../../src/django/companion-errors.ts';
import type { CompanionError } from '../../../../src/django/protocol.ts';

const ERROR: CompanionError = {
  code: 'SETTINGS_FAILED',
  type: 'KeyError',
  message: "'PAYMENT_KEY'",
  traceback:
    'Traceback (most recent call last):\n  File "/site/backend/config/settings.py", line 12, in <module>\n    KEY = os.environ["PAYMENT_KEY"]\nKeyError: \'PAYMENT_KEY\'\n',
  place: {
    file: '/site/backend/config/settings.py',
    line: 12,
    function: '<module>',
    source: 'KEY = os.environ["PAYMENT_KEY"]',
  },
  data: {},
};
const CONTEXT = { python: '/site/.venv/bin/python', managePy: '/site/backend/manage.py' };

test('names the place from the root, and repeats neither that nor the error as evidence', () => {
  expect(startFinding('/site', toDevsetupError(ERROR, CONTEXT), true)).toMatchObject({
    code: 'settings-failed',
    message: `The settings cannot be loaded: KeyError: 'PAYMENT_KEY' (backend/config/settings.py:12: KEY = os.environ["PAYMENT_KEY"])`,
    evidence: [],
    place: { file: 'backend/config/settings.py', line: 12, column: null },
    remedy: { command: null },
  });
});

test('what the message does not say is evidence: the place, and further lines of the error', () => {
  const error = new DevsetupError({
    code: 'SETTINGS_FAILED',
    message: 'The settings cannot be loaded.',
    cause: { ...ERROR, traceback: `${ERROR.traceback}more of it\n` },
  });
  expect(startFinding('/site', error, true)?.evidence).toEqual([
    'backend/config/settings.py:12 in <module>: KEY = os.environ["PAYMENT_KEY"]',
    "KeyError: 'PAYMENT_KEY'",
    'more of it',
  ]);
});

test('a package that is not installed has a command where there is something to install from', () => {
  const error = toDevsetupError({ ...ERROR, code: 'DJANGO_MISSING', data: { module: 'environ' } }, CONTEXT);
  expect(startFinding('/site', error, true)?.remedy.command).toBe('npx devsetup --only backend-dependencies --force');
  expect(startFinding('/site', error, false)?.remedy.command).toBeNull();
});

test('a place outside of the checkout is no place in it', () => {
  const place = { ...ERROR, place: { ...ERROR.place!, file: '/elsewhere/settings.py' } };
  expect(startFinding('/site', toDevsetupError(place, CONTEXT), true)?.place).toBeUndefined();
});

test('an interpreter that cannot be started', () => {
  expect(startFinding('/site', pythonMissingError('/site/.venv/bin/python', 'EACCES'), true)?.code).toBe(
    'python-missing',
  );
});

test('an interruption says nothing about the project', () => {
  expect(
    startFinding('/site', new DevsetupError({ code: 'CANCELLED', message: 'Interrupted.' }), true),
  ).toBeUndefined();
});
