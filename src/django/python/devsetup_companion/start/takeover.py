"""Takes over where manage.py calls Django's command line, without importing Django earlier than manage.py does."""

from __future__ import annotations

import importlib
from typing import Any, Callable, List, Optional

from devsetup_companion.start import importing

_MODULE = "django.core.management"


class StartFailure(Exception):
    """Django did not start: the settings raised (`SETTINGS_FAILED`) or django.setup did (`APPS_FAILED`)."""

    def __init__(self, code: str, error: BaseException) -> None:
        super().__init__(code)
        self.code = code
        self.error = error


def install(reached: Callable[[Any], None]) -> None:
    """`reached` is called instead of ManagementUtility.execute, with the utility; afterwards the real method is back."""

    def patch(management: Any) -> None:
        utility = management.ManagementUtility
        original = utility.execute

        def execute(self: Any) -> None:
            utility.execute = original
            reached(self)

        utility.execute = execute

    importing.after_import(_MODULE, patch)


def start_django(utility: Any, lock_timeout: int = 0) -> None:
    """What ManagementUtility.execute does before it runs a command. `lock_timeout` as in Options."""
    load_settings(utility)
    import django
    from devsetup_companion.start import obstacles, unrepeatable

    unrepeatable.note_settings()
    importing.after_import("django.db.backends.postgresql.base", _open_no_pool)
    _limit_lock_waits(lock_timeout, "before")
    try:
        with obstacles.watching_databases():
            django.setup()
    except BaseException as error:
        raise StartFailure("APPS_FAILED", error) from error
    from django.db import connections

    # Those that code of the project opened lack the lock by which the next devsetup knows its workers: the next ones get it.
    connections.close_all()
    from devsetup_companion.migrations.introspection import narrow_introspection

    narrow_introspection()
    _limit_lock_waits(lock_timeout, "after")


def _limit_lock_waits(milliseconds: int, order: str) -> None:
    if milliseconds > 0:
        from devsetup_companion.migrations.lock_timeout import limit_lock_waits

        limit_lock_waits(milliseconds, order)


def _open_no_pool(module: Any) -> None:
    """
    A connection that is closed must end, and with it its locks and its limits; the threads of a pool would forbid to fork. The
    driver of a project that has one (Django 5.1) is used without it.
    """
    if hasattr(module.DatabaseWrapper, "pool"):
        module.DatabaseWrapper.pool = None


def load_settings(utility: Any) -> None:
    """Loads the settings; `--settings` and `--pythonpath` count when manage.py itself passes them."""
    try:
        _apply_options(list(utility.argv))
        from django.conf import settings

        settings.INSTALLED_APPS  # noqa: B018 - the first access loads them.
    except BaseException as error:
        raise StartFailure("SETTINGS_FAILED", error) from error


def load_code() -> None:
    """The apps, and the URLs with the views they name: what the first command loads. Nothing of it is kept."""
    import django

    try:
        django.setup()
    except BaseException as error:
        raise StartFailure("APPS_FAILED", error) from error
    from django.conf import settings

    try:
        if getattr(settings, "ROOT_URLCONF", None):
            importlib.import_module(settings.ROOT_URLCONF)
    except BaseException as error:
        raise StartFailure("URLS_FAILED", error) from error


def _apply_options(argv: List[str]) -> None:
    from django.core.management.base import CommandParser, handle_default_options

    parser = CommandParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    parser.add_argument("args", nargs="*")
    options, _ = parser.parse_known_args(argv[2:])
    handle_default_options(options)


def stage_of(error: BaseException) -> Optional[str]:
    """Whether settings or apps were loading when manage.py itself let an exception through (it may use settings early)."""
    stage: Optional[str] = None
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        module = step.tb_frame.f_globals.get("__name__")
        if module == "django.conf" and code.co_name in ("_setup", "__init__"):
            return "SETTINGS_FAILED"
        if module == "django.apps.registry" and code.co_name == "populate":
            stage = "APPS_FAILED"
        step = step.tb_next
    return stage
