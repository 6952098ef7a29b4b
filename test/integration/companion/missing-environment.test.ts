import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectMissing } from '../../../src/django/start-companion.ts';
import { PLAIN } from '../../support/venv.ts';
import { createProject, MANAGE_PY, SETTINGS, start } from './support/django-project.ts';

const collect = async (lines: string, env: Readonly<Record<string, string>> = {}, managePy = MANAGE_PY) => {
  const settings = `import os\n${SETTINGS}\n${lines}`;
  const project = await createProject({ 'mysite/settings.py': settings, 'manage.py': managePy }, {}, env);
  const before = (await readdir(project.directory)).sort();
  const missing = await collectMissing(project.launch);
  const names = missing.variables.map(({ name, place }) => {
    const line = settings.split('\n')[(place?.line ?? 0) - 1] ?? '';
    // The place is where the project asks for the variable.
    return place !== null && path.basename(place.file) === 'settings.py' && line.includes(name) ? name : `${name}?`;
  });
  return { names, remaining: missing.remaining, output: project.output(), directory: project.directory, before };
};

describe('missing variables are found all at once', () => {
  test.each([
    [
      'os.environ[…]',
      "A = os.environ['APP_SECRET']\nB = int(os.environ['APP_PORT'])\nC = os.environ['APP_NAME'].lower()\n",
    ],
    [
      'os.environ.get and an own exception',
      `
def need(name):
    value = os.environ.get(name)
    if not value:
        raise RuntimeError('Please set ' + name + ' in your .env')
    return value
A = need('APP_SECRET')
B = int(need('APP_PORT'))
C = need('APP_NAME')
`,
    ],
    [
      'django-environ',
      `
import environ
env = environ.Env()
A = env('APP_SECRET')
B = env.int('APP_PORT')
C = env.json('APP_NAME')
`,
    ],
    [
      'python-decouple',
      `
from decouple import config
A = config('APP_SECRET')
B = config('APP_PORT', cast=int)
C = config('APP_NAME', cast=bool)
`,
    ],
    [
      'a number from nothing',
      `
A = os.environ.get('APP_SECRET').strip()
B = int(os.getenv('APP_PORT'))
C = os.environ.get('APP_NAME') + '.example.com'
`,
    ],
  ])('%s', async (_title, lines) => {
    expect(await collect(lines)).toMatchObject({ names: ['APP_SECRET', 'APP_PORT', 'APP_NAME'], remaining: null });
  });

  test('a default of None that fails further on', async () => {
    const lines = `
from urllib.parse import urlsplit
OPTIONAL = os.environ.get('APP_OPTIONAL')
URL = os.environ.get('APP_URL')
OTHER = os.environ.get('APP_OTHER')

def name_of(url):
    parts = urlsplit(url)
    if not parts.scheme.startswith('postgres'):
        raise ValueError('unsupported scheme')
    return parts.path[1:]

NAME = name_of(URL)
`;
    expect(await collect(lines)).toMatchObject({ remaining: null, names: ['APP_URL'] });
  });

  test('a database URL through django-environ, beside variables with defaults', async () => {
    const lines = `
import environ
env = environ.Env(DEBUG=(bool, False))
DEBUG = env('DEBUG')
DATABASES = {'default': env.db('APP_DATABASE')}
KEY = env('APP_KEY')
`;
    expect(await collect(lines)).toMatchObject({ names: ['APP_DATABASE', 'APP_KEY'], remaining: null });
  });

  test('twelve of them, some on one line', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `APP_V${index}`);
    const lines = `ALL = {${names.map((name) => `'${name}': os.environ['${name}']`).join(', ')}}\n`;
    expect(await collect(lines)).toMatchObject({ names, remaining: null });
  });
});

const ALL = ['APP_DAY', 'APP_A', 'APP_B', 'APP_C', 'APP_D', 'APP_E', 'APP_F'];

describe('what devsetup tries never shows', () => {
  test('variables after a value that nothing devsetup tries satisfies are found in the same run, and no folder is left', async () => {
    const lines = `
import datetime
FIRST = datetime.datetime.strptime(os.environ['APP_DAY'], '%Y-%m-%d')
PLACE = os.environ['APP_A']
os.makedirs(BASE_DIR / PLACE, exist_ok=True)
if DEBUG:
    B = int(os.environ['APP_B'])
def need(name):
    if name not in os.environ:
        raise RuntimeError(f'Set {name}.')
    return os.environ[name]
class Mail:
    HOST = need('APP_C')
    PORT = int(need('APP_D'))
from decouple import config
OTHERS = [config('APP_E'), os.environ['APP_F'], config('APP_E2', default='e'), os.environ.get('APP_E3')]
LATER = FIRST - datetime.timedelta(days=1)
`;
    const result = await collect(lines);
    expect([...result.names].sort()).toEqual([...ALL].sort());
    expect(result.remaining).toMatchObject({
      type: 'ValueError',
      message: '',
      place: { source: expect.stringContaining('APP_DAY') as string },
    });
    expect(JSON.stringify(result)).not.toContain('standin');
    expect((await readdir(result.directory)).sort()).toEqual(result.before);
  });

  test('a variable that is optional is not listed because of the branch that it opens', async () => {
    const lines = `
DSN = os.environ.get('APP_DSN')
A = os.environ['APP_A']
if DSN:
    TOKEN = os.environ['APP_DSN_TOKEN']
USE_CACHE = os.environ.get('APP_USE_CACHE')
CACHE = os.environ['APP_CACHE_URL'] if USE_CACHE else None
LIMIT = os.environ.get('APP_LIMIT')
LIMIT = int(LIMIT) if LIMIT else 5
open('/no/such/file')
`;
    const { names, remaining } = await collect(lines);
    expect(names).toEqual(['APP_A']);
    expect(remaining?.message).toContain('/no/such/file');
  });
});

test('variables that apps and URLs ask for when they are imported are found with those of the settings', async () => {
  const project = await createProject({
    'mysite/settings.py': `import os\n${SETTINGS}\nROOT_URLCONF = 'mysite.urls'\nA = os.environ['APP_A']\n`,
    'mysite/urls.py': "import os\nfrom shop import views\nurlpatterns = []\nD = os.environ['APP_D']\n",
    'shop/models.py': "import os\nB = int(os.environ['APP_B'])\n",
    'shop/views.py': "import os\nC = os.environ['APP_C']\nE = os.environ.get('APP_E')\n",
  });
  const missing = await collectMissing(project.launch);
  expect(missing).toMatchObject({ remaining: null });
  expect(missing.variables.map(({ name }) => name)).toEqual(['APP_A', 'APP_B', 'APP_C', 'APP_D']);
});

test('fields of pydantic-settings, environs and dj-database-url are variables, too', async () => {
  const lines = `
from typing import Optional
from pydantic_settings import BaseSettings, SettingsConfigDict
class Mail(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='MAIL_')
    host: str
    port: int
    user: Optional[str] = None
mail = Mail()
from environs import Env
env = Env()
RATE = env.int('APP_RATE')
NOTE = env('APP_NOTE', None)
import dj_database_url
DATABASES['other'] = dj_database_url.parse(os.environ['APP_DATABASE_URL'])
`;
  const settings = `import os\n${SETTINGS}\n${lines}`;
  const project = await createProject({ 'mysite/settings.py': settings }, {}, {}, PLAIN);
  const missing = await collectMissing(project.launch);
  expect(missing.variables.map(({ name }) => name)).toEqual(['MAIL_HOST', 'MAIL_PORT', 'APP_RATE', 'APP_DATABASE_URL']);
  expect(missing.remaining).toBe(null);
});

test('an exception whose attributes fail, and a library that refuses a look at its names, are reported like any other', async () => {
  const lines = `
import pydantic
class Refused(Exception):
    @property
    def sqlstate(self):
        raise RuntimeError('no state')
raise Refused('the cluster is closed')
`;
  const project = await createProject({ 'mysite/settings.py': `${SETTINGS}\n${lines}` }, {}, {}, PLAIN);
  const { remaining } = await collectMissing(project.launch);
  expect(remaining).toMatchObject({ code: 'SETTINGS_FAILED', message: 'the cluster is closed' });
});

describe('what is not missing is not reported', () => {
  test('variables that are set, and those with a default', async () => {
    const lines = "A = os.environ['APP_A']\nB = os.environ.get('APP_B', 'b')\nC = os.environ['APP_C']\n";
    expect(await collect(lines, { APP_A: 'a' })).toMatchObject({ names: ['APP_C'], remaining: null });
  });

  test('another failure stays, with its place, and nothing that the project prints is shown', async () => {
    const lines = "A = os.environ['APP_A']\nB = os.environ.get('APP_B')\nprint('loud')\nimport mysite.nothing\n";
    const result = await collect(lines);
    expect(result).toMatchObject({ names: ['APP_A'], output: '' });
    expect(result.remaining).toMatchObject({
      code: 'SETTINGS_FAILED',
      type: 'ModuleNotFoundError',
      place: { source: 'import mysite.nothing' },
    });
  });

  test('settings that load', async () => {
    expect(await collect('')).toMatchObject({ names: [], remaining: null, output: '' });
  });

  test('settings behind a jump to another Python', async () => {
    const managePy = `import os, sys
if os.environ.get('JUMPED') is None:
    os.environ['JUMPED'] = '1'
    os.execv(sys.executable, [sys.executable, *sys.argv])
${MANAGE_PY}`;
    expect(await collect("A = os.environ['APP_A']\n", {}, managePy)).toMatchObject({
      names: ['APP_A'],
      remaining: null,
    });
  });
});

test('variables that were asked for and not set are part of the description', async () => {
  const lines = `
import subprocess, tempfile
A = os.environ.get('APP_A')
B = os.getenv('APP_B', 'b')
C = 'APP_C' in os.environ
from decouple import config
D = config('APP_D', default='d')
E = os.environ.get('APP_E')
os.environ.setdefault('APP_F', 'set by the settings')
tempfile.gettempdir()
`;
  const project = await createProject({ 'mysite/settings.py': `import os\n${SETTINGS}\n${lines}` }, {}, { APP_E: 'e' });
  const client = await start(project);
  expect(client.description.unsetVariables).toEqual(['APP_A', 'APP_B', 'APP_C', 'APP_D']);
});
