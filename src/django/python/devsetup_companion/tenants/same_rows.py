"""Which schemas have the same rows in django_migrations."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from devsetup_companion.tenants.tenant_database import quote

#: Schemas per query: each is one branch of a UNION, and a query takes a lock for every table it names.
BATCH = 100


def same_rows(connection: Any, schemas: List[str]) -> List[List[str]]:
    """The schemas, all of which hold django_migrations, in groups with equal rows; a fleet has few of them."""
    groups: Dict[Tuple[int, str], List[str]] = {}
    for start in range(0, len(schemas), BATCH):
        batch = schemas[start : start + BATCH]
        for position, count, digest in _digests(connection, batch):
            groups.setdefault((count, digest), []).append(batch[position])
    return list(groups.values())


def _digests(connection: Any, schemas: List[str]) -> List[Tuple[int, int, str]]:
    branch = (
        "SELECT %d, count(*), md5(coalesce(string_agg(m, chr(10) ORDER BY m COLLATE \"C\"), ''))"
        " FROM (SELECT DISTINCT app || '.' || name AS m FROM %s.django_migrations) AS t%d"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branch % (i, quote(schema), i) for i, schema in enumerate(schemas)))
        return sorted(cursor.fetchall())
