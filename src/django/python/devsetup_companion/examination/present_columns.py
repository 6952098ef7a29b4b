"""Which of the expected tables and columns are not there, for many schemas in one query."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

#: A table and one of its columns; '' stands for the table itself.
Pair = Tuple[str, str]
Missing = Dict[Optional[str], Set[Pair]]

# Views and foreign tables can stand in for a table.
_PRESENT = """
WITH expected AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS e(t, k)),
tables AS (
  SELECT c.oid, {schema} AS s, c.relname::text AS t
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY(%s) AND {condition}
),
present AS (
  SELECT s, t, ''::text AS k FROM tables
  UNION ALL
  SELECT s, t, a.attname::text FROM tables JOIN pg_catalog.pg_attribute a ON a.attrelid = tables.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped
)
"""
_INCOMPLETE = (
    _PRESENT
    + """
SELECT s.s FROM unnest(%s::text[]) AS s(s)
LEFT JOIN (SELECT s, count(*) AS n FROM present JOIN expected USING (t, k) GROUP BY s) found USING (s)
WHERE coalesce(found.n, 0) < %s
"""
)
_MISSING = (
    _PRESENT
    + """
SELECT s.s, e.t, e.k FROM unnest(%s::text[]) AS s(s) CROSS JOIN expected e
LEFT JOIN present p ON p.s = s.s AND p.t = e.t AND p.k = e.k
WHERE p.s IS NULL
"""
)


def missing_in_schemas(connection: Any, schemas: Sequence[str], pairs: Set[Pair]) -> Missing:
    """PostgreSQL. Only schemas that lack something are in the answer; the others cost one row of a count."""
    return _ask(connection, list(schemas), pairs, "n.nspname::text", "n.nspname = ANY(%s)")


def missing_in_database(connection: Any, pairs: Set[Pair]) -> Optional[Missing]:
    """Whatever the connection finds without a schema's name; None for a vendor whose catalogue is not known here."""
    if connection.vendor == "postgresql":
        found = _ask(connection, [""], pairs, "''::text", "pg_catalog.pg_table_is_visible(c.oid) AND '' = ANY(%s)")
        return {None: found[""]} if found else {}
    if connection.vendor not in ("sqlite", "mysql"):
        return None
    with connection.cursor() as cursor:
        tables = {name.lower(): name for name in connection.introspection.table_names(cursor, include_views=True)}
        present: Set[Pair] = set()
        for table in {table for table, _ in pairs} & set(tables):
            columns = connection.introspection.get_table_description(cursor, tables[table])
            present |= {(table, ""), *((table, column.name.lower()) for column in columns)}
    return {None: pairs - present} if pairs - present else {}


def _ask(connection: Any, schemas: List[str], pairs: Set[Pair], schema: str, condition: str) -> Missing:
    wanted = sorted(pairs)
    if not wanted or not schemas:
        return {}
    expected = [[table for table, _ in wanted], [column for _, column in wanted], sorted({table for table, _ in wanted})]
    missing: Missing = {}
    with connection.cursor() as cursor:
        text = _INCOMPLETE.format(schema=schema, condition=condition)
        cursor.execute(text, [*expected, schemas, schemas, len(wanted)])
        incomplete = [row[0] for row in cursor.fetchall()]
        if incomplete:
            text = _MISSING.format(schema=schema, condition=condition)
            cursor.execute(text, [*expected, incomplete, incomplete])
            for name, table, column in cursor.fetchall():
                missing.setdefault(name, set()).add((table, column))
    return missing
