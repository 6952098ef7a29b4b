"""What a start of Django asked for is noted, by whatever means it asked: each row is a piece of settings and what has to be noted."""

import json
import mmap
import os
import ssl
import sys
import tempfile
import unittest
import warnings

from devsetup_companion.start import asking, native, obstacles, unrepeatable, variables, watch

#: In a folder with `data.txt`, `link` to it, `folder/inner.txt` and `missing` not there. {0} is the folder.
PATHS = [
    ("open('{0}/data.txt')", "opened", "data.txt"),
    ("open(b'{0}/data.txt')", "opened", "data.txt"),
    ("import pathlib; pathlib.Path('{0}/data.txt').read_text()", "opened", "data.txt"),
    ("import pathlib; pathlib.Path('{0}/data.txt').open('rb')", "opened", "data.txt"),
    ("open('{0}/data.txt', 'r+')", "opened", "data.txt"),
    ("open('{0}/data.txt', 'a+')", "opened", "data.txt"),
    ("import os; os.open('{0}/data.txt', os.O_RDONLY)", "opened", "data.txt"),
    ("import os; os.open('{0}/data.txt', os.O_RDWR)", "opened", "data.txt"),
    ("import os; d = os.open('{0}', os.O_RDONLY); os.open('data.txt', os.O_RDONLY, dir_fd=d)", "asked", "data.txt"),
    ("import os; os.chdir('{0}'); open('data.txt'); os.chdir('/')", "opened", "data.txt"),
    ("import io; io.FileIO('{0}/data.txt')", "opened", "data.txt"),
    ("import io; io.open_code('{0}/data.txt')", "opened", "data.txt"),
    ("import codecs; codecs.open('{0}/data.txt')", "opened", "data.txt"),
    ("try: open('{0}/missing')\nexcept OSError: pass", "opened", "missing"),
    ("import shutil; shutil.copyfile('{0}/data.txt', '{0}/copy')", "opened", "data.txt"),
    ("import runpy; runpy.run_path('{0}/code.py')", "opened", "code.py"),
    ("import sys; sys.path.insert(0, '{0}'); import code_to_import", "opened", "code_to_import.py"),
    ("import sys; sys.path.insert(0, '{0}')\ntry: import absent\nexcept ImportError: pass", "listed", ""),
    ("import sqlite3; sqlite3.connect('{0}/data.db')", "opened", "data.db"),
    ("import sqlite3; sqlite3.connect(b'{0}/data.db')", "opened", "data.db"),
    ("import sqlite3; sqlite3.connect('file:{0}/data.db?mode=rwc', uri=True)", "opened", "data.db"),
    ("import sqlite3; sqlite3.connect('{0}/data.db')", "opened", "data.db-wal"),
    ("import sqlite3; sqlite3.connect('{0}/data.db')", "opened", "data.db-journal"),
    ("import ssl\ntry: ssl.create_default_context(cafile='{0}/data.txt')\nexcept ssl.SSLError: pass", "native", "data.txt"),
    ("import ssl; ssl.create_default_context(capath='{0}/folder')", "native", "folder"),
    ("import ssl, pathlib\ntry: ssl.SSLContext().load_cert_chain(pathlib.Path('{0}/data.txt'))\nexcept ssl.SSLError: pass", "native", "data.txt"),
    ("try: import ssl; ssl.SSLContext().load_cert_chain('{0}/missing')\nexcept OSError: pass", "native", "missing"),
    ("import os; os.path.exists('{0}/missing')", "asked", "missing"),
    ("import os; os.path.isfile('{0}/missing')", "asked", "missing"),
    ("import os; os.path.isdir('{0}/folder')", "asked", "folder"),
    ("import os; os.path.islink('{0}/link')", "asked", "link"),
    ("import os; os.path.lexists('{0}/link')", "asked", "link"),
    ("import os; os.path.getmtime('{0}/data.txt')", "asked", "data.txt"),
    ("import os; os.path.getsize('{0}/data.txt')", "asked", "data.txt"),
    ("import os; os.access('{0}/data.txt', os.R_OK)", "asked", "data.txt"),
    ("import os; os.stat('{0}/data.txt')", "asked", "data.txt"),
    ("import os; os.stat(b'{0}/data.txt')", "asked", "data.txt"),
    ("import os; os.lstat('{0}/link')", "asked", "link"),
    ("import os; os.readlink('{0}/link')", "asked", "link"),
    ("import os; os.path.realpath('{0}/link')", "asked", "link"),
    ("import os; d = os.open('{0}', os.O_RDONLY); os.stat('data.txt', dir_fd=d)", "asked", "data.txt"),
    ("import os; os.chdir('{0}'); os.path.exists('data.txt'); os.chdir('/')", "asked", "data.txt"),
    ("import posix; posix.stat('{0}/data.txt')", "asked", "data.txt"),
    ("from os import stat; stat('{0}/data.txt')", "asked", "data.txt"),
    ("import pathlib; pathlib.Path('{0}/missing').exists()", "asked", "missing"),
    ("import pathlib; pathlib.Path('{0}/missing').is_file()", "asked", "missing"),
    ("import pathlib; pathlib.Path('{0}/folder').is_dir()", "asked", "folder"),
    ("import pathlib; pathlib.Path('{0}/link').resolve()", "asked", "link"),
    ("import pathlib; pathlib.Path('{0}/data.txt').stat()", "asked", "data.txt"),
    ("import pathlib; os.readlink(str(pathlib.Path('{0}/link')))", "asked", "link"),
    ("import shutil; shutil.which('{0}/data.txt')", "asked", "data.txt"),
    ("import os; os.listdir('{0}')", "listed", ""),
    ("import os; os.listdir(b'{0}')", "listed", ""),
    ("import os; os.listdir(os.open('{0}', os.O_RDONLY))", "listed", ""),
    ("import os; os.chdir('{0}'); os.listdir(); os.chdir('/')", "listed", "."),
    ("import os; list(os.scandir('{0}'))", "scanned", ""),
    ("import os; list(os.walk('{0}'))", "scanned", "folder"),
    ("import pathlib; list(pathlib.Path('{0}').iterdir())", "names", ""),
    ("import pathlib; list(pathlib.Path('{0}').glob('*.txt'))", "names", ""),
    ("import pathlib; list(pathlib.Path('{0}').rglob('*.txt'))", "names", "folder"),
    ("import glob; glob.glob('{0}/*.txt')", "names", ""),
    ("import glob; glob.glob('{0}/**/*.txt', recursive=True)", "names", "folder"),
    ("import pkgutil; list(pkgutil.iter_modules(['{0}']))", "names", ""),
    ("import zipfile; zipfile.is_zipfile('{0}/data.txt')", "opened", "data.txt"),
    ("import configparser; configparser.ConfigParser().read('{0}/missing')", "opened", "missing"),
    ("import os; os.listxattr('{0}/data.txt')", "opened", "data.txt"),
    ("import logging; logging.FileHandler('{0}/a.log')", "written", "a.log"),
    ("open('{0}/out.txt', 'w')", "written", "out.txt"),
]

#: What is asked of the environment: the names that have to be noted, None for all of them.
VARIABLES = [
    ("os.environ['HOME']", "HOME"),
    ("os.environ.get('NOT_SET')", "NOT_SET"),
    ("'NOT_SET' in os.environ", "NOT_SET"),
    ("os.getenv('NOT_SET')", "NOT_SET"),
    ("os.environ.setdefault('NOT_SET', '1')", "NOT_SET"),
    ("os.environ.pop('NOT_SET', None)", "NOT_SET"),
    ("os.environb[b'HOME']", "HOME"),
    ("os.environb.get(b'NOT_SET')", "NOT_SET"),
    ("os.getenvb(b'NOT_SET')", "NOT_SET"),
    ("os.environ._data[b'HOME']", "HOME"),
    ("os.environ._data.get(b'NOT_SET')", "NOT_SET"),
    ("import posix; posix.environ[b'HOME']", "HOME"),
    ("import posix; posix.environ.get(b'NOT_SET')", "NOT_SET"),
    ("os.path.expanduser('~')", "HOME"),
    ("os.path.expandvars('$HOME')", "HOME"),
    ("list(os.environ)", None),
    ("dict(os.environ)", None),
    ("os.environ.copy()", None),
    ("[*os.environ.items()]", None),
    ("{**os.environ}", None),
    ("len(os.environ)", None),
    ("repr(os.environ)", None),
    ("list(os.environb)", None),
    ("dict(os.environ._data)", None),
    ("{**os.environ._data}", None),
    ("os.environ._data.items()", None),
    ("os.environ._data.copy()", None),
    ("import posix; dict(posix.environ)", None),
    ("import posix; list(posix.environ.items())", None),
    ("open('/proc/self/environ').read()", None),
    ("open('/proc/%d/environ' % os.getpid()).read()", None),
    ("import ctypes; ctypes.CDLL(None).getenv", None),
]

OBSTACLES = [
    ("import subprocess; subprocess.run(['true'])", "starts a program (true)"),
    ("import subprocess; subprocess.check_output('true', shell=True)", "starts a program (sh)"),
    ("import os; os.system('true')", "starts a program (true)"),
    ("import os; os.popen('true').read()", "starts a program (sh)"),
    ("import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)", "starts a program (true)"),
    ("import os; os.fork() or os._exit(0)", "forks a process"),
    ("import socket; socket.socket().connect_ex(('127.0.0.1', 1))", "opens a network connection"),
    ("import socket; socket.getaddrinfo('localhost', 80)", "looks up the address of a host"),
    ("import socket; socket.gethostbyname('localhost')", "looks up the address of a host"),
    ("import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', 9))", "sends something over the network"),
    ("import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:1/')\nexcept OSError: pass", "looks up the address"),
    ("import ctypes; ctypes.CDLL(None).system", "calls `system` of the C library"),
    ("import ctypes; ctypes.CDLL(None).strlen(b'')", "settings.py:1 calls `strlen` of a library"),
]

HARMLESS = [
    "import os; os.getcwd()",
    "import ctypes.util; ctypes.util.find_library('c')",
    "import platform; platform.system(); platform.machine(); platform.processor()",
    "import uuid; uuid.uuid4()",
    "import random; random.random()",
    "import socket; socket.gethostname()",
    "import tempfile; tempfile.gettempdir()",
    "import os; open(os.devnull)",
]


def observe(code, folder):
    """Runs the code in a process of its own, as a start of Django would run it, and brings back what was noted."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            error = ""
            watch.start()
            try:
                exec(compile(code.replace("{0}", folder), os.path.join(folder, "settings.py"), "exec"), {"os": os})
            except BaseException as raised:  # noqa: BLE001 - told below.
                error = repr(raised)
            watch.stop()
            noted = {
                "error": error,
                "opened": sorted(watch.opened),
                "native": sorted(native.opened),
                "written": sorted(watch.written - watch.opened),
                "asked": sorted(asking.asked),
                "listed": sorted(watch.listed),
                "scanned": sorted(watch.scanned),
                "names": sorted(watch.listed | watch.scanned),
                "variables": variables.read_variables(),
                "obstacles": obstacles.found(),
            }
            os.write(writer, json.dumps(noted).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(answer)


class Watched(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore", ResourceWarning)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        os.mkdir(os.path.join(self.folder, "folder"))
        for name in ("data.txt", "code.py", "code_to_import.py", "folder/inner.txt"):
            open(os.path.join(self.folder, name), "w").close()
        os.symlink("data.txt", os.path.join(self.folder, "link"))

    def observe(self, code):
        noted = observe(code, self.folder)
        self.assertEqual(noted["error"], "")
        return noted

    def test_paths(self):
        for code, kind, name in PATHS:
            with self.subTest(code):
                noted = [os.path.normpath(path) for path in self.observe(code)[kind]]
                self.assertIn(os.path.normpath(os.path.join(self.folder, name)), noted)

    def test_a_file_that_is_only_written_is_not_taken_for_read(self):
        self.assertNotIn(os.path.join(self.folder, "out.txt"), self.observe("open('{0}/out.txt', 'w')")["opened"])

    def test_variables(self):
        for code, name in VARIABLES:
            with self.subTest(code):
                noted = self.observe(code)["variables"]
                if name is None:
                    self.assertIsNone(noted)
                else:
                    self.assertIn(name, noted)

    def test_one_variable_is_not_all_of_them(self):
        self.assertEqual(self.observe("os.environ.get('ONE'); os.environ['TWO'] = '2'; os.environb[b'TWO']")["variables"], ["ONE", "TWO"])

    def test_obstacles(self):
        for code, text in OBSTACLES:
            with self.subTest(code):
                self.assertIn(text, " | ".join(self.observe(code)["obstacles"]))

    def test_an_obstacle_names_the_line_and_no_argument(self):
        noted = self.observe("import subprocess\nsubprocess.run(['echo', 'secret'], stdout=subprocess.DEVNULL)")
        self.assertEqual(noted["obstacles"], ["%s/settings.py:2 starts a program (echo)" % self.folder])

    def test_harmless(self):
        for code in HARMLESS:
            with self.subTest(code):
                self.assertEqual(self.observe(code)["obstacles"], [])

    def test_files_that_are_used_where_they_lie(self):
        place = os.path.join(self.folder, "data.txt")
        with open(place, "w+b") as stream:
            stream.write(b"text")
            stream.flush()
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ):
                self.assertIn(place, native.mapped_files())
                # Replaced by a package manager: what is there now is another file.
                os.remove(place)
                self.assertIn(place, native.mapped_files())
            self.assertNotIn(place, native.mapped_files())

    def test_afterwards_everything_is_as_before(self):
        before = (os.stat, os.lstat, os.open, os.access, type(os.environ._data), ssl.SSLContext.load_verify_locations)
        in_front = os.stat in os.supports_follow_symlinks
        watch.start()
        self.assertTrue(os.stat in os.supports_follow_symlinks or not in_front)
        os.environ["SET_WHILE_WATCHED"] = "1"
        watch.stop()
        after = (os.stat, os.lstat, os.open, os.access, type(os.environ._data), ssl.SSLContext.load_verify_locations)
        self.assertEqual(after, before)
        self.assertEqual(os.environ.pop("SET_WHILE_WATCHED"), "1")


class Unrepeatable(unittest.TestCase):
    def reading(self, source):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "settings.py")
            with open(file, "w") as stream:
                stream.write(source)
            unrepeatable._files[:] = [file]
            return [text.rpartition(":")[2] for text in unrepeatable.readings()]

    def test_settings_that_read_the_clock(self):
        for source in (
            "from datetime import datetime\nYEAR = datetime.now().year",
            "import datetime\nTODAY = datetime.date.today()",
            "from datetime import datetime as d\nx = d.utcnow()",
            "import time\nx = time.time()",
            "import time as t\nx = t.strftime('%Y')",
            "from django.utils import timezone\nx = timezone.now()",
            "from time import time",
        ):
            with self.subTest(source):
                self.assertEqual(len(self.reading(source)), 1)

    def test_settings_that_do_not(self):
        for source in ("from datetime import timedelta\nx = timedelta(days=1)", "TIME_ZONE = 'UTC'", "x = object.time", "from datetime import time"):
            with self.subTest(source):
                self.assertEqual(self.reading(source), [])

    def test_settings_that_read_random_numbers(self):
        for source in (
            "import random\nSHARD = random.choice(['a', 'b'])",
            "import random as r\nx = r.random()",
            "import uuid\nNAME = uuid.uuid4()",
            "from uuid import uuid4 as unique\nNAME = unique()",
            "import os\nNAME = os.urandom(4)",
            "from secrets import choice\nDATABASES = {'default': {'NAME': choice(names)}}",
            "from django.utils.crypto import get_random_string\nDATABASES['default']['NAME'] = get_random_string(5)",
            "import secrets\ndef name():\n    return secrets.token_hex()",
        ):
            with self.subTest(source):
                self.assertEqual(len(self.reading(source)), 1)

    def test_settings_with_a_random_secret_only(self):
        for source in (
            "from django.core.management.utils import get_random_secret_key\nSECRET_KEY = get_random_secret_key()",
            "import secrets\nSECRET_KEY: str = secrets.token_urlsafe(50)",
            "import secrets\nSECRET_KEY = os.environ.get('SECRET_KEY') or secrets.token_hex()",
            "import secrets\nif not SECRET_KEY:\n    SECRET_KEY = secrets.token_hex()",
            "import secrets\nSECRET_KEY = env('SECRET_KEY', default=secrets.token_hex())",
            "import os, secrets\nos.environ.setdefault('SECRET_KEY', secrets.token_hex())",
            "import os, secrets\nos.environ['SECRET_KEY'] = secrets.token_hex()",
            "import secrets\nSIMPLE_JWT = {'SIGNING_KEY': secrets.token_hex(), 'ALGORITHM': 'HS256'}",
            "import random\ndef make_secret_key():\n    return ''.join(random.choice('abc') for _ in range(50))",
            "import uuid\nNAMESPACE = uuid.UUID(int=1)",
        ):
            with self.subTest(source):
                self.assertEqual(self.reading(source), [])


if __name__ == "__main__":
    unittest.main()
