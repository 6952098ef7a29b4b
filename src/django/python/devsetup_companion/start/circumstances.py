"""What an exception during the start does not say itself: the address that does not answer, the database file, the package that raised it."""

from __future__ import annotations

import ast
import os
import platform
import re
import sys
from typing import Any, Dict, Iterator, List, Optional, Tuple

from devsetup_companion.errors import ErrorDict, chain
from devsetup_companion.places import LIBRARY_FOLDERS, PlaceDict, is_django_file, is_project_file, is_stdlib_file
from devsetup_companion.start import addresses, environment, native, pipes
from devsetup_companion.start.conditions import condition_of

_UNREACHED = re.compile(
    r"connection refused|name or service not known|nodename nor servname|name resolution|failed to resolve|getaddrinfo failed"
    r"|no address associated|no route to host|network is unreachable|max retries exceeded|could not translate host name"
    r"|can't connect to mysql server|timed out|errno 11[01]\b",
    re.IGNORECASE,
)
#: Libraries in C, whose connections Python does not report: libpq, libmysqlclient.
_NAMED = (
    re.compile(r'connection to server at "([^"]+)".*?port (\d+) failed'),
    re.compile(r'could not translate host name "([^"]+)"'),
    re.compile(r"can't connect to mysql server on '([^':]+)(?::(\d+))?'", re.IGNORECASE),
)
_PORTS = (5432, 5432, 3306)
#: Settings that list hosts of browsers, and are no address of a service.
_OF_BROWSERS = re.compile(r"ALLOWED_HOSTS|CORS|CSRF|INTERNAL_IPS|_ORIGINS?$|DOMAIN|MIDDLEWARE|INSTALLED_APPS")


def circumstances(error: BaseException) -> Dict[str, Any]:
    """
    `unreached` {host, port, variables, setting, place, condition} · `databaseFile` · `pipe`, one that nothing was written to · `setting` {name, place}, one that must not be empty, or must be a list · `package`
    {name, version, python, file, line, isImport}, where an installed package raised it.
    """
    found = unreached(error)
    text = _text(error)
    if "unable to open database file" in text and native.last_sqlite_file():
        found["databaseFile"] = native.last_sqlite_file()
    pipe = next((path for path in pipes.silent if path in text), None)
    if pipe is not None:
        found["pipe"] = pipe
    empty = re.search(r"The ([A-Z_]+) setting must (?:not be empty|be a list or a tuple)", text)
    if empty is not None:
        found["setting"] = {"name": empty.group(1), "place": assignment(empty.group(1))[0]}
    package = _package(error)
    if package is not None:
        found["package"] = package
    return found


def unreached(error: BaseException) -> Dict[str, Any]:
    """`unreached` alone: what can be the reason also long after the start."""
    address = _unreached(error, _text(error))
    if address is None:
        return {}
    return {"unreached": {"host": address[0], "port": address[1], **_holder(*address), "condition": condition_of(error)}}


def _text(error: BaseException) -> str:
    return "\n".join(str(each) for each in chain(error))


def is_of_surroundings(error: ErrorDict) -> bool:
    """No value of a variable that is not set leads further."""
    return any(name in error["data"] for name in ("unreached", "databaseFile", "pipe"))


def _unreached(error: BaseException, text: str) -> Optional[Tuple[str, int]]:
    for pattern, port in zip(_NAMED, _PORTS):
        match = pattern.search(text)
        if match is not None:
            groups = [*match.groups(), None]
            return match.group(1), int(groups[1] or port)
    is_connecting = any(isinstance(each, ConnectionError) and type(each).__module__ == "builtins" for each in chain(error))
    return addresses.last_address() if is_connecting or _UNREACHED.search(text) else None


def _holder(host: str, port: int) -> Dict[str, Any]:
    """The setting that names the address, where it gets its value, and the variables there."""
    name = _setting_with(host, port)
    place, statement = (None, "") if name is None else assignment(name)
    exact = re.compile(_pattern(host, port))
    in_environment = [key for key, value in os.environ.items() if exact.search(value) or (value == host and _is_word(key, statement))]
    missed = [key for key in environment.missed_variables() if _is_word(key, statement)]
    of_statement = [key for key in in_environment if _is_word(key, statement)]
    return {"variables": of_statement or missed or in_environment, "setting": name, "place": place}


def _is_word(name: str, text: str) -> bool:
    return re.search(r"(?<!\w)%s(?!\w)" % re.escape(name), text) is not None


def _pattern(host: str, port: int) -> str:
    return r"(?<![\w.-])%s:%d(?!\d)" % (re.escape(host), port)


def _setting_with(host: str, port: int) -> Optional[str]:
    """The best of those that hold it: with the port, or nothing but the host."""
    module = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    exact = re.compile(_pattern(host, port))
    alone: List[str] = []
    for name, value in vars(module).items() if module is not None else ():
        if not name.isupper() or _OF_BROWSERS.search(name):
            continue
        texts = list(_texts(value, 4))
        if any(exact.search(text) for text in texts):
            return name
        if any(text == host for text in texts):
            alone.append(name)
    return alone[0] if alone else None


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > 0 and isinstance(value, (dict, list, tuple, set)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each, depth - 1)


def assignment(name: str) -> Tuple[Optional[PlaceDict], str]:
    """Where the project sets it last, and that statement."""
    settings = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    modules = [settings, *(each for each in list(sys.modules.values()) if name in getattr(each, "__dict__", {}))]
    for module in modules:
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not is_project_file(file):
            continue
        with open(file, encoding="utf-8") as source:
            text = source.read()
        for node in reversed(list(ast.walk(ast.parse(text)))):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
                place = {"file": os.path.abspath(file), "line": node.lineno, "function": "<module>", "source": lines[0].strip()}
                return place, "\n".join(lines)
    return None, ""


def _package(error: BaseException) -> Optional[Dict[str, Any]]:
    """Of the first exception that was raised, where its innermost frame is in an installed package other than Django."""
    step = error.__traceback__
    last = None
    importing: Optional[str] = None
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        # Django refuses what it is given: who gave it counts.
        if not is_stdlib_file(file) and not is_django_file(file):
            last = step
        # Whether what was imported last is still being imported.
        if _installed_as(file) is not None and step.tb_frame.f_code.co_name == "<module>":
            importing = _installed_as(file)
        step = step.tb_next
    name = None if last is None else _installed_as(last.tb_frame.f_code.co_filename)
    if last is None or name is None:
        return None
    file = last.tb_frame.f_code.co_filename
    facts = {"name": name, "version": _version(file, name), "python": platform.python_version()}
    return {**facts, "file": file, "line": last.tb_lineno, "isImport": importing == name}


def _installed_as(file: str) -> Optional[str]:
    """The top-level name of an installed file."""
    parts = file.split(os.sep)
    at = max((index for index, part in enumerate(parts) if part in LIBRARY_FOLDERS), default=-1)
    return None if at < 0 or at + 1 >= len(parts) else re.sub(r"\.py$", "", parts[at + 1])


def _version(file: str, name: str) -> Optional[str]:
    """Of the distribution that holds it: the name of its folder says it."""
    parts = file.split(os.sep)
    at = max(index for index, part in enumerate(parts) if part in LIBRARY_FOLDERS)
    site = os.sep.join(parts[: at + 1])
    for entry in sorted(os.listdir(site)):
        match = re.match(r"(.+)-([^-]+)\.dist-info$", entry)
        if match is not None and (match.group(1).lower() == name.lower() or name in _top_levels(os.path.join(site, entry))):
            return match.group(2)
    return None


def _top_levels(folder: str) -> List[str]:
    try:
        with open(os.path.join(folder, "top_level.txt"), encoding="utf-8") as lines:
            return lines.read().split()
    except OSError:
        # Only distributions that setuptools has built have it.
        return []
