"""
A migration and its record in one transaction, so that a process killed at any moment leaves both or neither.

Django does so itself, unless SQL is deferred to the end of the migration (every foreign key is): it then commits first and
records afterwards, and the next run fails with "relation already exists" each time.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable, Iterator, Optional, Tuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor

from devsetup_companion.tenants.tenant_database import MigrationKey

#: Their SQL is not Django's: it may change where and as whom the record would be written.
_OPAQUE = ("RunSQL", "RunPython", "SeparateDatabaseAndState")


def record_in_transaction() -> None:
    """
    From now on, in this process and those forked from it. Django's executor still applies and records: the deferred SQL is
    only executed at the end of the transaction's body instead of by its exit, and Django then records inside as it does
    for every migration that deferred nothing. What is not atomic, or leaves its transaction in another way, stays as it is.
    """
    if getattr(MigrationExecutor.apply_migration, "records_inside", False):
        return
    MigrationExecutor.apply_migration = _patched("apply", MigrationExecutor.apply_migration, None)
    MigrationExecutor.unapply_migration = _patched("unapply", MigrationExecutor.unapply_migration, _forget)


def _patched(name: str, original: Callable[..., Any], settled: Optional[Callable[[Any, Any], None]]) -> Callable[..., Any]:
    @wraps(original)
    def method(self: Any, state: Any, migration: Any, *rest: Any, **options: Any) -> Any:
        run = getattr(migration, name)

        def run_and_settle(project_state: Any, editor: Any, *more: Any, **settings: Any) -> Any:
            before = _session(editor, migration)
            result = run(project_state, editor, *more, **settings)
            if _is_plain(editor) and _session(editor, migration) == before:
                _execute_deferred(editor)
                if settled is not None:
                    settled(self, migration)
            return result

        setattr(migration, name, run_and_settle)
        try:
            return original(self, state, migration, *rest, **options)
        finally:
            delattr(migration, name)

    method.records_inside = True  # type: ignore[attr-defined]
    return method


def _is_plain(editor: Any) -> bool:
    """Whether the editor runs what is deferred and commits in Django's own way; packages that limit locks have others."""
    return (
        editor.connection.vendor == "postgresql"
        and editor.atomic_migration
        and not editor.collect_sql
        and type(editor).__exit__ is BaseDatabaseSchemaEditor.__exit__
    )


def _execute_deferred(editor: Any) -> None:
    """As the editor's exit does it, which then finds nothing left to do."""
    for sql in editor.deferred_sql:
        editor.execute(sql, None)
    editor.deferred_sql.clear()


def _forget(executor: Any, migration: Any) -> None:
    """Django removes the record after the commit, whatever was deferred; it then finds it removed."""
    for app, name in _with_replaced(executor, migration):
        executor.recorder.record_unapplied(app, name)


def _with_replaced(executor: Any, migration: Any) -> Iterator[MigrationKey]:
    for key in migration.replaces:
        replaced = executor.loader.disk_migrations.get(key)
        if replaced is None:
            yield key
        else:
            yield from _with_replaced(executor, replaced)
    yield migration.app_label, migration.name


def _session(editor: Any, migration: Any) -> Optional[Tuple[Any, ...]]:
    """
    Where and as whom a statement would write now. `SET LOCAL search_path` or `SET LOCAL ROLE` of a migration's own SQL must
    not send the record elsewhere: Django writes it after they have ended.
    """
    if not _is_plain(editor) or not any(_is_opaque(operation) for operation in migration.operations):
        return None
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_user")
        return tuple(cursor.fetchone())


def _is_opaque(operation: Any) -> bool:
    kind = type(operation)
    return kind.__name__ in _OPAQUE or not kind.__module__.startswith("django.")
