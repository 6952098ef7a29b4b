"""The project's own apps, and those of their migrations that squashed others."""

from __future__ import annotations

from typing import List, Optional

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from devsetup_companion.examination.model_changes import is_own
from devsetup_companion.migrations.preset_migrations import dotted


def labels() -> List[str]:
    """Of apps that are the project's own and not a package's."""
    return [label for label in apps.app_configs if is_own(label)]


def squashes(loaded: Optional[MigrationLoader] = None) -> List[str]:
    """Migrations that `squashmigrations` named: once what they replaced is deleted, only the name still tells."""
    loader = loaded or MigrationLoader(None, ignore_no_migrations=True)
    return sorted(dotted(app, name) for app, name in loader.disk_migrations if "_squashed_" in name and is_own(app))
