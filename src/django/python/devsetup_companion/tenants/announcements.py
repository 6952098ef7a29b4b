"""
Which tenants were created and not yet announced by `post_schema_sync`. The schema itself says so, by its comment, from the transaction
that creates it until the signal was sent: a run that is killed in between, and a machine that has seen no earlier run, leave it to the next.
"""

from __future__ import annotations

from typing import Any, List

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants import tenant_database

#: The first line of the comment; a comment of the project comes behind it and stays.
_MARK = "devsetup: created, post_schema_sync not sent yet"


def mark(connection: Any, schema: str) -> None:
    """Notes that the signal is still to be sent."""
    comment = _comment(connection, schema)
    if not _is_marked(comment):
        _set_comment(connection, schema, _MARK + ("\n" + comment if comment else ""))


def unmark(connection: Any, schema: str) -> None:
    """Removes the note, if there is one."""
    comment = _comment(connection, schema)
    if _is_marked(comment):
        _set_comment(connection, schema, comment[len(_MARK) :].lstrip("\n"))


def is_marked(connection: Any, schema: str) -> bool:
    """Whether the signal is still to be sent for this schema."""
    return _is_marked(_comment(connection, schema))


def marked_schemas(connection: Any) -> List[str]:
    """All schemas with the note."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_catalog.pg_namespace"
            " WHERE split_part(obj_description(oid, 'pg_namespace'), chr(10), 1) = %s ORDER BY 1",
            [_MARK],
        )
        return [row[0] for row in cursor.fetchall()]


def announce(connection: Any, tenant: Any) -> None:
    """Sends what TenantMixin.save sends once the schema of a tenant is there. Raises TENANT_NOT_ANNOUNCED if a receiver does."""
    from django_tenants.models import TenantMixin
    from django_tenants.signals import post_schema_sync

    try:
        post_schema_sync.send(sender=TenantMixin, tenant=tenant.serializable_fields())
    except Exception as error:
        message = 'A receiver of post_schema_sync raised for the tenant "%s", so the signal is sent again by the next run: %s: %s' % (
            tenant.schema_name,
            type(error).__name__,
            error,
        )
        raise CompanionFailure("TENANT_NOT_ANNOUNCED", message, data={"schema": tenant.schema_name}) from error
    connection.set_schema_to_public()
    unmark(connection, tenant.schema_name)


def _is_marked(comment: str) -> bool:
    return comment.split("\n")[0] == _MARK


def _comment(connection: Any, schema: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_catalog.pg_namespace WHERE nspname = %s", [schema])
        row = cursor.fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def _set_comment(connection: Any, schema: str, text: str) -> None:
    with connection.cursor() as cursor:
        # A utility statement takes no parameters; the server quotes the text.
        cursor.execute("SELECT quote_literal(%s::text)", [text])
        literal = "NULL" if text == "" else cursor.fetchone()[0]
        cursor.execute("COMMENT ON SCHEMA %s IS %s" % (tenant_database.quote(schema), literal))
