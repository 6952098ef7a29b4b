"""Models whose tables migrations have changed by other means than Django's operations: what they look like now is not known."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, NamedTuple, Set, Tuple

from django.db.migrations.operations import AlterModelOptions, RenameModel, RunPython, RunSQL, SeparateDatabaseAndState

from devsetup_companion.examination.function_sources import function_sources
from devsetup_companion.examination.operations import sql_texts

_WORD = re.compile(r"\w+")
#: Statements that cannot take a table or a column away are harmless.
_CHANGES_TABLES = re.compile(r"\b(alter|drop|rename|execute|do|call)\b", re.IGNORECASE)
_DYNAMIC = re.compile(r"\bexecute\b(?!\s+(?:function|procedure)\b)", re.IGNORECASE)
_READS_CONNECTION = re.compile(r"schema_editor\s*\.\s*connection\s*\.\s*(?:alias|vendor|settings_dict)\b")
_PYTHON_CHANGES_TABLES = re.compile(r"schema_editor\s*\.|\bcursor\s*\(|\.\s*execute\s*\(|\bcall_command\b")
_PYTHON_GOES_OVER_ALL = re.compile(r"\bget_models\b|\btable_names\b|\bget_table_list\b")


class Unsure(NamedTuple):
    """Where nothing can be said: whole apps, single models (app, lower-case name), and whatever these words name."""

    apps: Set[str]
    models: Set[Tuple[str, str]]
    words: Set[str]
    #: Words of Python, where models go by their own names: by app.
    model_words: Dict[str, Set[str]]

    def covers(self, app: str, model: str, table: str) -> bool:
        name = model.lower()
        return (
            app in self.apps
            or (app, name) in self.models
            or table.lower() in self.words
            or any(name in words and (app == label or app in words) for label, words in self.model_words.items())
        )


def unsure_models(migrations: Iterable[Any]) -> Unsure:
    """What the given migrations, in the order they ran, leave in doubt."""
    unsure = Unsure(set(), set(), set(), {})
    for migration in migrations:
        if not type(migration).__module__.startswith("django."):
            for operation in migration.operations:
                _look_at(operation, migration, unsure)
    return unsure


def _look_at(operation: Any, migration: Any, unsure: Unsure) -> None:
    app = migration.app_label
    if isinstance(operation, SeparateDatabaseAndState):
        _doubt_named([*operation.state_operations, *operation.database_operations], app, unsure)
        for inner in operation.database_operations:
            _look_at(inner, migration, unsure)
    elif isinstance(operation, RunSQL):
        _doubt_named(operation.state_operations, app, unsure)
        for text in sql_texts(operation):
            if _CHANGES_TABLES.search(text):
                unsure.words.update(_words(text))
            if _DYNAMIC.search(text):
                unsure.apps.add(app)
    elif isinstance(operation, RunPython):
        _look_at_python(operation, migration, unsure)
    elif isinstance(operation, AlterModelOptions) and "managed" in operation.options:
        # Django neither makes nor drops a table when it begins or ceases to be its business.
        _doubt_named([operation], app, unsure)
    elif not type(operation).__module__.startswith("django."):
        # A library's operation does what it likes.
        _doubt_named([operation], app, unsure)
        unsure.words.update(_words(repr(operation.deconstruct())))
    if isinstance(operation, RenameModel) and (app, operation.old_name_lower) in unsure.models:
        unsure.models.add((app, operation.new_name_lower))


def _look_at_python(operation: Any, migration: Any, unsure: Unsure) -> None:
    if operation.code == RunPython.noop:
        return
    sources = function_sources(operation.code, type(migration).__module__)
    if sources is None:
        unsure.apps.add(migration.app_label)
        return
    code = _READS_CONNECTION.sub("", "\n".join(sources))
    if not _PYTHON_CHANGES_TABLES.search(code):
        return
    words = _words(code)
    unsure.words.update(words)
    unsure.model_words.setdefault(migration.app_label, set()).update(words)
    if _PYTHON_GOES_OVER_ALL.search(code):
        unsure.apps.add(migration.app_label)


def _doubt_named(operations: List[Any], app: str, unsure: Unsure) -> None:
    for operation in operations:
        for attribute in ("name", "model_name", "old_name", "new_name"):
            name = getattr(operation, attribute, None)
            if isinstance(name, str):
                unsure.models.add((app, name.lower()))
        if isinstance(operation, SeparateDatabaseAndState):
            _doubt_named([*operation.state_operations, *operation.database_operations], app, unsure)


def _words(text: str) -> Set[str]:
    return {word.lower() for word in _WORD.findall(text)}
