"""Migrations that are not atomic, as they can be applied in a transaction: to tables that nobody else uses yet."""

from __future__ import annotations

import copy
from typing import Any, List

from django.db.migrations.operations import AddIndex, RemoveIndex, RunSQL, SeparateDatabaseAndState

from devsetup_companion.migrations.sql_words import without_concurrently


def in_one_transaction(migration: Any) -> Any:
    """A copy with the same state and the same result."""
    if migration.atomic:
        return migration
    plain = copy.copy(migration)
    plain.operations = _plain(migration.operations)
    return plain


def _plain(operations: List[Any]) -> List[Any]:
    return [_plain_operation(operation) for operation in operations]


def _plain_operation(operation: Any) -> Any:
    """By name: importing Django's module for PostgreSQL needs its driver."""
    names = {"%s.%s" % (base.__module__, base.__qualname__) for base in type(operation).__mro__}
    if "django.contrib.postgres.operations.AddIndexConcurrently" in names:
        return AddIndex(operation.model_name, operation.index)
    if "django.contrib.postgres.operations.RemoveIndexConcurrently" in names:
        return RemoveIndex(operation.model_name, operation.name)
    if isinstance(operation, SeparateDatabaseAndState):
        changed = copy.copy(operation)
        changed.database_operations = _plain(operation.database_operations)
        return changed
    if isinstance(operation, RunSQL) and operation.sql != RunSQL.noop:
        changed = copy.copy(operation)
        changed.sql = _plain_sql(operation.sql)
        return changed
    return operation


def _plain_sql(sql: Any) -> Any:
    """
    One text, or several statements, each with its parameters or without. An index of a new table needs no special care, and
    PostgreSQL allows the careful way outside of transactions only.
    """
    if isinstance(sql, str):
        return without_concurrently(sql)
    return [
        [_plain_sql(statement[0]), *statement[1:]] if isinstance(statement, (list, tuple)) else _plain_sql(statement)
        for statement in sql
    ]
