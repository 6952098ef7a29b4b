import { expect, test } from 'vitest';

import { findDeciding } from '../../../../src/checks/environment/settings/find-deciding.ts';
import { findReaders } from '../../../../src/checks/environment/settings/find-readers.ts';
import { readModule } from '../../../../src/checks/environment/settings/read-module.ts';

const deciding = (text: string): readonly string[] => {
  const statements = readModule(`import os\n${text}`);
  const file = { file: 'settings.py', statements, always: true, asks: [] };
  return findDeciding([file], findReaders([statements]), new Set(['DB_HOST']));
};

const SERVER = '    DATABASES = {"default": {"HOST": os.environ["DB_HOST"]}}';
const FILE = '    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}';
const either = (condition: string, first = SERVER, second = FILE): string =>
  `if ${condition}:\n${first}\nelse:\n${second}`;

test.each<readonly [string, string, readonly string[]]>([
  ['a comparison that is wrong without it', either('os.getenv("STAGE", "dev") == "production"'), ['STAGE']],
  ['a comparison that is right without it', either('os.getenv("STAGE", "production") == "production"'), []],
  ['a name for it', `STAGE = os.environ.get("STAGE")\n${either('STAGE == "production"')}`, ['STAGE']],
  ['a name for the comparison', `IS_LIVE = os.getenv("STAGE") == "live"\n${either('IS_LIVE')}`, ['STAGE']],
  ['the other branch', either('os.getenv("USE_SQLITE")', FILE, SERVER), []],
  ['the other branch, by default', either('os.getenv("DEBUG", "True") == "True"', FILE, SERVER), ['DEBUG']],
  ['one of several values', either('os.getenv("DEBUG", "no").lower() in ("1", "yes")', FILE, SERVER), []],
  ['what is not asked with `not`', either('not os.getenv("LOCAL")'), []],
  ['elif', `if os.getenv("STAGE") == "test":\n${FILE}\nelif os.getenv("STAGE") == "live":\n${SERVER}`, ['STAGE']],
  ['the variable of the database itself', either('os.getenv("DB_HOST")'), []],
  ['a variable that has to be there', either('"IN_DOCKER" in os.environ'), ['IN_DOCKER']],
  ['the runner itself', either('os.getenv("GITHUB_ACTIONS")', FILE, SERVER), ['GITHUB_ACTIONS']],
  ['no variable', either('"test" in sys.argv', FILE, SERVER), []],
  ['both branches alike', either('os.getenv("STAGE") == "live"', SERVER, SERVER), []],
  [
    'parts that are read above the condition',
    `HOST = os.getenv("DB_HOST")\n${either('os.getenv("STAGE") == "live"', '    DATABASES = {"default": {"HOST": HOST}}')}`,
    ['STAGE'],
  ],
  [
    'an option below a condition',
    `${SERVER.trim()}\nif os.getenv("TLS"):\n    DATABASES["default"]["OPTIONS"] = {}`,
    [],
  ],
  [
    'a default that decouple reads',
    `from decouple import config\nDEBUG = config("DEBUG", default="False", cast=bool)\n${either('DEBUG', FILE, SERVER)}`,
    [],
  ],
])('which variables decide about the database: %s', (_, text, names) => {
  expect(deciding(text)).toEqual(names);
});
