"""The distributions installed for this interpreter, read fast: names, versions and what they require."""

from __future__ import annotations

import re
from importlib import metadata
from typing import Any, Dict, List, NamedTuple


class Distribution(NamedTuple):
    """`name` as it spells itself."""

    name: str
    version: str
    requires: List[str]


def normalised(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_distributions() -> Dict[str, Distribution]:
    """By normalised name; of several the one that is imported."""
    found: Dict[str, Distribution] = {}
    for entry in metadata.distributions():
        try:
            distribution = _read(entry)
        except Exception:  # noqa: BLE001 - one broken folder says nothing of the others; pip passes it over as well.
            continue
        if distribution is not None:
            found.setdefault(normalised(distribution.name), distribution)
    return found


def _read(entry: Any) -> Any:
    folder = getattr(entry, "_path", None)
    if folder is not None and str(getattr(folder, "name", "")).startswith("~"):
        # What an interrupted pip left behind.
        return None
    text = entry.read_text("METADATA")
    if text is None:
        # An egg keeps what it requires in a file of its own.
        names = entry.metadata
        return Distribution(str(names["Name"]), str(entry.version), list(entry.requires or [])) if names["Name"] else None
    fields = _head(text)
    if not fields.get("name") or not fields.get("version"):
        return None
    return Distribution(fields["name"][0], fields["version"][0], fields.get("requires-dist", []))


def _head(text: str) -> Dict[str, List[str]]:
    """The fields before the description; Python's own parser reads that too, which takes ten times as long."""
    fields: Dict[str, List[str]] = {}
    last: List[str] = []
    for line in text.splitlines():
        if line == "":
            break
        if line[0] in " \t":
            if last:
                last[-1] += " " + line.strip()
            continue
        key, _, value = line.partition(":")
        last = fields.setdefault(key.strip().lower(), [])
        last.append(value.strip())
    return fields
