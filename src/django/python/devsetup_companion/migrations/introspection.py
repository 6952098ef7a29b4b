"""
Lets PostgreSQL answer Django's questions about tables without reading the catalogue of all schemas.

Django asks for the visible tables at least three times for each schema that it migrates (does `django_migrations` exist?), and for
the constraints of a table before it alters a field. PostgreSQL then reads the entries of all schemas, so that the work for a fleet
grows with the square of its size. Each condition added here follows from the query it is added to: the result stays the same.
"""

from __future__ import annotations

import re
from typing import Any, Tuple

from django.db.backends.signals import connection_created

#: One table by its name: whatever is visible by a name is what to_regclass finds by it.
_BY_NAME = re.compile(
    r"\b(\w+)\.relname = %s\b(?:(?!\bOR\b).)*?\bpg_catalog\.pg_table_is_visible\(\1\.oid\)", re.DOTALL
)
_ONE_TABLE = " AND %s.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(%%s))"

#: DatabaseIntrospection.get_table_list, up to its end.
_ALL_VISIBLE = re.compile(
    r"\bFROM pg_catalog\.pg_class c\b(?:(?!\b(?:OR|GROUP|ORDER|UNION)\b).)*\bpg_catalog\.pg_table_is_visible\(c\.oid\)\s*$",
    re.DOTALL,
)
# What is visible is in a schema of the search path, and depends on it. pg_class has no index by schema, pg_depend has one. With
# arrays the server uses it whatever its statistics say.
_IN_SEARCH_PATH = """
 AND c.oid = ANY (ARRAY(
   SELECT d.objid FROM pg_catalog.pg_depend d
   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
     AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
     AND d.refobjid = ANY (ARRAY(
       SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = ANY (pg_catalog.current_schemas(true))))))"""


def narrow_introspection() -> None:
    """From now on, on every connection to PostgreSQL that Django opens in this process and in those forked from it."""

    def narrow(connection: Any, **_rest: Any) -> None:
        if connection.vendor == "postgresql" and _execute not in connection.execute_wrappers:
            connection.execute_wrappers.append(_execute)

    connection_created.connect(narrow, weak=False)


def _execute(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    if isinstance(sql, str) and "pg_table_is_visible" in sql and not many:
        sql, params = narrowed(sql, params)
    return execute(sql, params, many, context)


def narrowed(sql: str, params: Any) -> Tuple[str, Any]:
    """The query with the condition that follows from it; unknown queries as they are."""
    if params is None:
        return (sql + _IN_SEARCH_PATH if _ALL_VISIBLE.search(sql) else sql), None
    named = _BY_NAME.search(sql)
    if named is None or not isinstance(params, (list, tuple)) or "%%" in sql:
        return sql, params
    before = sql.count("%s", 0, named.start())
    after = sql.count("%s", 0, named.end())
    name = params[before]
    return (
        sql[: named.end()] + _ONE_TABLE % named.group(1) + sql[named.end() :],
        [*params[:after], name, *params[after:]],
    )
