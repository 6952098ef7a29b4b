"""What the environment holds, and what of it does not fit: `Installed` of examination.ts. Needs neither Django nor the project."""

from __future__ import annotations

import importlib
import platform
import re
from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from devsetup_companion.start.distributions import Distribution, normalised, read_distributions
from devsetup_companion.start.packaging_library import find_packaging

_NAME = re.compile(r"^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*([^;]*)(;.*)?$", re.DOTALL)
_LIMITATION = "only names were compared: the Python library `packaging` is nowhere in this environment"

Found = Dict[str, Distribution]
#: The requirement as it is told, without its marker and without an address, and the installed version.
Unmet = Tuple[str, Optional[str]]


def describe_installed(requirements: Iterable[str]) -> Dict[str, Any]:
    """`requirements` are the project's own (PEP 508); what is none is passed over. For a process of its own."""
    found = read_distributions()
    library = find_packaging()
    judge = _Names(found) if library is None else _Versions(found, library)
    unmet = dict.fromkeys(lack for requirement in requirements for lack in judge.unmet(requirement, with_extras=True))
    conflicts = [
        {"distribution": distribution.name, "requirement": told, "found": version}
        for _, distribution in sorted(found.items())
        for requirement in distribution.requires
        for told, version in judge.unmet(requirement, with_extras=False)
    ]
    return {
        "python": platform.python_version(),
        "distributions": {name: distribution.version for name, distribution in sorted(found.items())},
        "unmet": [{"requirement": told, "found": version} for told, version in unmet],
        "conflicts": conflicts,
        "limitation": _LIMITATION if library is None else None,
    }


class _Versions:
    """Compares in full, as `pip check` does."""

    def __init__(self, found: Found, library: Any) -> None:
        self._found = found
        self._library = library
        package = library.__name__.rpartition(".")[0]
        self._version: Any = importlib.import_module(package + ".version").Version

    def unmet(self, requirement: str, with_extras: bool) -> Iterator[Unmet]:
        """What nothing installed satisfies: the requirement itself, or what its extras ask for."""
        parsed = self._parse(requirement)
        if parsed is not None and self._applies(parsed, ""):
            yield from self._judge(parsed, with_extras, set())

    def _judge(self, parsed: Any, with_extras: bool, seen: Set[Tuple[str, str]]) -> Iterator[Unmet]:
        distribution = self._found.get(normalised(parsed.name))
        if distribution is None or not self._fits(parsed, distribution.version):
            yield _told(parsed), None if distribution is None else distribution.version
            return
        for extra in sorted(parsed.extras) if with_extras else ():
            key = (normalised(parsed.name), normalised(extra))
            if key not in seen:
                yield from self._of_extra(distribution, extra, {*seen, key})

    def _of_extra(self, distribution: Distribution, extra: str, seen: Set[Tuple[str, str]]) -> Iterator[Unmet]:
        for requirement in distribution.requires:
            parsed = self._parse(requirement)
            if parsed is None or parsed.marker is None or self._applies(parsed, ""):
                continue
            if self._applies(parsed, extra) or self._applies(parsed, normalised(extra)):
                yield from self._judge(parsed, True, seen)

    def _parse(self, requirement: str) -> Optional[Any]:
        try:
            return self._library.Requirement(requirement)
        except Exception:  # noqa: BLE001 - InvalidRequirement, of whichever copy of the library.
            return None

    def _fits(self, parsed: Any, version: str) -> bool:
        try:
            self._version(version)
            return parsed.url is not None or bool(parsed.specifier.contains(version, prereleases=True))
        except Exception:  # noqa: BLE001 - a version that is none by PEP 440 (older tools wrote them): nothing can be said.
            return True

    def _applies(self, parsed: Any, extra: str) -> bool:
        try:
            return parsed.marker is None or bool(parsed.marker.evaluate({"extra": extra}))
        except Exception:  # noqa: BLE001 - a marker that cannot be evaluated asks for nothing.
            return False


class _Names:
    """Where versions cannot be compared; a requirement with a marker may not apply, so it is left out."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def unmet(self, requirement: str, with_extras: bool) -> Iterator[Unmet]:
        match = _NAME.match(requirement)
        if match is None or match.group(3) is not None:
            return
        if normalised(match.group(1)) not in self._found:
            versions = "" if match.group(2).startswith("@") else match.group(2).strip(" ()")
            yield match.group(1) + versions, None


def _told(parsed: Any) -> str:
    """Without an address: it may hold a token."""
    extras: List[str] = sorted(parsed.extras)
    return "%s%s%s" % (parsed.name, "[%s]" % ",".join(extras) if extras else "", parsed.specifier)
