"""The library `packaging`, which understands requirements, from wherever this interpreter has it."""

from __future__ import annotations

import glob
import importlib
import importlib.util
import os
import sys
from typing import Any, Callable, Iterator, NamedTuple, Optional


class Packaging(NamedTuple):
    """Its classes Version, SpecifierSet and Marker."""

    version: Any
    specifiers: Any
    marker: Any


def find_packaging() -> Optional[Packaging]:
    """
    None where it is nowhere. For a process of its own: it is imported for good, and what it came with may be as well. Its own
    copy, else that of pip or setuptools, else the one in the pip that Python brings for new environments.
    """
    for candidate in _candidates():
        try:
            found = _classes(candidate())
            if found.specifiers(">=1").contains("1") and found.marker("python_version >= '3'").evaluate():
                return found
        except Exception:  # noqa: BLE001 - not here, or too old to be used alone: the next one may do.
            pass
        for name in [name for name in sys.modules if name.split(".")[0] == "packaging"]:
            del sys.modules[name]
    return None


def _classes(package: str) -> Packaging:
    def module(name: str) -> Any:
        return importlib.import_module("%s.%s" % (package, name))

    return Packaging(module("version").Version, module("specifiers").SpecifierSet, module("markers").Marker)


def _candidates() -> Iterator[Callable[[], str]]:
    """Each makes its copy importable and gives its name."""
    yield lambda: "packaging"
    yield lambda: "pip._vendor.packaging"
    yield _from_setuptools
    yield _from_bundled_pip


def _from_setuptools() -> str:
    spec = importlib.util.find_spec("setuptools")
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        # Without importing setuptools, which takes long and patches distutils.
        sys.path.insert(0, os.path.join(folder, "_vendor"))
    return "packaging"


def _from_bundled_pip() -> str:
    import ensurepip

    for wheel in glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")):
        sys.path.insert(0, wheel)
    return "pip._vendor.packaging"
