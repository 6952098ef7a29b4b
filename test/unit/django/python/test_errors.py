import os
import signal
import sys
import time
import types
import unittest
from typing import Callable
from unittest import mock

from devsetup_companion import interruption
from devsetup_companion.errors import (
    CompanionFailure,
    chain,
    describe_exception,
    missing_module,
    request_error,
    type_name,
)
from devsetup_companion.places import is_companion_file, is_project_file, is_stdlib_file


def raised(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except BaseException as error:  # noqa: BLE001
        return error
    raise AssertionError("nothing was raised")


def import_missing() -> None:
    import module_of_nobody.part  # type: ignore[import-not-found]  # noqa: F401


def wrapped() -> None:
    try:
        import_missing()
    except ImportError as error:
        raise RuntimeError("install it") from error


def own_verdict() -> None:
    try:
        import_missing()
    except ImportError:
        raise ValueError("set THING")


class DescribeTest(unittest.TestCase):
    def test_place_is_the_innermost_frame_of_the_project(self) -> None:
        described = describe_exception(raised(lambda: os.stat(os.path.join("no", "such"))), "INTERNAL", {"a": 1})
        self.assertEqual(described["type"], "FileNotFoundError")
        self.assertEqual(described["place"]["file"], os.path.abspath(__file__))
        self.assertEqual(described["place"]["function"], "<lambda>")
        self.assertEqual(described["data"], {"a": 1})
        self.assertTrue(described["traceback"].startswith("Traceback"))

    def test_an_exception_whose_text_raises_still_has_a_type(self) -> None:
        class Odd(Exception):
            def __str__(self) -> str:
                raise ValueError

        self.assertEqual(describe_exception(Odd(), "INTERNAL")["message"], "Odd")

    def test_names_of_types(self) -> None:
        self.assertEqual(type_name(KeyError("x")), "KeyError")
        self.assertEqual(type_name(CompanionFailure("A", "b")), "devsetup_companion.errors.CompanionFailure")

    def test_a_chain_that_bites_its_tail_ends(self) -> None:
        first, second = ValueError("1"), ValueError("2")
        first.__context__, second.__context__ = second, first
        self.assertEqual(list(chain(first)), [first, second])


class RequestErrorTest(unittest.TestCase):
    def test_an_expected_failure_keeps_code_and_data(self) -> None:
        error = request_error(CompanionFailure("TENANT_FIELDS_MISSING", "no plan", {"fields": ["plan"]}))
        self.assertEqual(error["code"], "TENANT_FIELDS_MISSING")
        self.assertEqual(error["message"], "no plan")
        self.assertEqual(error["data"], {"fields": ["plan"]})
        self.assertIsNone(error["type"])

    def test_ctrl_c(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        interruption.note_interruptions()
        try:
            with self.assertRaises(KeyboardInterrupt) as caught:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(60)
            self.assertEqual(request_error(caught.exception)["code"], "CANCELLED")
        finally:
            signal.signal(signal.SIGINT, before)
            interruption._received.clear()

    def test_anything_else(self) -> None:
        self.assertEqual(request_error(KeyboardInterrupt())["code"], "INTERNAL")
        self.assertEqual(request_error(raised(import_missing))["code"], "DJANGO_MISSING")
        self.assertEqual(request_error(ValueError("x"))["code"], "INTERNAL")


class MissingModuleTest(unittest.TestCase):
    def test_only_what_is_not_installed_counts(self) -> None:
        self.assertEqual(missing_module(raised(import_missing)), "module_of_nobody")
        self.assertEqual(missing_module(raised(wrapped)), "module_of_nobody")
        self.assertIsNone(missing_module(raised(own_verdict)))
        self.assertIsNone(missing_module(ModuleNotFoundError("x", name="json.nothing")))
        self.assertIsNone(missing_module(ImportError("cannot import name", name="json")))


class PydanticTest(unittest.TestCase):
    def test_a_module_that_refuses_the_name_does_no_harm(self) -> None:
        def refuse(name: str) -> None:
            raise RuntimeError("`%s` has been moved" % name)

        module = types.ModuleType("pydantic")
        module.__getattr__ = refuse  # type: ignore[method-assign]
        with mock.patch.dict(sys.modules, {"pydantic": module}):
            self.assertEqual(describe_exception(ValueError("x"), "APPS_FAILED")["message"], "x")


class FilesTest(unittest.TestCase):
    def test_whose_a_file_is(self) -> None:
        self.assertTrue(is_project_file("/app/mysite/settings.py"))
        self.assertTrue(is_stdlib_file(os.__file__))
        self.assertTrue(is_stdlib_file("<frozen importlib._bootstrap>"))
        self.assertFalse(is_project_file("/app/.venv/lib/python3.12/site-packages/environ/environ.py"))
        self.assertFalse(is_project_file("/usr/lib/python3/dist-packages/django/conf/__init__.py"))
        self.assertTrue(is_companion_file(describe_exception.__code__.co_filename))
