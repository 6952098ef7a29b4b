"""The absolute path of what a system call is given."""

from __future__ import annotations

import os
from typing import Any, Optional

_readlink = os.readlink


def absolute(path: Any, folder: Optional[int] = None, follow_descriptor: bool = False) -> Optional[str]:
    """
    Not normalised: `a/../b` is another file than `b` where `a` is a link. `folder` is a `dir_fd`. None: an open file, which was
    noted when it was opened.
    """
    if isinstance(path, int):
        return _readlink("/proc/self/fd/%d" % path) if follow_descriptor else None
    text = os.fsdecode(path)
    if text.startswith("/"):
        return text
    return os.path.join(os.getcwd() if folder is None else _readlink("/proc/self/fd/%d" % folder), text)
