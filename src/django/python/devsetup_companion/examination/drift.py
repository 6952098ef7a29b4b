"""Columns that applied migrations should have created and that do not exist."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from devsetup_companion.examination.expected_tables import Expected
from devsetup_companion.examination.expected_places import Place, all_places, tables_in
from devsetup_companion.examination.present_columns import Missing, Pair, missing_in_database, missing_in_schemas
from devsetup_companion.migrations.preset_migrations import preset_executor
from devsetup_companion.tenants import tenant_database

#: app, model, table, columns
Lack = Tuple[str, str, str, Tuple[str, ...]]


def examine() -> Optional[List[Dict[str, Any]]]:
    """
    By app, model and lack, as the protocol has it; None where the database is of a kind whose catalogue is not known here.
    Nothing is said of models whose tables were changed by other means, and of apps with applied migrations that are not in
    the code.
    """
    lacks: Dict[Lack, List[Optional[str]]] = {}
    connection = tenant_database.tenant_connection()
    for place in list(all_places(connection)):
        expected = tables_in(place, preset_executor(place.applied, place.schemas[0]), connection).certain
        missing = _missing(connection, place, _pairs(expected))
        if missing is None:
            return None
        for schema, pairs in missing.items():
            for lack in _lacks(expected, pairs):
                lacks.setdefault(lack, []).append(schema)
    return [
        {"app": app, "model": model, "table": table, "columns": list(columns), "schemas": lacks[app, model, table, columns]}
        for app, model, table, columns in sorted(lacks)
    ]


def _missing(connection: Any, place: Place, pairs: Set[Pair]) -> Optional[Missing]:
    schemas = [schema for schema in place.schemas if schema is not None]
    return missing_in_schemas(connection, schemas, pairs) if schemas else missing_in_database(connection, pairs)


def _pairs(expected: Iterable[Expected]) -> Set[Pair]:
    return {(table.table, column) for table in expected for column in ("", *table.columns)}


def _lacks(expected: Iterable[Expected], missing: Set[Pair]) -> Iterator[Lack]:
    for table in expected:
        if (table.table, "") in missing:
            yield table.app, table.model, table.table, ()
            continue
        columns = tuple(column for column in table.columns if (table.table, column) in missing)
        if columns:
            yield table.app, table.model, table.table, columns
