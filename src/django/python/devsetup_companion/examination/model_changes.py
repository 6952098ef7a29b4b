"""What `makemigrations --check --dry-run` would find, without its questions and without a database."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, List

from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

from devsetup_companion.places import is_project_file


def examine() -> List[Dict[str, Any]]:
    """By app, as the protocol has it. An app with several leaves is left out: makemigrations refuses to look at it."""
    return changes_of(MigrationLoader(None, ignore_no_migrations=True))


def changes_of(loader: MigrationLoader) -> List[Dict[str, Any]]:
    """The same over migrations that are loaded already."""
    conflicts = loader.detect_conflicts()
    # The base class answers every question by itself; those of the command line ask, or end the process.
    autodetector = _autodetector()(loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner())
    changes = autodetector.changes(graph=loader.graph)
    return [
        {"app": label, "own": is_own(label), "changes": described}
        for label, described in ((label, _described(migrations)) for label, migrations in sorted(changes.items()))
        if described and label not in conflicts
    ]


def _autodetector() -> Any:
    """The one that the project's own makemigrations works with: libraries replace it."""
    from django.core.management.commands import makemigrations

    provider: Any = get_commands().get("makemigrations", "django.core")
    command = load_command_class(provider, "makemigrations") if isinstance(provider, str) else provider
    named = sys.modules.get(type(command).__module__)
    return (
        getattr(command, "autodetector", None)
        or getattr(named, "MigrationAutodetector", None)
        or makemigrations.MigrationAutodetector  # type: ignore[attr-defined]
    )


def _described(migrations: List[Any]) -> List[str]:
    return [str(operation.describe()) for migration in migrations for operation in migration.operations]


def is_own(label: str) -> bool:
    """True for an app of the checkout, and not of an installed package."""
    try:
        folder = os.path.realpath(apps.get_app_config(label).path)
    except LookupError:
        return False
    environment = os.path.realpath(sys.prefix)
    if sys.prefix != sys.base_prefix and folder.startswith(environment + os.sep):
        # Also what pip checks out below it (`pip install -e git+…`).
        return False
    return folder.startswith(_checkout() + os.sep) and is_project_file(os.path.join(folder, ""))


def _checkout() -> str:
    """The folder that git tracks around manage.py, else the one of manage.py, which is the working directory."""
    directory = os.path.realpath(os.getcwd())
    folder = directory
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return directory
        folder = parent
    return folder
