"""
Whether settings read the clock or random numbers. Python has no audit event for either, so their source is searched. Only settings:
what they decide is decided by the day, whereas models and applications name `timezone.now` and `uuid4` for later.

A random value that is named as a secret (`SECRET_KEY = get_random_secret_key()`) does not prevent caching: nothing that a
run checks or changes depends on it.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import Dict, FrozenSet, Iterator, List, Optional, Tuple

from devsetup_companion.places import is_project_file

_OF_DATES = ("now", "today", "utcnow")
_OF_TIME = ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "monotonic", "perf_counter")
#: Module → what in it is random; None: everything.
_RANDOM: Dict[str, Optional[Tuple[str, ...]]] = {
    "random": None,
    "secrets": None,
    "uuid": ("uuid1", "uuid4"),
    "os": ("urandom", "getrandom"),
    "django.core.management.utils": ("get_random_secret_key",),
    "django.utils.crypto": ("get_random_string",),
}
#: Names that stand for the clock or for chance wherever they are read.
CHANGING = frozenset((*_OF_DATES, *_OF_TIME, *(name for names in _RANDOM.values() for name in names or ()), "secrets", "SystemRandom", "getpid"))
_SECRET = re.compile(r"SECRET|KEY|TOKEN|SALT|NONCE|PASSWORD", re.IGNORECASE)
_files: List[str] = []


def note_settings() -> None:
    """To be called once the settings are loaded: the project's modules that are there now had a part in them."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    _files[:] = sorted({file for file in files if isinstance(file, str) and file.endswith(".py") and is_project_file(file)})


def readings() -> List[str]:
    """A sentence for each settings file that reads the clock, and for each that reads random numbers."""
    found = []
    for file in _files:
        tree = _parse(file)
        for what, line in () if tree is None else (("the clock", _line_of_time(tree)), ("random numbers", _line_of_chance(tree))):
            if line is not None:
                found.append("%s:%d reads %s" % (file, line, what))
    return found


def _parse(file: str) -> Optional[ast.AST]:
    try:
        with open(file, "rb") as source:
            return ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        # It was imported, so it could be read: what is there now is newer, and is seen by its times.
        return None


def _line_of_time(tree: ast.AST) -> Optional[int]:
    names = _names_of(tree, "time")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _reads(node, names):
            return node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "time" and any(part.name in _OF_TIME for part in node.names):
            return node.lineno
    return None


def _reads(node: ast.Attribute, names: FrozenSet[str]) -> bool:
    of_time = isinstance(node.value, ast.Name) and node.value.id in names
    return node.attr in _OF_DATES or (of_time and node.attr in _OF_TIME)


def _names_of(tree: ast.AST, module: str) -> FrozenSet[str]:
    """What a module is called after `import module` or `import module as name`."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    return frozenset(part.asname or part.name for node in imports for part in node.names if part.name == module)


def _line_of_chance(tree: ast.AST) -> Optional[int]:
    modules = {name: attributes for module, attributes in _RANDOM.items() for name in _names_of(tree, module)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in _RANDOM]
    functions = {part.asname or part.name for node in imports for part in node.names if _is_random(part.name, _RANDOM[node.module or ""])}
    for node in _outside_secrets(tree):
        if isinstance(node, ast.Name) and node.id in functions:
            return node.lineno
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            if _is_random(node.attr, modules[node.value.id]):
                return node.lineno
    return None


def _is_random(name: str, random: Optional[Tuple[str, ...]]) -> bool:
    return random is None or name in random


def _outside_secrets(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that make a value which is named as a secret."""
    yield node
    for name, child in _named_children(node):
        if name is None or not _SECRET.search(name):
            yield from _outside_secrets(child)


def _named_children(node: ast.AST) -> Iterator[Tuple[Optional[str], ast.AST]]:
    """Each child with the name that its value gets."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values):
            yield _text_of(key), value
        return
    name: Optional[str] = None
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = target.id if isinstance(target, ast.Name) else _text_of(_index_of(target))
    elif isinstance(node, ast.keyword):
        name = node.arg
    elif isinstance(node, ast.FunctionDef):
        name = node.name
    elif isinstance(node, ast.Call) and node.args:
        # env("SECRET_KEY", default=…), os.environ.setdefault("SECRET_KEY", …)
        name = _text_of(node.args[0])
    for child in ast.iter_child_nodes(node):
        yield name, child


def _index_of(target: ast.AST) -> Optional[ast.AST]:
    if not isinstance(target, ast.Subscript):
        return None
    # Python 3.8 wraps it.
    return getattr(target.slice, "value", None) if type(target.slice).__name__ == "Index" else target.slice


def _text_of(node: Optional[ast.AST]) -> Optional[str]:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
