"""The PostgreSQL extensions that pending migrations need and that no migration creates."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterable, Iterator, List, Set, Tuple

from django.db.migrations.operations import AddField, AlterField, CreateModel

from devsetup_companion.examination.extension_creators import Creator, around_migrations, of_migration, of_operation
from devsetup_companion.examination.extensions import created_by
from devsetup_companion.examination.operations import flat, sql_texts
from devsetup_companion.migrations.preset_migrations import PresetExecutor, dotted

#: Column types, as `db_type` gives them. PostgreSQL's manual, appendix F (citext, hstore, ltree, cube, isn, seg); PostGIS's manual,
#: chapter 4 (geometry, geography, raster); pgvector's README (vector, halfvec, sparsevec).
_OF_TYPE = {
    **{name: name for name in ("citext", "hstore", "ltree", "cube", "seg", "vector")},
    "lquery": "ltree",
    "halfvec": "vector",
    "sparsevec": "vector",
    "geometry": "postgis",
    "geography": "postgis",
    "raster": "postgis_raster",
}

#: Operator classes and functions. The same manual: pg_trgm (F.35), uuid-ossp, pgcrypto; pgvector's README.
_OF_WORD = re.compile(
    r"\b(?:(?P<pg_trgm>gi[ns]t?_trgm_ops)|(?P<vector>(?:vector|halfvec|sparsevec)_\w+_ops)"
    r"|(?P<uuid_ossp>uuid_generate_v\w+)|(?P<pgcrypto>gen_salt|pgp_(?:sym|pub)_(?:en|de)crypt\w*)|(?P<citext>citext))\b"
)

#: What these index methods index without an operator class of their own only with btree_gin and btree_gist (the manual, F.7 and F.8).
_FOR_SCALARS = {"gin": "btree_gin", "gist": "btree_gist"}
_SCALAR = re.compile(
    r"^(?:bigint|integer|smallint|(?:big)?serial|numeric|double precision|real|text|varchar|char|boolean|date|time|timestamp|interval|uuid|inet|bytea)\b"
)


def needed_extensions(executor: PresetExecutor, connection: Any) -> List[Dict[str, Any]]:
    """
    Each once, with the first pending migration that needs it, and (`mayBeCreatedBy`) what of the project runs before and may create
    it. Left out is what something certainly creates. PostGIS is not among them where its backend is used: Django's
    `prepare_database` creates it when it migrates.
    """
    if connection.vendor != "postgresql":
        return []
    first: Dict[str, Dict[str, Any]] = {}
    models = _Models(executor)
    before: List[Creator] = []
    for migration in executor.pending():
        before += of_migration(migration)
        for operation in migration.operations:
            before += of_operation(operation, migration)
            for part in flat([operation]):
                for name in _needs_of(part, migration.app_label, models, connection):
                    needed = {"name": name, "migration": dotted(migration.app_label, migration.name)}
                    first.setdefault(name, {**needed, "before": len(before)})
    if first:
        for name in _provided(executor, connection):
            first.pop(name, None)
    return list(_judged(first.values(), before, list(around_migrations(connection)) if first else []))


def _judged(needed: Iterable[Dict[str, Any]], before: List[Creator], around: List[Creator]) -> Iterator[Dict[str, Any]]:
    for need in needed:
        creators = around + before[: need.pop("before")]
        if not any(creator.is_certain for creator in creators):
            yield {**need, "mayBeCreatedBy": creators[0].name if creators else None}


def _provided(executor: PresetExecutor, connection: Any) -> Set[str]:
    created = {
        name
        for migration in executor.loader.disk_migrations.values()
        for operation in flat(migration.operations)
        for name in created_by(operation)
    }
    # django-tenants puts the backend with this method behind its own.
    backends = [connection, getattr(connection, "introspection", None)]
    if any("postgis" in base.__module__ for part in backends for base in type(part).__mro__):
        created.add("postgis")
    return created


class _Models:
    """The fields of models: what pending operations have said of them, else as the last migration leaves them."""

    def __init__(self, executor: PresetExecutor) -> None:
        self._executor = executor
        self._said: Dict[Tuple[str, str], Dict[str, Any]] = {}
        self._last: Any = None

    def say(self, app: str, model: str, fields: Dict[str, Any]) -> None:
        self._said.setdefault((app, model.lower()), {}).update(fields)

    def fields(self, app: str, model: str) -> Dict[str, Any]:
        if self._last is None:
            self._last = self._executor.loader.project_state().models
        key = (app, model.lower())
        last = dict(self._last[key].fields) if key in self._last else {}
        return {**last, **self._said.get(key, {})}


def _needs_of(operation: Any, app: str, models: _Models, connection: Any) -> Iterator[str]:
    fields: Dict[str, Any] = {}
    model = str(getattr(operation, "model_name", None) or getattr(operation, "name", ""))
    if isinstance(operation, CreateModel):
        fields = dict(operation.fields)
    elif isinstance(operation, (AddField, AlterField)):
        fields = {operation.name: operation.field}
    models.say(app, model, fields)
    for name, field in fields.items():
        yield from _of_field(name, field, connection)
    options = operation.options if isinstance(operation, CreateModel) else {}
    places = [*options.get("indexes", ()), *options.get("constraints", ())]
    places += [getattr(operation, kind) for kind in ("index", "constraint") if hasattr(operation, kind)]
    for place in places:
        yield from _of_index(place, lambda: models.fields(app, model), connection)
    for text in sql_texts(operation):
        yield from _of_text(text)


def _of_field(name: str, field: Any, connection: Any) -> Iterator[str]:
    extension = _OF_TYPE.get(_base_type(name, field, connection))
    if extension is not None:
        yield extension
    default = getattr(field, "db_default", None)
    yield from _of_text(str(getattr(default, "function", None) or getattr(default, "template", "")))


def _of_index(place: Any, fields_of: Callable[[], Dict[str, Any]], connection: Any) -> Iterator[str]:
    expressions = [part for pair in _expressions(place) for part in pair[:1]]
    words = [*getattr(place, "opclasses", ()), *(str(getattr(part, "name", "")) for part in _flat(expressions))]
    for word in words:
        yield from _of_text(word)
    method = str(getattr(place, "suffix", None) or getattr(place, "index_type", "")).lower()
    if method == "bloom":
        yield "bloom"
    extension = _FOR_SCALARS.get(method)
    if extension is None or getattr(place, "opclasses", ()):
        return
    names = [*getattr(place, "fields", ()), *(pair[0] for pair in _expressions(place))]
    fields = fields_of()
    for name in names:
        name = str(getattr(name, "name", name)).lstrip("-")
        if name in fields and _is_scalar(name, fields[name], connection):
            yield extension


def _expressions(place: Any) -> List[Any]:
    """As pairs: an exclusion constraint has an operator with each."""
    return [part if isinstance(part, (list, tuple)) else (part,) for part in getattr(place, "expressions", None) or ()]


def _flat(expressions: Iterable[Any]) -> Iterator[Any]:
    for expression in expressions:
        yield expression
        yield from _flat(getattr(expression, "source_expressions", None) or ())


def _is_scalar(name: str, field: Any, connection: Any) -> bool:
    # A key has the type of its target, which is a scalar in all but odd cases.
    return getattr(field, "remote_field", None) is not None or bool(_SCALAR.match(_base_type(name, field, connection)))


def _base_type(name: str, field: Any, connection: Any) -> str:
    """`citext` of `public.citext[]`; '' for a field without a type of its own."""
    if getattr(field, "remote_field", None) is not None:
        return ""
    bound = field.clone()
    bound.set_attributes_from_name(name)
    try:
        kind = bound.db_type(connection)
    except Exception:  # noqa: BLE001 - a field of another backend, or one that wants its model: nothing is known of it.
        return ""
    return re.split(r"[\[(]", str(kind or "").lower())[0].split(".")[-1].strip('" ')


def _of_text(text: str) -> Iterator[str]:
    for match in _OF_WORD.finditer(text):
        yield "uuid-ossp" if match.lastgroup == "uuid_ossp" else str(match.lastgroup)
