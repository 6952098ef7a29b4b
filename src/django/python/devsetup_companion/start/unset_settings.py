"""
Settings that hold None where Django or a package expects text, because an environment variable is not set: `CSRF_TRUSTED_ORIGINS =
[os.getenv("FRONT_URL")]`. They load, and a system check raises a TypeError that names neither.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Dict, List, Set

from devsetup_companion.start import environment
from devsetup_companion.start.circumstances import assignment

#: `name` of the variable, `setting` that it becomes, and `place` where it is looked up.
Unset = Dict[str, Any]


def raised_by_checks() -> List[Unset]:
    """Those that the system checks read before they raise; checks of the database are left out."""
    if not any(_variables_of(setting) for setting in _holding_none()):
        return []
    from django.core.checks.registry import registry

    found: Dict[str, Unset] = {}
    for check in registry.get_checks():
        try:
            list(check(app_configs=None, databases=None))
        except Exception as error:  # noqa: BLE001 - those of the project may raise anything.
            found.update((one["name"], one) for one in raised_by(error))
    return list(found.values())


def raised_by(error: BaseException) -> List[Unset]:
    """Of the settings that the code of the traceback reads."""
    read = settings_read(error)
    return [found for setting in _holding_none() if setting in read for found in _variables_of(setting)]


def settings_read(error: BaseException) -> Set[str]:
    """Names of the code that raised, in capitals; the check may have called others."""
    names: Set[str] = set()
    step = error.__traceback__
    while step is not None:
        names.update(name for name in step.tb_frame.f_code.co_names if name.isupper() and len(name) > 2)
        step = step.tb_next
    return names


def _holding_none() -> List[str]:
    module = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    values = list(vars(module).items()) if module is not None else []
    return [name for name, value in values if name.isupper() and _holds_none(value)]


def _holds_none(value: Any) -> bool:
    return value is None or (isinstance(value, (list, tuple, set)) and any(one is None for one in value))


def _variables_of(setting: str) -> List[Unset]:
    """Those that its statement looks up without a default, or the statements of the names in it."""
    missed = environment.missed_variables()
    if not missed:
        return []
    _, statement = assignment(setting)
    names = [name for name in re.findall(r"\b[A-Z][A-Z0-9_]+\b", statement) if name != setting]
    text = "\n".join([statement, *(assignment(name)[1] for name in dict.fromkeys(names))])
    return [{"name": name, "place": missed[name], "setting": setting} for name in missed if _is_without_default(name, text)]


def _is_without_default(name: str, text: str) -> bool:
    return re.search(r"""["']%s["']\s*(?:,\s*(?:default\s*=\s*)?(?:None\s*,?\s*)?)?[)\]]""" % re.escape(name), text) is not None
