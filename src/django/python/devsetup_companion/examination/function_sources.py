"""The source of a function with that of what it calls."""

from __future__ import annotations

import functools
import inspect
import sys
from types import CodeType, FunctionType
from typing import Any, Iterator, List, Optional, Set


def function_sources(function: Any, module: str) -> Optional[List[str]]:
    """
    Of the function and of the functions and texts of its own module, or of others but Django's, that it names; of the whole
    `module` where the function is none that Python can take apart. None where the source is not to be had.
    """
    try:
        if not isinstance(function, FunctionType):
            return [inspect.getsource(sys.modules[module])]
        return list(_sources(function, set()))
    except (KeyError, OSError, TypeError):
        return None


def _sources(function: FunctionType, seen: Set[Any]) -> Iterator[str]:
    seen.add(function)
    yield _source(function)
    for name in _names(function.__code__):
        used = function.__globals__.get(name)
        if isinstance(used, str):
            yield used
        elif isinstance(used, FunctionType) and used not in seen and not used.__module__.startswith("django."):
            yield from _sources(used, seen)


@functools.lru_cache(maxsize=None)
def _source(function: FunctionType) -> str:
    """Python reads a whole block token by token for it: once, however many schemas have the migration."""
    return inspect.getsource(function)


def _names(code: CodeType) -> Iterator[str]:
    """Also of the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
