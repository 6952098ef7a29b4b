import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { startCompanion } from '../../../../src/django/start-companion.ts';
import type { DjangoClient } from '../../../../src/django/companion-client.ts';
import type { CompanionLaunch } from '../../../../src/django/open-companion.ts';
import { removeFolder } from '../../../support/remove-folder.ts';
import { DJANGO_52, ensureVenv } from '../../../support/venv.ts';

export const MANAGE_PY = `#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')
    try:
        from django.core.management import execute_from_command_line
    except ImportError as exc:
        raise ImportError("Couldn't import Django.") from exc
    execute_from_command_line(sys.argv)


if __name__ == '__main__':
    main()
`;

export const SETTINGS = `
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = 'only for tests'
DEBUG = True
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'shop']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
USE_TZ = True
`;

/** Files by relative path; those of a small SQLite project are added. */
export type Files = Readonly<Record<string, string>>;

export interface DjangoProject {
  readonly directory: string;
  readonly launch: CompanionLaunch;
  /** Everything printed outside of requests. */
  readonly output: () => string;
}

/** A management command of the app \`shop\`: the body of \`handle\`, indented by eight spaces. */
export const command = (body: string): string => `import os, signal, subprocess, sys, threading, time
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument('words', nargs='*')

    def handle(self, *args, **options):
${body.replace(/^/gm, '        ')}
`;

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A project in a temporary folder that is removed after the test. */
export const createProject = async (
  files: Files = {},
  commands: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
  requirements: readonly string[] = DJANGO_52,
): Promise<DjangoProject> => {
  // Another interpreter with Django, django-environ and python-decouple can be tried by hand.
  const python = process.env['DEVSETUP_TEST_PYTHON'] ?? (await ensureVenv(requirements)).python;
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-companion-')));
  cleanups.push(() => removeFolder(directory));
  const all: Record<string, string> = {
    'manage.py': MANAGE_PY,
    'mysite/__init__.py': '',
    'mysite/settings.py': SETTINGS,
    'shop/__init__.py': '',
    'shop/management/__init__.py': '',
    'shop/management/commands/__init__.py': '',
    ...Object.fromEntries(
      Object.entries(commands).map(([name, body]) => [`shop/management/commands/${name}.py`, command(body)]),
    ),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  let output = '';
  const launch: CompanionLaunch = {
    python,
    managePy: 'manage.py',
    directory,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    onOutput: (chunk) => void (output += chunk),
    signal: new AbortController().signal,
    timeoutSeconds: 600,
  };
  return { directory, launch, output: () => output };
};

/** Starts the companion and closes it after the test. */
export const start = async (project: DjangoProject): Promise<DjangoClient> => {
  const client = await startCompanion(project.launch);
  cleanups.push(() => client.close());
  return client;
};

/** Runs a command and gives its exit code with what it printed. */
export const runAndRead = async (
  client: DjangoClient,
  name: string,
  args: readonly string[] = [],
): Promise<{ exitCode: number; output: string }> => {
  let output = '';
  const result = await client.run({ command: name, args }, { onOutput: (chunk) => void (output += chunk) });
  return { exitCode: result.exitCode, output };
};
