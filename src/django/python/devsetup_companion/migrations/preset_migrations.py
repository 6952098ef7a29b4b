"""
Django's migration loader and executor over a set of applied migrations that is given instead of read, so that what is
pending can be computed without a connection, and once for all schemas in the same state.
"""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Tuple

from django.apps import apps
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants.tenant_database import MigrationKey

class PresetLoader(MigrationLoader):
    """A loader whose `applied_migrations` start from the given set, whatever Django assigns while it builds the graph."""

    def __init__(self, applied: Iterable[MigrationKey]) -> None:
        self._preset = {key: None for key in applied}
        super().__init__(None)

    @property
    def applied_migrations(self) -> Dict[MigrationKey, Any]:
        return self._current

    @applied_migrations.setter
    def applied_migrations(self, _value: Any) -> None:
        self._current: Dict[MigrationKey, Any] = dict(self._preset)


class PresetExecutor(MigrationExecutor):
    """For `migration_plan` and `_create_project_state` only: it has no connection and no recorder."""

    def __init__(self, applied: Iterable[MigrationKey]) -> None:
        self.connection = None
        self.recorder = None
        self.progress_callback = None
        self.loader = PresetLoader(applied)

    def pending(self) -> List[Any]:
        """Migrations Django would apply, in its order."""
        plan = self.migration_plan(self.loader.graph.leaf_nodes())
        return [migration for migration, backwards in plan if not backwards]


def preset_executor(applied: Iterable[MigrationKey], schema: Optional[str] = None) -> PresetExecutor:
    """
    Raises MIGRATIONS_BROKEN where the graph cannot be built over these applied migrations. Whatever is raised means that:
    only the project's migration files are imported and joined here, and no connection is used.
    """
    try:
        return PresetExecutor(applied)
    except Exception as error:
        where = "" if schema is None else " (over what schema %s has applied)" % schema
        message = "The migration graph cannot be built%s: %s: %s" % (where, type(error).__name__, error)
        raise CompanionFailure("MIGRATIONS_BROKEN", message, data={"schema": schema}) from error


_pending: Dict[FrozenSet[MigrationKey], Tuple[str, ...]] = {}


def pending_names(applied: FrozenSet[MigrationKey], schema: Optional[str] = None) -> Tuple[str, ...]:
    """`app.name` of what is pending, in Django's order; remembered, because a fleet has few different states."""
    if applied not in _pending:
        _pending[applied] = tuple(dotted(m.app_label, m.name) for m in preset_executor(applied, schema).pending())
    return _pending[applied]


def orphaned_names(applied: Iterable[MigrationKey], loader: MigrationLoader) -> List[str]:
    """
    Recorded as applied, of an installed app, and neither in the code nor replaced by a squashed migration in the code.
    Rows of apps that were removed from INSTALLED_APPS are left alone: nothing can be said about them.
    """
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update((app, name) for app, name in migration.replaces)
    return sorted(dotted(app, name) for app, name in applied if (app, name) not in known and app in apps.app_configs)


def dotted(app: str, name: str) -> str:
    """A migration as the protocol writes it; an app label never holds a dot."""
    return app + "." + name


def parse_dotted(name: str) -> MigrationKey:
    """The reverse of `dotted`."""
    app, _, rest = name.partition(".")
    return app, rest
