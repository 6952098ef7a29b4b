"""Tables that recorded migrations should have created and that do not exist, for all schemas in one query."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple

from devsetup_companion.examination.expected_places import Place, Tables
from devsetup_companion.examination.present_columns import missing_in_database


class Absent(NamedTuple):
    """What one app lacks in some schemas."""

    app: str
    tables: Tuple[str, ...]
    #: None of the tables of this app exists there.
    entire: bool


#: The places that lack a table they must have are found by counting; tables are only listed for those.
_ABSENT = """
WITH expected AS (SELECT * FROM unnest(%s::int[], %s::text[], %s::boolean[]) AS e(p, t, must)),
places AS (SELECT * FROM unnest(%s::int[], %s::text[]) AS s(p, s)),
present AS MATERIALIZED (
  SELECT n.nspname::text AS s, c.relname::text AS t
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY(%s) AND n.nspname = ANY(%s)
),
wanted AS (SELECT p, count(*) AS n FROM expected WHERE must GROUP BY p),
found AS (
  SELECT places.p, places.s, count(*) AS n FROM places JOIN expected USING (p) JOIN present USING (s, t)
  WHERE must GROUP BY places.p, places.s
),
incomplete AS (
  SELECT places.p, places.s FROM places JOIN wanted USING (p) LEFT JOIN found USING (p, s)
  WHERE coalesce(found.n, 0) < wanted.n
)
SELECT incomplete.p, incomplete.s, expected.t FROM incomplete JOIN expected USING (p) LEFT JOIN present USING (s, t)
WHERE present.s IS NULL
"""


def absent_tables(connection: Any, wanted: Sequence[Tuple[Place, Tables]]) -> Dict[Absent, List[Optional[str]]]:
    """
    By lack, the schemas that have it. Silent about doubtful tables, and about databases whose catalogue is not known here.
    """
    found: Dict[Absent, List[Optional[str]]] = {}
    missing = _missing(connection, wanted)
    for index, (place, tables) in enumerate(wanted):
        for schema in place.schemas:
            for absent in _by_app(tables, missing.get((index, schema), set())):
                found.setdefault(absent, []).append(schema)
    return found


def _missing(connection: Any, wanted: Sequence[Tuple[Place, Tables]]) -> Dict[Tuple[int, Optional[str]], Set[str]]:
    if [None] in [list(place.schemas) for place, _ in wanted]:
        names = {table.table for _, tables in wanted for table in [*tables.certain, *tables.doubtful]}
        missing = missing_in_database(connection, {(name, "") for name in names}) or {}
        return {(0, None): {name for name, _ in missing.get(None, set())}}
    expected = [
        (index, table.table, must)
        for index, (_, tables) in enumerate(wanted)
        for must, kind in ((True, tables.certain), (False, tables.doubtful))
        for table in kind
    ]
    places = [(index, schema) for index, (place, _) in enumerate(wanted) for schema in place.schemas]
    result: Dict[Tuple[int, Optional[str]], Set[str]] = {}
    if expected and places:
        with connection.cursor() as cursor:
            indexes, schemas = [list(column) for column in zip(*places)]
            columns = [list(column) for column in zip(*expected)]
            cursor.execute(_ABSENT, [*columns, indexes, schemas, sorted({name for _, name, _ in expected}), schemas])
            for index, schema, table in cursor.fetchall():
                result.setdefault((index, schema), set()).add(table)
    return result


def _by_app(tables: Tables, missing: Set[str]) -> Iterable[Absent]:
    if not missing:
        return
    lacking: Dict[str, List[str]] = {}
    for table in tables.certain:
        if table.table in missing:
            lacking.setdefault(table.app, []).append(table.table)
    for app, names in lacking.items():
        everything = [table.table for table in [*tables.certain, *tables.doubtful] if table.app == app]
        yield Absent(app, tuple(sorted(names)), all(name in missing for name in everything))
