import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isDevsetupError } from '../../../src/core/errors.ts';
import type { CompanionError } from '../../../src/django/protocol.ts';
import { startCompanion } from '../../../src/django/start-companion.ts';
import { createProject, SETTINGS, start } from './support/django-project.ts';
import type { Files } from './support/django-project.ts';

const failureOf = async (files: Files, env: Readonly<Record<string, string>> = {}) => {
  const project = await createProject(files, {}, env);
  const error: unknown = await startCompanion(project.launch).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isDevsetupError(error)) throw new Error('the companion started', { cause: error });
  const cause = error.cause as CompanionError;
  const file = cause.place === null ? null : path.relative(project.directory, cause.place.file);
  return { error, cause, at: cause.place === null ? null : `${file}:${cause.place.line}` };
};

describe('settings that', () => {
  test('raise are named with exception, message, file and line', async () => {
    const { error, at, cause } = await failureOf({
      'mysite/settings.py': `${SETTINGS}\nfrom mysite.extra import load\n\nload()\n`,
      'mysite/extra.py': "def load():\n    raise ValueError('no such colour')\n",
    });
    expect(error.code).toBe('SETTINGS_FAILED');
    expect(error.message).toMatch(/ValueError: no such colour \(.*mysite\/extra\.py:2: raise ValueError/);
    expect(at).toBe('mysite/extra.py:2');
    expect(cause.place?.function).toBe('load');
    expect(cause.traceback).toMatch(/^Traceback/);
    expect(cause.traceback).not.toContain('devsetup_companion');
  });

  test('hold a syntax error are named with its own line', async () => {
    const { error, at } = await failureOf({ 'mysite/settings.py': 'A = 1\nB = = 2\n' });
    expect([error.code, at]).toEqual(['SETTINGS_FAILED', 'mysite/settings.py:2']);
    expect(error.message).toContain('SyntaxError: invalid syntax');
  });

  test('import a package that is not installed', async () => {
    const { error, at, cause } = await failureOf({
      'mysite/settings.py': `import environs_of_nobody.env\n${SETTINGS}`,
    });
    expect([error.code, at, cause.data]).toEqual([
      'DJANGO_MISSING',
      'mysite/settings.py:1',
      { module: 'environs_of_nobody' },
    ]);
    expect(error.hint).toContain('backend-dependencies');
  });

  test('import a module of the project that does not exist', async () => {
    const { error, at } = await failureOf({ 'mysite/settings.py': `from mysite.locl import X\n${SETTINGS}` });
    expect([error.code, at]).toEqual(['SETTINGS_FAILED', 'mysite/settings.py:1']);
    expect(error.message).toContain("No module named 'mysite.locl'");
  });

  test('import a name that an installed package no longer has', async () => {
    const { error, at } = await failureOf({
      'mysite/settings.py': `from django.utils.translation import ugettext\n${SETTINGS}`,
    });
    expect([error.code, at]).toEqual(['SETTINGS_FAILED', 'mysite/settings.py:1']);
  });

  test('call sys.exit', async () => {
    const { error, at } = await failureOf({ 'mysite/settings.py': "import sys\nsys.exit('set COLOUR')\n" });
    expect([error.code, at]).toEqual(['SETTINGS_FAILED', 'mysite/settings.py:2']);
    expect(error.message).toContain('set COLOUR');
  });

  test('raise KeyboardInterrupt have not been interrupted by the user', async () => {
    const { error, at } = await failureOf({ 'mysite/settings.py': 'raise KeyboardInterrupt\n' });
    expect([error.code, error.exitCode, at]).toEqual(['SETTINGS_FAILED', 1, 'mysite/settings.py:1']);
  });

  test('never end are ended by the time limit', async () => {
    const { launch } = await createProject({ 'mysite/settings.py': 'import time\ntime.sleep(600)\n' });
    await expect(startCompanion({ ...launch, timeoutSeconds: 0.5 })).rejects.toMatchObject({
      code: 'COMMAND_TIMED_OUT',
      message: 'The start of Django did not end within 0.5 seconds.',
    });
  });

  test('do not exist', async () => {
    const { error } = await failureOf({}, { DJANGO_SETTINGS_MODULE: 'nosite.settings' });
    expect(error.code).toBe('SETTINGS_FAILED');
    expect(error.message).toContain("No module named 'nosite'");
  });

  test('are used by manage.py itself and raise are still the settings', async () => {
    const { error, at } = await failureOf({
      'manage.py':
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'\nfrom django.conf import settings\nprint(settings.DEBUG)\n",
      'mysite/settings.py': 'X = 1 / 0\n',
    });
    expect([error.code, at]).toEqual(['SETTINGS_FAILED', 'mysite/settings.py:1']);
  });
});

describe('apps that', () => {
  test('raise while they are loaded', async () => {
    const { error, at } = await failureOf({
      'shop/models.py': 'from django.db import models\n\nclass Thing(models.Model):\n    owner = models.ForeignKey()\n',
    });
    expect([error.code, at]).toEqual(['APPS_FAILED', 'shop/models.py:4']);
    expect(error.message).toContain('TypeError');
  });

  test('are listed and not installed', async () => {
    const { error, cause } = await failureOf({
      'mysite/settings.py': SETTINGS.replace("'shop'", "'shop', 'crispy_nobody'"),
    });
    expect([error.code, cause.data]).toEqual(['DJANGO_MISSING', { module: 'crispy_nobody' }]);
  });
});

test('Python without Django says what to do', async () => {
  const project = await createProject();
  const fake = path.join(project.directory, 'empty');
  await mkdir(fake);
  // An interpreter without site-packages, like a virtual environment in which nothing was installed.
  await writeFile(path.join(fake, 'python'), `#!/bin/sh\nexec '${project.launch.python}' -S "$@"\n`, { mode: 0o755 });
  await expect(startCompanion({ ...project.launch, python: path.join(fake, 'python') })).rejects.toMatchObject({
    code: 'DJANGO_MISSING',
    message: expect.stringContaining('Django is not installed for') as string,
    hint: expect.stringContaining('devsetup --only backend-dependencies') as string,
  });
});

test('a start can be interrupted', async () => {
  const project = await createProject({ 'mysite/settings.py': 'import time\ntime.sleep(60)\n' });
  const controller = new AbortController();
  const failure = startCompanion({ ...project.launch, signal: controller.signal });
  setTimeout(() => controller.abort(), 500);
  await expect(failure).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 });
});

test('an engine whose driver is not installed is named', async () => {
  // Django loads the engine together with the models of the first app.
  const { error } = await failureOf({ 'mysite/settings.py': SETTINGS.replace('backends.sqlite3', 'backends.mysql') });
  expect(error).toMatchObject({ code: 'DJANGO_MISSING', message: expect.stringContaining('MySQLdb') as string });
});

test('without models the engine is not needed to start, and the first use of the database names the driver', async () => {
  const project = await createProject(
    {
      'mysite/settings.py': SETTINGS.replace('backends.sqlite3', 'backends.mysql').replace(
        /'django\.contrib\.\w+', /g,
        '',
      ),
    },
    { touch: 'from django.db import connection\nconnection.ensure_connection()' },
  );
  const client = await start(project);
  expect(client.description).toMatchObject({ database: { vendor: null }, user: { model: '' } });
  expect(await client.run({ command: 'touch', args: [] })).toMatchObject({
    exitCode: 1,
    error: { code: 'DJANGO_MISSING' },
  });
});
