"""Reading the operations of migrations."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, List

from django.db.migrations.operations import RunSQL, SeparateDatabaseAndState


def flat(operations: Iterable[Any]) -> Iterator[Any]:
    """The operations that reach the database: those inside SeparateDatabaseAndState in its place."""
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def sql_texts(operation: Any) -> List[str]:
    """The statements of a RunSQL, without their parameters; [] for other operations."""
    if not isinstance(operation, RunSQL) or operation.sql == RunSQL.noop:
        return []
    statements: List[Any] = [operation.sql] if isinstance(operation.sql, str) else list(operation.sql)
    return [str(statement[0] if isinstance(statement, (list, tuple)) else statement) for statement in statements]
