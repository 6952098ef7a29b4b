"""The tables and columns that a state of the models stands for, worked out without rendering the models."""

from __future__ import annotations

from typing import Any, Iterator, NamedTuple, Optional, Tuple

from django.apps import apps
from django.conf import settings
from django.db import router
from django.db.backends.utils import truncate_name

#: What PostgreSQL cuts names to, in bytes.
_MOST_BYTES = 63


class Expected(NamedTuple):
    """One table: of a model, or (`field` says of which) of a relation between many and many, whose columns are not looked at."""

    app: str
    model: str
    table: str
    columns: Tuple[str, ...]
    field: Optional[str] = None


def expected_tables(state: Any, connection: Any) -> Iterator[Expected]:
    """
    Of every model that Django would migrate on this connection, which is set to the schema in question: routers decide by it.
    Left out is what the name of a table does not tell (one that names its schema).
    """
    for (app, name), model in sorted(state.models.items()):
        if not _can_migrate(model, app, name, connection) or not _is_routed_to(connection, app, name):
            continue
        table = model.options.get("db_table") or truncate_name("%s_%s" % (app, name), connection.ops.max_name_length())
        if '"' in table:
            continue
        columns = []
        for field_name, field in model.fields.items():
            if getattr(field, "many_to_many", False):
                joining = _joining_table(table, field_name, field, connection)
                if joining is not None:
                    yield Expected(app, model.name, stored_name(joining, connection), (), field_name)
            else:
                column = _column(field_name, field, connection)
                if column is not None and '"' not in column:
                    columns.append(stored_name(column, connection))
        yield Expected(app, model.name, stored_name(table, connection), tuple(columns))


def stored_name(name: str, connection: Any) -> str:
    """As the catalogue of the database spells it."""
    if connection.vendor != "postgresql":
        return name.lower()
    return name.encode()[:_MOST_BYTES].decode(errors="ignore")


def _can_migrate(model: Any, app: str, name: str, connection: Any) -> bool:
    """As Options.can_migrate; a model with required features is left to Django."""
    options = model.options
    if options.get("proxy") or not options.get("managed", True) or options.get("required_db_features"):
        return False
    if options.get("required_db_vendor") not in (None, connection.vendor):
        return False
    swappable = options.get("swappable")
    swapped_by = getattr(settings, swappable, None) if swappable else None
    return not swapped_by or str(swapped_by).lower() == "%s.%s" % (app, name)


def _is_routed_to(connection: Any, app: str, name: str) -> bool:
    hints = {}
    try:
        hints["model"] = apps.get_model(app, name)
    except LookupError:
        # A model of the past: routers that want to see it are asked without it.
        pass
    try:
        return bool(router.allow_migrate(connection.alias, app, model_name=name, **hints))
    except Exception:  # noqa: BLE001 - a router that cannot say (a tenant type it does not know): nothing is expected.
        return False


def _joining_table(table: str, name: str, field: Any, connection: Any) -> Optional[str]:
    """Of a relation that has no model of its own; as ManyToManyField names it."""
    remote = getattr(field, "remote_field", None)
    if remote is None or getattr(remote, "through", None) is not None or not hasattr(field, "_get_m2m_db_table"):
        return None
    joining = getattr(field, "db_table", None) or truncate_name(
        "%s_%s" % (table, name), connection.ops.max_name_length()
    )
    return None if '"' in joining else str(joining)


def _column(name: str, field: Any, connection: Any) -> Optional[str]:
    """None for what has no column, and for a field that cannot say."""
    bound = field.clone()
    bound.set_attributes_from_name(name)
    if bound.column is None:
        return None
    if bound.remote_field is None:
        # A relation's type is that of its target, which is not at hand; it has a column all the same.
        try:
            if bound.db_type(connection) is None:
                return None
        except Exception:  # noqa: BLE001 - a field that wants its model, or an extension: nothing is expected of it.
            return None
    return str(bound.column)
