import os
import socket
import sqlite3
import sys
import tempfile
import textwrap
import types
import unittest
from importlib import util
from typing import Any, Dict, List, Tuple
from unittest import mock

from devsetup_companion.start import addresses, native
from devsetup_companion.start.circumstances import circumstances


hooked: List[bool] = []


def forward(event: str, arguments: Tuple[Any, ...]) -> None:
    """What `watch` does, without what else it notes for as long as the process lives."""
    if hooked and event == "socket.getaddrinfo":
        addresses.note_look_up(*arguments)
    elif hooked and event == "socket.connect":
        addresses.note_connection(*arguments)
    elif hooked and event == "sqlite3.connect":
        native.sqlite_files(arguments[0])


sys.addaudithook(forward)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def load(folder: str, name: str, text: str) -> types.ModuleType:
    file = os.path.join(folder, name.replace(".", os.sep) + ".py")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as source:
        source.write(textwrap.dedent(text))
    spec = util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class CircumstancesTest(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = os.path.realpath(scratch.name)
        hooked[:] = [True]
        self.addCleanup(hooked.clear)

    def facts(self, act: Any) -> Dict[str, Any]:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            return circumstances(error)
        raise AssertionError("nothing was raised")

    def test_the_address_that_does_not_answer_and_the_variable_that_names_it(self) -> None:
        port = closed_port()
        text = "import os\nTIMEOUT = 3\nCACHE = {\n    'LOCATION': os.getenv('CACHE_URL', 'redis://localhost:%d/0'),\n}\n" % port
        with mock.patch.dict(sys.modules), mock.patch.dict(os.environ, {"DJANGO_SETTINGS_MODULE": "given_settings"}):
            os.environ["CACHE_URL"] = "redis://localhost:%d/0" % port
            load(self.folder, "given_settings", text)

            def connect() -> None:
                try:
                    socket.create_connection(("localhost", port))
                except OSError:
                    raise RuntimeError("the cache is gone")

            found = self.facts(connect)["unreached"]
        self.assertEqual((found["host"], found["port"], found["setting"]), ("localhost", port, "CACHE"))
        self.assertEqual((found["variables"], found["place"]["line"]), (["CACHE_URL"], 3))

    def test_the_condition_under_which_the_settings_connect(self) -> None:
        lines = [
            "import os, socket",
            "REGION = os.environ.get('KEYS_REGION', default=None)",
            "POOL = os.environ['KEYS_POOL']",
            "if %s:",
            "    if 1:",
            "        socket.create_connection(('127.0.0.1', %d))" % closed_port(),
        ]
        cases = (("REGION and POOL", ["KEYS_REGION", "KEYS_POOL"], True), ("POOL != 'off'", ["KEYS_POOL"], False))
        for test, variables, is_truth in cases:
            with self.subTest(test), mock.patch.dict(sys.modules), mock.patch.dict(os.environ, {"KEYS_POOL": "p", "KEYS_REGION": "r"}):
                text = "\n".join(lines).replace("%s", test) + "\n"
                condition = self.facts(lambda: load(self.folder, "condition_settings", text))["unreached"]["condition"]
                self.assertEqual((condition["variables"], condition["isTruth"], condition["line"]), (variables, is_truth, 4))

    def test_libraries_in_c_name_the_address_themselves(self) -> None:
        def refuse() -> None:
            raise RuntimeError('connection to server at "db" (10.0.0.2), port 6543 failed: Connection refused')

        found = self.facts(refuse)["unreached"]
        self.assertEqual((found["host"], found["port"]), ("db", 6543))

    def test_another_failure_after_a_connection_is_none_of_it(self) -> None:
        def fail() -> None:
            with socket.socket() as server:
                server.bind(("127.0.0.1", 0))
                server.listen()
                socket.create_connection(server.getsockname()).close()
            raise ValueError("no such colour")

        self.assertEqual(self.facts(fail), {})

    def test_the_database_file_that_sqlite_cannot_open(self) -> None:
        file = os.path.join(self.folder, "data", "db.sqlite3")
        self.assertEqual(self.facts(lambda: sqlite3.connect(file))["databaseFile"], file)

    def test_the_package_that_cannot_be_imported(self) -> None:
        site = os.path.join(self.folder, "site-packages")
        os.makedirs(os.path.join(site, "old_driver_binary-2.9.1.dist-info"))
        with open(os.path.join(site, "old_driver_binary-2.9.1.dist-info", "top_level.txt"), "w", encoding="utf-8") as names:
            names.write("old_driver\n")
        with mock.patch.dict(sys.modules):
            found = self.facts(lambda: load(site, "old_driver.__init__", "raise SystemError('no')"))["package"]
        self.assertEqual((found["name"], found["version"], found["isImport"]), ("old_driver", "2.9.1", True))

    def test_where_a_setting_that_must_not_be_empty_is_set(self) -> None:
        with mock.patch.dict(sys.modules), mock.patch.dict(os.environ, {"DJANGO_SETTINGS_MODULE": "given_settings"}):
            load(self.folder, "given_settings", "\nSECRET_KEY = ''\n")

            def refuse() -> None:
                raise ValueError("The SECRET_KEY setting must not be empty.")

            self.assertEqual(self.facts(refuse)["setting"]["place"]["line"], 2)
