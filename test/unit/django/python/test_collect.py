import os
import unittest
from typing import Any, Callable, Dict, List

from devsetup_companion.start.collect import MOST_ATTEMPTS, Attempt, Outcome, candidates, collect
from devsetup_companion.errors import describe_exception

Settings = Callable[[Dict[str, str], Callable[[str], Any]], None]


def attempt_of(settings: Settings) -> Attempt:
    """An attempt that runs a function instead of a project; it gets the stand-ins and a lookup that notes what it misses."""

    def attempt(stand_ins: Dict[str, str], is_tolerant: bool = False) -> Outcome:
        missed: Dict[str, Any] = {}

        def get(name: str) -> Any:
            if name not in stand_ins:
                missed[name] = {"file": "settings.py", "line": len(missed), "function": "f", "source": name}
            return stand_ins.get(name)

        try:
            settings(stand_ins, get)
        except Exception as error:  # noqa: BLE001
            return Outcome(describe_exception(error, "SETTINGS_FAILED"), missed)
        return Outcome(None, missed)

    return attempt


def names_of(result: Dict[str, Any]) -> List[str]:
    return [variable["name"] for variable in result["variables"]]


class CollectTest(unittest.TestCase):
    def test_nothing_is_missing(self) -> None:
        self.assertEqual(collect(attempt_of(lambda values, get: None)), {"variables": [], "remaining": None})

    def test_a_value_that_fits_is_found_for_each_kind(self) -> None:
        def settings(values: Dict[str, str], get: Callable[[str], Any]) -> None:
            int(get("APP_PORT"))
            if not get("APP_URL").startswith("postgres://"):
                raise ValueError("bad scheme")
            dict(__import__("json").loads(get("APP_JSON")))

        result = collect(attempt_of(settings))
        self.assertEqual(names_of(result), ["APP_PORT", "APP_URL", "APP_JSON"])
        self.assertIsNone(result["remaining"])

    def test_a_variable_that_changes_nothing_is_not_reported(self) -> None:
        def settings(values: Dict[str, str], get: Callable[[str], Any]) -> None:
            get("APP_OPTIONAL")
            raise RuntimeError("the disk is full")

        result = collect(attempt_of(settings))
        self.assertEqual(result["variables"], [])
        self.assertEqual(result["remaining"]["message"], "the disk is full")

    def test_a_variable_that_only_the_message_names(self) -> None:
        def settings(values: Dict[str, str], get: Callable[[str], Any]) -> None:
            if "DEVSETUP_TEST_KEY" not in values:
                raise ValueError("1 validation error: DEVSETUP_TEST_KEY field required")

        self.assertEqual(names_of(collect(attempt_of(settings))), ["DEVSETUP_TEST_KEY"])

    def test_a_package_that_is_not_installed_behind_the_variable_is_what_remains(self) -> None:
        def settings(values: Dict[str, str], get: Callable[[str], Any]) -> None:
            if not get("APP_URL"):
                raise ValueError("Set APP_URL")
            raise ModuleNotFoundError("No module named 'nothing'")

        attempt = attempt_of(settings)

        def without_package(stand_ins: Dict[str, str], is_tolerant: bool = False) -> Outcome:
            outcome = attempt(stand_ins, is_tolerant)
            if outcome.error is not None and outcome.error["type"] == "ModuleNotFoundError":
                outcome.error["code"] = "DJANGO_MISSING"
            return outcome

        result = collect(without_package)
        self.assertEqual(names_of(result), ["APP_URL"])
        self.assertEqual(result["remaining"]["message"], "No module named 'nothing'")

    def test_it_ends_when_nothing_ends(self) -> None:
        calls: List[int] = []

        def settings(values: Dict[str, str], get: Callable[[str], Any]) -> None:
            calls.append(1)
            raise KeyError(get("APP_V%d" % len(values)) or "APP_V%d" % len(values))

        result = collect(attempt_of(settings))
        # And once more, tolerantly.
        self.assertEqual(len(calls), MOST_ATTEMPTS + 1)
        self.assertIsNotNone(result["remaining"])

    def test_candidates_named_by_the_failure_come_first_and_parts_of_names_do_not_count(self) -> None:
        error = describe_exception(KeyError("APP_KEY_OLD"), "SETTINGS_FAILED")
        missed: Dict[str, Any] = {"APP_KEY": None, "APP_KEY_OLD": None, "APP_A": None}
        self.assertEqual(candidates(Outcome(error, missed), {}), (["APP_KEY_OLD"], [], ["APP_A", "APP_KEY"]))
        self.assertNotIn("APP_KEY_OLD", os.environ)
