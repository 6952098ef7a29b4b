"""The library `packaging`, which understands requirements, from wherever this interpreter has it."""

from __future__ import annotations

import glob
import importlib
import importlib.util
import os
import sys
from typing import Any, Callable, Iterator, Optional


def find_packaging() -> Optional[Any]:
    """
    Its module `requirements`, or None. For a process of its own: it is imported for good, and what it came with may be as well.
    Its own copy, else that of pip or setuptools, else the one in the pip that Python brings for new environments.
    """
    for candidate in _candidates():
        try:
            found = candidate()
            if found is not None and found.Requirement("a>=1; python_version >= '3'").specifier.contains("1"):
                return found
        except Exception:  # noqa: BLE001 - not here, or too old to be used alone: the next one may do.
            pass
        for name in [name for name in sys.modules if name.split(".")[0] == "packaging"]:
            del sys.modules[name]
    return None


def _candidates() -> Iterator[Callable[[], Any]]:
    yield lambda: importlib.import_module("packaging.requirements")
    yield lambda: importlib.import_module("pip._vendor.packaging.requirements")
    yield _from_setuptools
    yield _from_bundled_pip


def _from_setuptools() -> Any:
    spec = importlib.util.find_spec("setuptools")
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        # Without importing setuptools, which takes long and patches distutils.
        sys.path.insert(0, os.path.join(folder, "_vendor"))
    return importlib.import_module("packaging.requirements")


def _from_bundled_pip() -> Any:
    import ensurepip

    for wheel in glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")):
        sys.path.insert(0, wheel)
    return importlib.import_module("pip._vendor.packaging.requirements")
