import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { VENVS } from '../../support/layouts/try-layout.ts';
import { removeFolder } from '../../support/remove-folder.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { ensureVenv, type Venv } from '../../support/venv.ts';

const execute = promisify(execFile);

/** Lines of `.env`, each of a kind that some readers take differently. */
const LINES = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures/env-files/lines.json'), 'utf8'),
) as Readonly<Record<string, string>>;

/** Of `.env.local`, as an editor on Windows saves it. */
const LOCAL_LINES: Readonly<Record<string, string>> = {
  IN_BOTH: 'IN_BOTH="of \\"local\\""',
  CARRIAGE_RETURN: 'CARRIAGE_RETURN=a',
  QUOTED_CARRIAGE_RETURN: 'QUOTED_CARRIAGE_RETURN="a\\\\b"',
};

const NAMES = [...new Set([...Object.keys(LINES), ...Object.keys(LOCAL_LINES)])];

/** Settings that read the files, and define `get`. */
const READERS: Readonly<Record<string, string>> = {
  'python-dotenv': `
from dotenv import load_dotenv
load_dotenv(BASE_DIR / '.env.local')
load_dotenv(BASE_DIR / '.env')
get = os.environ.get
`,
  'python-dotenv with override': `
from dotenv import load_dotenv
load_dotenv(BASE_DIR / '.env', override=True)
load_dotenv(BASE_DIR / '.env.local', override=True)
get = os.environ.get
`,
  'django-environ': `
import environ
env = environ.Env()
env.read_env(BASE_DIR / '.env.local')
env.read_env(BASE_DIR / '.env')
get = lambda name: env(name, default=None)
`,
  'python-decouple': `
from decouple import config
get = lambda name: config(name, default=None)
`,
  'django-dotenv': `
sys.path.insert(0, str(BASE_DIR / 'django-dotenv'))
from dotenv import read_dotenv
read_dotenv(str(BASE_DIR / '.env.local'))
read_dotenv(str(BASE_DIR / '.env'))
get = os.environ.get
`,
  'own code': `
for line in open(BASE_DIR / '.env'):
    name, _, value = line.rstrip('\\n').partition('=')
    os.environ.setdefault(name, value)
get = os.environ.get
`,
};

const settings = (reader: string): string => `
import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
EARLY = os.environ.get('LOOKED_UP_BEFORE')
${reader}
def ask(name):
    try:
        return get(name)
    except Exception as error:
        return 'raises ' + type(error).__name__

VALUES = {name: ask(name) for name in ${JSON.stringify(NAMES)}}
VALUES.update(EARLY=EARLY, ENVIRONMENT={name: os.environ.get(name) for name in ${JSON.stringify(NAMES)}})
SECRET_KEY = 'only for tests'
DEBUG = True
INSTALLED_APPS = ['shop']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
`;

const FILES: Readonly<Record<string, string>> = {
  'manage.py': `
import os
import sys

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  'mysite/__init__.py': '',
  'mysite/other.py': 'from .settings import *\n\nVALUES["OTHER"] = True\n',
  'shop/__init__.py': '',
  'shop/management/__init__.py': '',
  'shop/management/commands/__init__.py': '',
  'shop/management/commands/write_values.py': `
import json
from django.conf import settings
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument('file')

    def handle(self, file, **options):
        json.dump(settings.VALUES, open(file, 'w'))
`,
  '.env': `${Object.values(LINES).join('\n')}\n`,
  '.env.local': `\uFEFF${Object.values(LOCAL_LINES).join('\r\n')}\r\n`,
  'devsetup.config.json': JSON.stringify({
    backend: { installer: 'none' },
    steps: [
      { id: 'values', manage: ['write_values', 'devsetup.json'], after: 'backend-dependencies' },
      {
        id: 'program',
        command: ['python', '-c', 'import json, os; json.dump(dict(os.environ), open("program.json", "w"))'],
        after: 'values',
      },
    ],
  }),
};

let python: Venv;
let root: string;

beforeAll(async () => {
  python = await ensureVenv(VENVS['django 5.2']);
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-readers-')));
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  // Its module has the name of python-dotenv's package.
  const target = path.join(root, 'django-dotenv');
  await execute(python.python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', target, 'django-dotenv==1.4.2']);
});

afterAll(() => removeFolder(root));

type Values = Readonly<Record<string, unknown>>;

const readValues = async (file: string): Promise<Values> => JSON.parse(await readFile(path.join(root, file), 'utf8'));

describe('settings that read .env themselves', () => {
  it.each(Object.keys(READERS))('get from %s under devsetup what they get under manage.py', async (reader) => {
    await writeFile(path.join(root, 'mysite/settings.py'), settings(READERS[reader] ?? ''));
    const env = { OF_THE_PROCESS: 'of the process' };
    await execute(python.python, ['-W', 'ignore', 'manage.py', 'write_values', 'plain.json'], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
    });
    const run = await runDevsetup(['--json', '--force', '--only', 'values,program'], { cwd: root, python, env });
    expect(run.exitCode, run.stdout).toBe(0);
    const plain = await readValues('plain.json');
    expect(await readValues('devsetup.json')).toEqual(plain);
    // A program that is no part of Django: what Django has in its environment, and never what the reader would contradict.
    const program = await readValues('program.json');
    const { ENVIRONMENT: environment } = plain as { readonly ENVIRONMENT: Values };
    const own = Object.keys(LINES).filter((name) => !['OF_THE_PROCESS', 'DJANGO_SETTINGS_MODULE'].includes(name));
    for (const name of own) expect([undefined, environment[name], plain[name]], name).toContain(program[name]);
    expect(program).toMatchObject({ PLAIN: 'plain' });
    // A command of the user's own, too.
    const command = ['exec', '--', 'python', '-W', 'ignore', 'manage.py', 'write_values', 'exec.json'];
    const exec = await runDevsetup(command, { cwd: root, python, env });
    expect(exec.exitCode, exec.stderr).toBe(0);
    expect(await readValues('exec.json')).toEqual(plain);
  });

  it('are not needed for a command of the user: after a run, too, it has what devsetup gives to settings that read no file', async () => {
    await writeFile(path.join(root, 'mysite/settings.py'), settings('get = os.environ.get'));
    const run = await runDevsetup(['--json', '--force', '--only', 'values'], { cwd: root, python });
    expect(run.exitCode, run.stdout).toBe(0);
    const exec = ['exec', 'python', '-W', 'ignore', 'manage.py', 'write_values', 'exec.json'];
    expect((await runDevsetup(exec, { cwd: root, python })).exitCode).toBe(0);
    const typed = await readValues('exec.json');
    expect(typed).toEqual(await readValues('devsetup.json'));
    expect(typed).toMatchObject({ PLAIN: 'plain' });
  });

  it('are told apart from the file that holds a variable: the line that the reader skips is named', async () => {
    const reader = `${READERS['django-environ']}VALUE = env('SPACED')\n`;
    await writeFile(path.join(root, 'mysite/settings.py'), settings(reader));
    const run = await runDevsetup(['--json', '--force', '--only', 'values'], { cwd: root, python });
    const failure = run.json?.steps.find(({ id }) => id === 'values')?.failure;
    expect(failure).toMatchObject({ code: 'ENVIRONMENT_MISSING', message: expect.stringContaining('SPACED') });
    const line = `${FILES['.env']}`.split('\n').findIndex((text) => text.startsWith('SPACED')) + 1;
    expect(failure?.hint).toBe(
      `SPACED is in .env:${line}, but the project's own reader skips that line: write it as SPACED=value.`,
    );
  });

  it('keep what the configuration names in envFiles, but for the file that they open', async () => {
    await writeFile(path.join(root, 'mysite/settings.py'), settings(READERS['own code'] ?? ''));
    const config = JSON.parse(FILES['devsetup.config.json'] ?? '{}') as object;
    await writeFile(
      path.join(root, 'devsetup.config.json'),
      JSON.stringify({ ...config, envFiles: ['.env', '.env.local'] }),
    );
    const run = await runDevsetup(['--json', '--force', '--only', 'values'], { cwd: root, python });
    expect(run.exitCode, run.stdout).toBe(0);
    const found = await readValues('devsetup.json');
    // The first is of .env alone, which the settings open; the others are of .env.local.
    expect(found).toMatchObject({ QUOTED: '"a # b"', IN_BOTH: 'of "local"', QUOTED_CARRIAGE_RETURN: String.raw`a\b` });
  });
});
