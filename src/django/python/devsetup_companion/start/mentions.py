"""What the messages of a failure say."""

from __future__ import annotations

import re
from typing import List, Tuple

from devsetup_companion.errors import ErrorDict
from devsetup_companion.places import is_project_file

#: A file and a line of a traceback.
Frame = Tuple[str, int]

_FRAME = re.compile(r'^  File "(.+?)", line (\d+)', re.MULTILINE)


def messages_of(error: ErrorDict) -> str:
    """Of the whole chain of exceptions: the lines of the traceback that are neither frames nor source."""
    lines = [line for line in str(error["traceback"]).splitlines() if not line.startswith(" ")]
    return "\n".join([*lines, str(error["message"])])


def mentions(text: str, name: str) -> bool:
    """As a word of its own."""
    return re.search(r"(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])" % re.escape(name), text) is not None


def trail_of(error: ErrorDict) -> List[Frame]:
    """The frames of the exception itself, outermost first; those of its causes are left out."""
    _, _, last = str(error["traceback"]).rpartition("Traceback (most recent call last)")
    return [(file, int(line)) for file, line in _FRAME.findall(last)]


def is_later(before: ErrorDict, after: ErrorDict) -> bool:
    """Whether execution got further: where the two part in the project's own code, the same file is at a later line."""
    first, second = ([frame for frame in trail_of(error) if is_project_file(frame[0])] for error in (before, after))
    for (file, line), (other_file, other_line) in zip(first, second):
        if (file, line) != (other_file, other_line):
            return file == other_file and line < other_line
    return False
