"""What decides which rows a project's own manager shows, so far as it can be compared without Django."""

from __future__ import annotations

from types import CodeType
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

from django.apps import apps
from django.db.models import Model
from django.db.models.sql import Query

from devsetup_companion.places import is_project_file
from devsetup_companion.start.unrepeatable import CHANGING

#: What is in these modules of Django depends on rows and constants alone, except for raw SQL and functions of the database.
_PLAIN_MODULES = ("django.db.models.lookups", "django.db.models.expressions", "django.db.models.fields", "django.db.models.sql")
_OPAQUE = ("RawSQL", "ExtraWhere", "Func")
#: What Django calls of a manager to list rows, or to find a user.
_STARTS = {"get_queryset", "all", "get_by_natural_key"}
_CONSTANTS = (bool, int, str, float, type(None))


def read_by_manager(queryset: Any) -> Tuple[Set[Any], List[str]]:
    """
    (models, obstacles): those whose tables the query reads, and sentences about what cannot be compared: a function of the database, a
    value that may come from the clock.
    """
    label = queryset.model._meta.label
    code = sorted(_changing_names(queryset))
    if code:
        return set(), ["the manager of %s calls %s" % (label, ", ".join(code))]
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    models: Set[Any] = set()
    for node in _walk(queryset.query):
        if isinstance(node, str):
            if node not in by_table:
                return set(), ["the manager of %s reads %s, which belongs to none of the models" % (label, node)]
            models.add(by_table[node])
        elif not _is_plain(node):
            return set(), ["the manager of %s filters by %s, which is not compared" % (label, type(node).__name__)]
    return models, []


def _is_plain(node: Any) -> bool:
    if isinstance(node, _CONSTANTS):
        return True
    kind = type(node)
    return kind.__module__.startswith(_PLAIN_MODULES) and kind.__name__ not in _OPAQUE


def _walk(node: Any) -> Iterator[Any]:
    """Tables by their names, conditions, expressions and constants of a query and those inside it."""
    if isinstance(node, Query):
        yield from (alias.table_name for name, alias in node.alias_map.items() if node.alias_refcount.get(name, 0))
        yield from (part for child in (node.where, *node.annotations.values(), *node.combined_queries) for part in _walk(child))
        if node.extra:
            yield node.extra
        return
    if isinstance(node, (list, tuple, set, frozenset)):
        yield from (part for child in node for part in _walk(child))
        return
    if hasattr(node, "query") and isinstance(node.query, Query):
        yield from _walk(node.query)
        return
    if isinstance(node, Model):
        yield from _walk(node.pk)
        return
    yield node
    if hasattr(node, "children"):
        yield from (part for child in node.children for part in _walk(child))
    elif hasattr(node, "lhs"):
        yield from _walk(node.lhs)
        yield from _walk(getattr(node, "rhs", None))
    elif hasattr(node, "get_source_expressions"):
        yield from (part for child in node.get_source_expressions() if child is not None for part in _walk(child))
        if hasattr(node, "value"):
            yield from _walk(node.value)


def _changing_names(queryset: Any) -> Set[str]:
    """Names of the clock and of chance in the project's own code that makes the query set: `get_queryset`, and what that calls."""
    managers = (type(manager) for manager in queryset.model._meta.managers)
    kinds = [kind for owner in (type(queryset), *managers) for kind in owner.__mro__]
    wanted: List[Set[str]] = [_STARTS]
    seen: Set[CodeType] = set()
    found: Set[str] = set()
    places: List[Dict[str, Any]] = [dict(vars(kind)) for kind in kinds]
    while wanted:
        names = wanted.pop()
        for function in [place[name] for place in places for name in names if name in place]:
            code = _code_of(function)
            if code is None or code in seen or not is_project_file(code.co_filename):
                continue
            seen.add(code)
            called = _names(code)
            found |= called & CHANGING
            wanted.append(called)
            places.append(function.__globals__)
    return found


def _code_of(function: Any) -> Optional[CodeType]:
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def _names(code: CodeType) -> Set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*(_names(each) for each in inner))
