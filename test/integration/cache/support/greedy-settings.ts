import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const MIGRATION = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [PREVIOUS]
    operations = []
`;

export const migrationAfter = (app: string, previous: string | null): string =>
  MIGRATION.replace('PREVIOUS', previous === null ? '' : `("${app}", "${previous}")`);

/** Settings that read files, folders and variables in every way that was found to be missed by a list of observed reads. */
export const greedySettings = (outside: string): string => `
import glob, importlib.metadata, logging, pathlib, posix, sqlite3, ssl, sys
from django.core.management.utils import get_random_secret_key
OUTSIDE = pathlib.Path(${JSON.stringify(outside)})
SHARED_APPS = [*SHARED_APPS, "installed_thing"]
INSTALLED_APPS = [*INSTALLED_APPS, "installed_thing"]

ITERATED = sorted(entry.name for entry in (OUTSIDE / "iterated").iterdir() if entry.is_dir())
LISTED = sorted(os.listdir(OUTSIDE / "listed"))
SCANNED = sorted(entry.name for entry in os.scandir(OUTSIDE / "scanned") if entry.stat().st_size)
GLOBBED = [open(file).read() for file in glob.glob(str(OUTSIDE / "conf.d" / "*.conf"))]
DEEP = sorted(str(file) for file in (OUTSIDE / "deep").rglob("*.json"))
WALKED = [names for _, _, names in os.walk(OUTSIDE / "walked")]

EXISTS = (OUTSIDE / "exists").exists()
IS_FILE = os.path.isfile(OUTSIDE / "is-file")
IS_FOLDER = os.path.isdir(OUTSIDE / "is-folder")
IS_LINK = os.path.islink(OUTSIDE / "is-link")
ACCESS = os.access(OUTSIDE / "access", os.R_OK)
SIZE = os.path.getsize(OUTSIDE / "size")
LINK = os.readlink(OUTSIDE / "read-link")

TEXT = (OUTSIDE / "text").read_text()
BYTES = open(os.fsencode(OUTSIDE / "bytes"), "rb").read()
with open(OUTSIDE / "plus", "r+") as PLUS:
    PLUS.read()
FOLDER = os.open(OUTSIDE, os.O_RDONLY)
AT_FOLDER = os.read(os.open("at-folder", os.O_RDONLY, dir_fd=FOLDER), 100)
STAT_AT_FOLDER = os.stat("stat-at-folder", dir_fd=FOLDER)
os.close(FOLDER)
HERE = os.getcwd()
os.chdir(OUTSIDE)
RELATIVE = open("relative").read()
os.chdir(HERE)
THROUGH_LINK = (BASE_DIR / "linked" / "inside").read_text()

sys.path.append(str(OUTSIDE / "first"))
sys.path.append(str(OUTSIDE / "second"))
import spaced.one
import wheeled
import edited_elsewhere
import vendored
VERSION = importlib.metadata.version("installed-thing")
try:
    import optional_settings
except ImportError:
    pass

sqlite3.connect(OUTSIDE / "data.sqlite3").close()
try:
    ssl.create_default_context(cafile=str(OUTSIDE / "ca.pem"))
except ssl.SSLError:
    pass

# Another one at each start, which decides nothing.
SECRET_KEY = get_random_secret_key()

LOOKED_UP = os.environ.get("LOOKED_UP")
AS_BYTES = os.environb.get(b"AS_BYTES")
AS_BYTES_TOO = os.getenvb(b"AS_BYTES_TOO")
OF_POSIX = posix.environ.get(b"OF_POSIX")
OF_DATA = os.environ._data.get(b"OF_DATA")
UNSET = os.getenv("UNSET")

logging.getLogger("sample").addHandler(logging.FileHandler(BASE_DIR / "project.log"))
`;

/** The files those settings read, and what is installed in \`site\`, which also finds what is in \`shared\`. */
export const writeOutside = async (outside: string, site: string, shared: string, python: string): Promise<void> => {
  const files: Readonly<Record<string, string>> = {
    'iterated/one/file': '',
    'listed/one': '',
    'scanned/one': '1',
    'conf.d/one.conf': '1',
    'deep/a/one.json': '{}',
    'walked/a/one': '',
    'is-folder/file': '',
    access: '',
    size: '12',
    text: 'text',
    'data.sqlite3': '',
    'ca.pem': 'none',
    bytes: 'bytes',
    plus: 'plus',
    'at-folder': 'at',
    'stat-at-folder': 'at',
    relative: 'relative',
    'linked/inside': 'inside',
    'first/spaced/one.py': '',
    'second/spaced/two.py': '',
    'wheel/wheeled.py': 'VALUE = 1',
    'editable/edited_elsewhere/__init__.py': '',
    'editable/edited_elsewhere/never_imported.py': '',
    'vendor/vendored/__init__.py': '',
  };
  const installed: Readonly<Record<string, string>> = {
    'installed_thing/__init__.py': '',
    'installed_thing/models.py': '',
    'installed_thing/migrations/__init__.py': '',
    'installed_thing/migrations/0001_initial.py': migrationAfter('installed_thing', null),
    'installed_thing-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: installed-thing\nVersion: 1.0\n',
    'installed_thing-1.0.dist-info/RECORD': 'installed_thing/__init__.py,,\n',
    'other_thing/__init__.py': '',
    'other_thing-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: other-thing\nVersion: 1.0\n',
    'other_thing-1.0.dist-info/RECORD': 'other_thing/__init__.py,,\n',
    'paths.pth': [
      shared,
      path.join(outside, 'editable'),
      path.join(outside, 'vendor'),
      path.join(outside, 'wheeled-1.0.whl'),
    ].join('\n'),
  };
  const all = [
    ...Object.entries(files).map(([name, text]) => [path.join(outside, name), text] as const),
    ...Object.entries(installed).map(([name, text]) => [path.join(site, name), text] as const),
  ];
  for (const [file, text] of all) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await symlink('text', path.join(outside, 'is-link'));
  await symlink('text', path.join(outside, 'read-link'));
  await zip(python, path.join(outside, 'wheeled-1.0.whl'), path.join(outside, 'wheel/wheeled.py'));
};

/** A wheel, as far as Python's import is concerned. */
export const zip = async (python: string, target: string, file: string): Promise<void> => {
  await promisify(execFile)(python, ['-m', 'zipfile', '-c', target, file]);
};
