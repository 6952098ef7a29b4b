"""Calls back once a module is loaded, by whichever finder it is found: manage.py may still change sys.path."""

from __future__ import annotations

import importlib.abc
import sys
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Sequence

Loaded = Callable[[ModuleType], None]

_waiting: Dict[str, Loaded] = {}


class _AfterImport(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None) -> Any:
        loaded = _waiting.get(name)
        if loaded is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = None if finder is self or find is None else find(name, path, target)
            if spec is not None and spec.loader is not None:
                _wrap(spec.loader, loaded)
                return spec
        return None


_finder: List[_AfterImport] = []


def after_import(name: str, loaded: Loaded) -> None:
    """At once, where the module is loaded already: a site customisation may have imported it."""
    module = sys.modules.get(name)
    if module is not None:
        loaded(module)
        return
    _waiting[name] = loaded
    if not _finder:
        _finder.append(_AfterImport())
        sys.meta_path.insert(0, _finder[0])


def forget(loaded: Loaded) -> None:
    for name in [name for name, waiting in _waiting.items() if waiting is loaded]:
        del _waiting[name]


def _wrap(loader: Any, loaded: Loaded) -> None:
    if isinstance(loader, type):
        # Those of modules inside the interpreter are shared by all of them.
        return
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        loaded(module)

    loader.exec_module = exec_module
