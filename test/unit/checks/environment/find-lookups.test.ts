import { expect, test } from 'vitest';

import { findLookups } from '../../../../src/checks/environment/settings/find-lookups.ts';
import { findReaders } from '../../../../src/checks/environment/settings/find-readers.ts';
import { readModule } from '../../../../src/checks/environment/settings/read-module.ts';

const scan = (text: string) => {
  const statements = readModule(text);
  return findLookups(statements, findReaders([statements]));
};

/** `NAME otherwise`, with `?` where the lookup may not happen. */
const lookups = (text: string): readonly string[] =>
  scan(text).lookups.map(({ name, otherwise, always }) => `${name} ${otherwise}${always ? '' : ' ?'}`);

const ENVIRON = 'import environ\nenv = environ.Env(DEBUG=(bool, False), TOKEN=str)\n';
const OWN = (parameters: string, body: string): string =>
  `import os\ndef read(${parameters}):\n    ${body}\nKEY = read("KEY")`;
const DECOUPLE = 'from decouple import config, Csv\n';

test.each([
  ['os.environ', 'import os\nKEY = os.environ["KEY"]', ['KEY raises']],
  ['imported environ', 'from os import environ\nKEY = environ["KEY"]', ['KEY raises']],
  ['a renamed os', 'import os as _os\nKEY = _os.environ["KEY"]', ['KEY raises']],
  ['get', 'import os\nKEY = os.environ.get("KEY")', ['KEY nothing']],
  ['get with a default', 'import os\nKEY = os.environ.get("KEY", "x")', ['KEY default']],
  ['get with None', 'import os\nKEY = os.environ.get("KEY", None)', ['KEY nothing']],
  ['getenv', 'import os\nKEY = os.getenv("KEY")', ['KEY nothing']],
  ['getenv with a keyword', 'from os import getenv\nKEY = getenv("KEY", default="x")', ['KEY default']],
  ['get or', 'import os\nKEY = os.environ.get("KEY") or "x"', ['KEY optional ?']],
  ['a comparison', 'import os\nDEBUG = os.environ.get("DEBUG") == "1"', ['DEBUG optional']],
  ['asked about later', 'import os\nDSN = os.getenv("DSN")\nif DSN:\n    start(DSN)', ['DSN optional']],
  ['a comment', 'import os\n# os.environ["KEY"]', []],
  ['a docstring', '"""\nos.environ["KEY"]\n"""', []],
  ['a string', 'import os\nHELP = "os.environ[\'KEY\']"', []],
  ['an assignment', 'import os\nos.environ["KEY"] = "x"', []],
  ['a name worked out', 'import os\nKEY = os.environ[f"{P}_KEY"]\nB = os.environ["A" + "B"]', []],
  ['a condition', 'import os\nif PROD:\n    KEY = os.environ["KEY"]', ['KEY raises ?']],
  ['a condition on one line', 'import os\nif PROD: KEY = os.environ["KEY"]', ['KEY raises ?']],
  ['in the condition itself', 'import os\nif os.environ["STAGE"] == "x":\n    pass', ['STAGE raises']],
  ['a conditional expression', 'import os\nKEY = os.environ["KEY"] if PROD else "x"', ['KEY raises ?']],
  ['another name for getenv', 'import os\nget = os.getenv\nKEY = get("KEY", "x")', ['KEY default']],
  ['another name for get', 'import os\nget = os.environ.get\nKEY = get("KEY")', ['KEY nothing']],
  [
    'a reader of its own with a default',
    `${OWN('key, default=""', 'return os.environ.get(key, default)')}`,
    ['KEY default'],
  ],
  ['a reader of its own without', `${OWN('key', 'return os.environ.get(key)')}`, ['KEY nothing']],
  ['a reader of its own that raises', `${OWN('key', 'return os.environ[key]')}`, ['KEY raises']],
  [
    'a reader of its own that raises by itself',
    OWN('name: str', 'try:\n        return os.environ[name]\n    except KeyError:\n        raise Improper(name)'),
    ['KEY raises'],
  ],
  [
    'a reader of its own that looks elsewhere, too',
    OWN('key', 'if key in os.environ:\n        return os.environ[key]\n    return load(key)'),
    ['KEY optional'],
  ],
  ['a reader of its own over a value', OWN('key', 'value = os.getenv(key)\n    return value.strip()'), ['KEY nothing']],
  ['a function that changes the name', OWN('key', 'return os.environ["APP_" + key]'), []],
  ['a function that reads something else', OWN('key', 'return SECRETS[key]'), []],
  ['a function', 'import os\ndef f():\n    return os.environ["KEY"]', ['KEY raises ?']],
  ['a class', 'import os\nclass Dev(Configuration):\n    KEY = os.environ["KEY"]', ['KEY raises']],
  ['try', 'import os\ntry:\n    KEY = os.environ["KEY"]\nexcept KeyError:\n    KEY = "x"', ['KEY optional ?']],
  ['behind a block', 'import os\nif A:\n    pass\nKEY = os.environ["KEY"]', ['KEY raises']],
  [
    'over several lines',
    'import os\nDATABASES = {\n    "default": {  # it\'s one\n  "NAME": os.environ[\n"NAME"\n],\n},\n}\nB = os.environ["B"]',
    ['NAME raises', 'B raises'],
  ],
  [
    'django-environ',
    `${ENVIRON}KEY = env("KEY")\nN = env.int("N", default=3)\nDEBUG = env("DEBUG")`,
    ['KEY raises', 'N default', 'DEBUG default'],
  ],
  ['a type in the scheme', `${ENVIRON}T = env("TOKEN")`, ['TOKEN raises']],
  ['db without a name', `${ENVIRON}D = {"default": env.db()}`, ['DATABASE_URL raises']],
  ['a type by position', `${ENVIRON}K = env("K", bool)`, ['K default']],
  ['None is meant', `${ENVIRON}K = env("K", default=None)`, ['K optional']],
  ['read_env and parsers', `${ENVIRON}environ.Env.read_env(BASE / ".env")\nD = env.db_url_config("x")`, []],
  ['a scheme from elsewhere', 'import environ\nenv = environ.Env(**SCHEME)\nK = env("K")', ['K default']],
  ['a prefix', 'from environs import Env\nenv = Env()\nwith env.prefixed("A_"):\n    K = env("K")', ['K default ?']],
  [
    'environs',
    'from environs import Env\nenv = Env()\nenv.read_env()\nK = env.str("K")\nB = env.bool("B", False)',
    ['K raises', 'B optional'],
  ],
  ['env of something else', 'env = make()\nK = env("K")', []],
  [
    'decouple',
    `${DECOUPLE}K = config("K")\nH = config("H", cast=Csv())\nD = config("D", default=1, cast=int)`,
    ['K raises', 'H raises', 'D default'],
  ],
  ['decouple by position', `${DECOUPLE}K = config("K", "x")`, ['K default']],
  ['decouple renamed', 'from decouple import config as c\nK = c("K")', ['K raises']],
  ['config of something else', 'from app import config\nK = config("K")', []],
  ['an attribute', `${DECOUPLE}K = other.config("K")`, []],
  ['more arguments', `${DECOUPLE}K = config("K", **more)`, ['K default']],
])('%s', (_name, text, expected) => {
  expect(lookups(text)).toEqual(expected);
});

test('what the code sets or asks about is told apart', () => {
  const { handled } = scan(
    'import os\nos.environ["A"] = "1"\nos.environ.setdefault("B", "2")\nif "C" in os.environ:\n    C = os.environ["C"]\nif "D" not in os.environ:\n    pass',
  );
  expect(handled).toEqual(expect.arrayContaining(['A', 'B', 'C', 'D']));
});

test('lines are those of the lookup', () => {
  expect(scan('"""\ntext\n"""\nimport os\n\nA = os.environ[\\\n  "A"]\nB = os.environ["B"]').lookups).toMatchObject([
    { name: 'A', line: 6 },
    { name: 'B', line: 8 },
  ]);
});
