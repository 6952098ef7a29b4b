"""Requirements as PEP 508 writes them, taken apart. The library `packaging` does that too, ten times as slowly."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import FrozenSet, NamedTuple, Optional

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = r"(?:===|~=|==|!=|<=|>=|<|>)\s*[^\s,;()]+"
_REQUIREMENT = re.compile(
    r"^\s*(?P<name>%s)\s*(?:\[(?P<extras>[^\]]*)\])?\s*" % _NAME
    + r"(?:(?P<address>@.*?)(?:\s+;\s*(?P<condition>.*))?"
    + r"|\(?\s*(?P<versions>(?:%s\s*(?:,\s*%s\s*)*)?),?\s*\)?\s*(?:;\s*(?P<marker>.*))?)$" % (_CLAUSE, _CLAUSE),
    re.DOTALL,
)


class Requirement(NamedTuple):
    """`versions` and `marker` as written; '' where there are none, and no versions where it names an address."""

    name: str
    extras: FrozenSet[str]
    versions: str
    marker: str


@lru_cache(maxsize=None)
def parse_requirement(text: str) -> Optional[Requirement]:
    """None for what is none."""
    match = _REQUIREMENT.match(text)
    if match is None:
        return None
    extras = frozenset(extra.strip() for extra in (match.group("extras") or "").split(",") if extra.strip())
    marker = match.group("condition") or match.group("marker") or ""
    return Requirement(match.group("name"), extras, (match.group("versions") or "").strip(), marker.strip())
