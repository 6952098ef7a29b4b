"""
A manage.py that hands over to another program before Django starts. Re-executing a Python with the same manage.py (the usual
jump into a virtual environment) is followed; anything else would run a command that nobody asked for, and is refused.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import Any, Callable, Dict, List, NoReturn, Optional, Sequence

from devsetup_companion.errors import ErrorDict, plain_error
from devsetup_companion.options import Options, companion_arguments
from devsetup_companion.start import exported

_MOST_EXECS = 5
_PYTHON = re.compile(r"^(python|pypy)[\d.]*(\.exe)?$")
_remove: List[Callable[[], None]] = []
_execve = os.execve


def start_again(options: Options, environment: Dict[str, str]) -> NoReturn:
    """Replaces this process by one that starts as it has, with this environment."""
    os.set_inheritable(options.descriptor, True)
    _execve(sys.executable, [sys.executable, *interpreter_flags(), *companion_arguments(options)], environment)


def interpreter_flags() -> List[str]:
    """-W, -X, -O … of this Python, as multiprocessing passes them on."""
    return list(subprocess._args_from_interpreter_flags())  # type: ignore[attr-defined]


def install_guards(
    options: Options, failed: Callable[[ErrorDict], NoReturn], replacing: Callable[[], None]
) -> None:
    """Guards os.exec*, os.system and subprocess until `remove_guards`; `replacing` is called before a replacement."""
    execv, execve, system, popen = os.execv, os.execve, os.system, subprocess.Popen.__init__

    def replace(path: str, argv: Sequence[Any], environment: Optional[Dict[str, str]]) -> NoReturn:
        words = [os.fsdecode(word) for word in argv]
        arguments = python_arguments(path, words, options.manage_py)
        if arguments is None:
            text = "%s replaces itself by another program: %s" % (options.manage_py, shlex.join([path, *words[1:]]))
            failed(plain_error("MANAGE_PY_REPLACED", text, {"program": path}))
        if options.execs >= _MOST_EXECS:
            text = "%s starts Python again and again (%s)." % (options.manage_py, path)
            failed(plain_error("MANAGE_PY_REPLACED", text, {"program": path}))
        replacing()
        os.set_inheritable(options.descriptor, True)
        again = companion_arguments(options._replace(execs=options.execs + 1, exported=exported.remaining()))
        execve(_find_program(path), [words[0], *arguments, *again], os.environ if environment is None else environment)

    def guarded_execv(path: Any, argv: Any) -> None:
        _must_exist(path, lambda: execv(path, argv))
        replace(os.fsdecode(path), argv, None)

    def guarded_execve(path: Any, argv: Any, env: Any) -> None:
        _must_exist(path, lambda: execve(path, argv, env))
        replace(os.fsdecode(path), argv, env)

    def guarded_popen(self: Any, args: Any, *positional: Any, **named: Any) -> None:
        words = _words(args)
        if _names(words, options.manage_py):
            replace(words[0], words, named.get("env"))
        popen(self, args, *positional, **named)

    def guarded_system(command: Any) -> int:
        words = _words(command)
        if _names(words, options.manage_py):
            replace(words[0], words, None)
        return system(command)

    def restore() -> None:
        os.execv, os.execve, os.system = execv, execve, system
        subprocess.Popen.__init__ = popen  # type: ignore[method-assign]

    os.execv, os.execve, os.system = guarded_execv, guarded_execve, guarded_system  # type: ignore[assignment]
    subprocess.Popen.__init__ = guarded_popen  # type: ignore[method-assign]
    _remove.append(restore)


def remove_guards() -> None:
    """From here on the project's commands may start what they like."""
    while _remove:
        _remove.pop()()


def python_arguments(path: str, argv: Sequence[str], manage_py: str) -> Optional[List[str]]:
    """The interpreter's options if this is a Python started with the same manage.py, else None."""
    if _PYTHON.match(os.path.basename(path)) is None:
        return None
    for index, word in enumerate(argv[1:], start=1):
        if _is_same_file(word, manage_py):
            return list(argv[1:index])
    return None


def _is_same_file(word: str, manage_py: str) -> bool:
    return os.path.basename(word) == os.path.basename(manage_py) and os.path.realpath(word) == os.path.realpath(manage_py)


def _find_program(path: str) -> str:
    if os.sep in path:
        return path
    candidates = [os.path.join(folder, path) for folder in os.get_exec_path()]
    return next((candidate for candidate in candidates if os.access(candidate, os.X_OK)), path)


def _must_exist(path: Any, fail_as_usual: Callable[[], None]) -> None:
    # os.execvp tries one folder of PATH after the other and goes on when a program is not there.
    if not os.path.exists(path):
        fail_as_usual()


def _words(command: Any) -> List[str]:
    if isinstance(command, (str, bytes)):
        try:
            return shlex.split(os.fsdecode(command))
        except ValueError:
            return os.fsdecode(command).split()
    return [os.fsdecode(word) for word in command] if isinstance(command, (list, tuple)) else []


def _names(words: Sequence[str], manage_py: str) -> bool:
    return any(os.path.basename(word) == os.path.basename(manage_py) for word in words[1:])
