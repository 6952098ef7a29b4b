"""What the environment holds, and what of it does not fit: `Installed` of examination.ts. Needs neither Django nor the project."""

from __future__ import annotations

import platform
from functools import lru_cache
from typing import Any, Dict, Iterable, Iterator, Optional, Set, Tuple, Union

from devsetup_companion.start.distributions import Distribution, normalised, read_distributions
from devsetup_companion.start.packaging_library import Packaging, find_packaging
from devsetup_companion.start.requirement import Requirement, parse_requirement

_LIMITATION = "only names were compared: the Python library `packaging` is nowhere in this environment"

Found = Dict[str, Distribution]
#: The requirement as it is told, without its marker and without an address, and the installed version.
Unmet = Tuple[str, Optional[str]]


def describe_installed(requirements: Iterable[str]) -> Dict[str, Any]:
    """`requirements` are the project's own (PEP 508); what is none is passed over. For a process of its own."""
    found = read_distributions()
    library = find_packaging()
    rules = _NamesOnly() if library is None else _InFull(library)
    unmet = dict.fromkeys(lack for text in requirements for lack in _unmet(text, found, rules, with_extras=True))
    conflicts = [
        {"distribution": distribution.name, "requirement": told, "found": version}
        for _, distribution in sorted(found.items())
        for text in distribution.requires
        for told, version in _unmet(text, found, rules, with_extras=False)
    ]
    return {
        "python": platform.python_version(),
        "distributions": {name: distribution.version for name, distribution in sorted(found.items())},
        "unmet": [{"requirement": told, "found": version} for told, version in unmet],
        "conflicts": conflicts,
        "limitation": _LIMITATION if library is None else None,
    }


class _InFull:
    """As `pip check` compares. Answers are kept: the same versions and markers come again and again."""

    def __init__(self, library: Packaging) -> None:
        self._library = library
        self.fits = lru_cache(maxsize=None)(self._fits)
        self.applies = lru_cache(maxsize=None)(self._applies)

    def _fits(self, versions: str, version: str) -> bool:
        try:
            self._library.version(version)
            return bool(self._library.specifiers(versions).contains(version, prereleases=True))
        except Exception:  # noqa: BLE001 - no versions by PEP 440 (older tools wrote such): nothing can be said.
            return True

    def _applies(self, marker: str, extra: str) -> bool:
        try:
            return bool(self._library.marker(marker).evaluate({"extra": extra}))
        except Exception:  # noqa: BLE001 - a marker that cannot be evaluated asks for nothing.
            return False


class _NamesOnly:
    """Where versions cannot be compared; a requirement with a marker may not apply, so it is left out."""

    def fits(self, versions: str, version: str) -> bool:
        return True

    def applies(self, marker: str, extra: str) -> bool:
        return False


Rules = Union[_InFull, _NamesOnly]


def _unmet(text: str, found: Found, rules: Rules, with_extras: bool) -> Iterator[Unmet]:
    """What nothing installed satisfies: the requirement itself, or what its extras ask for."""
    wanted = parse_requirement(text)
    if wanted is not None and (wanted.marker == "" or rules.applies(wanted.marker, "")):
        yield from _judge(wanted, found, rules, with_extras, set())


def _judge(wanted: Requirement, found: Found, rules: Rules, with_extras: bool, seen: Set[Any]) -> Iterator[Unmet]:
    distribution = found.get(normalised(wanted.name))
    if distribution is None or (wanted.versions and not rules.fits(wanted.versions, distribution.version)):
        yield _told(wanted), None if distribution is None else distribution.version
        return
    for extra in sorted(wanted.extras) if with_extras else ():
        key = (normalised(wanted.name), normalised(extra))
        if key not in seen:
            for more in _of_extra(distribution, extra, rules):
                yield from _judge(more, found, rules, True, {*seen, key})


def _of_extra(distribution: Distribution, extra: str, rules: Rules) -> Iterator[Requirement]:
    """What a distribution requires only because this extra was asked for."""
    for text in distribution.requires:
        wanted = parse_requirement(text)
        if wanted is None or "extra" not in wanted.marker or rules.applies(wanted.marker, ""):
            continue
        if rules.applies(wanted.marker, extra) or rules.applies(wanted.marker, normalised(extra)):
            yield wanted


def _told(wanted: Requirement) -> str:
    """Without an address: it may hold a token."""
    extras = "[%s]" % ",".join(sorted(wanted.extras)) if wanted.extras else ""
    return wanted.name + extras + "".join(wanted.versions.split())
