"""The PostgreSQL extensions that migrations create."""

from __future__ import annotations

import inspect
import re
from typing import Any, Dict, Iterator, List

from devsetup_companion.examination.operations import flat, sql_texts
from devsetup_companion.migrations.preset_migrations import dotted, preset_executor
from devsetup_companion.migrations.sql_words import statements

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_CREATE = re.compile(r'\bCREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]+"|[\w-]+)', re.IGNORECASE)

_WITH_CODE = frozenset(("DO", "FUNCTION", "PROCEDURE", "EXECUTE"))


def examine() -> List[Dict[str, str]]:
    """Each once, with the first migration that creates it, in the order migrations run in."""
    executor = preset_executor(())
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    first: Dict[str, str] = {}
    for migration, _ in plan:
        for operation in flat(migration.operations):
            for name in created_by(operation):
                first.setdefault(name, dotted(migration.app_label, migration.name))
    return [{"name": name, "migration": migration} for name, migration in first.items()]


def created_by(operation: Any) -> Iterator[str]:
    if _creates_extension(type(operation)):
        yield str(operation.name)
    for text in [*_statements_of(operation), *_code_texts(operation)]:
        for name in _CREATE.findall(_COMMENT.sub(" ", text)):
            yield name.strip('"')


def _statements_of(operation: Any) -> Iterator[str]:
    """Without what stands in a string, unless it is code: the body of a function, or text that is executed."""
    for text in sql_texts(operation):
        for words in statements(text):
            has_code = not _WITH_CODE.isdisjoint(word.text for word in words)
            yield " ".join(text[word.start : word.end] for word in words if has_code or word.text != "'")


def _code_texts(operation: Any) -> Iterator[str]:
    """Of a function that a migration runs."""
    code = getattr(operation, "code", None)
    if callable(code):
        try:
            yield inspect.getsource(code)
        except (OSError, TypeError):
            # Not written in a file: a callable object, a function of C.
            return


def _creates_extension(cls: type) -> bool:
    """By name: importing Django's module for PostgreSQL needs its driver."""
    names = {"%s.%s" % (base.__module__, base.__qualname__) for base in cls.__mro__}
    return "django.contrib.postgres.operations.CreateExtension" in names
