"""Whether the function of a migration can do more than change rows: most only do that, and can create no extension."""

from __future__ import annotations

import dis
import types
from typing import Any, Callable, Iterator, Optional, Set

#: Without one of these, a function reaches the database only through models.
_REACHES = frozenset(
    "execute executemany executescript callproc cursor raw deferred_sql call_command database_forwards apply eval exec compile"
    " getattr __import__ import_module globals __dict__".split()
)

#: Modules that run no SQL of their own accord.
_HARMLESS = frozenset(
    "builtins collections copy datetime decimal enum functools hashlib itertools json logging math operator random re secrets"
    " string time typing unicodedata uuid".split()
)


def only_uses_models(code: Any, is_known: Callable[[str], bool], seen: Optional[Set[Any]] = None) -> bool:
    """`is_known`: whether a module is of a package that creates no extensions. False where it cannot be read from the code."""
    seen = set() if seen is None else seen
    if code in seen:
        return True
    if not isinstance(code, types.FunctionType) or code.__closure__ is not None or hasattr(code, "__wrapped__"):
        return False
    seen.add(code)
    for part in _parts(code.__code__):
        if not _REACHES.isdisjoint(part.co_names):
            return False
        if not all(_is_fine(module, is_known) for module in _imported(part)):
            return False
        for name in part.co_names:
            if name in code.__globals__ and not _uses_models(code.__globals__[name], is_known, seen):
                return False
    return True


def _imported(part: types.CodeType) -> Iterator[str]:
    """`.json` for a relative import, which is the project's whatever its name."""
    instructions = list(dis.get_instructions(part))
    for index, instruction in enumerate(instructions):
        if instruction.opname == "IMPORT_NAME":
            # The level is loaded first, then the names.
            yield "." * int(instructions[index - 2].argval or 0) + str(instruction.argval)


def _uses_models(value: Any, is_known: Callable[[str], bool], seen: Set[Any]) -> bool:
    if isinstance(value, types.ModuleType):
        return _is_fine(value.__name__, is_known)
    if _is_fine(str(getattr(value, "__module__", None) or type(value).__module__), is_known):
        return True
    return only_uses_models(value, is_known, seen)


def _is_fine(module: str, is_known: Callable[[str], bool]) -> bool:
    return is_known(module) or module.split(".")[0] in _HARMLESS


def _parts(code: types.CodeType) -> Iterator[types.CodeType]:
    """With the functions, comprehensions and classes inside."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _parts(constant)
