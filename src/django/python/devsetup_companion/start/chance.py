"""
Random generators in forked processes. A fork copies their state, so that every tenant would draw the same numbers. In a fresh process
they differ, except for generators that the project seeds with a value that is always the same.
"""

from __future__ import annotations

import ast
import functools
import gc
import linecache
import random
import sys
import weakref
from typing import Any, Callable, Optional, Set, Tuple

from devsetup_companion.places import callers, is_companion_file
from devsetup_companion.start import importing
from devsetup_companion.start.unrepeatable import CHANGING

_NUMPY = "numpy.random.bit_generator"


class _Known:
    """What this process has seen of its generators."""

    #: Of `random.Random`, seeded by the system; by `id`, because a subclass need not be hashable.
    unseeded: "weakref.WeakValueDictionary[int, random.Random]" = weakref.WeakValueDictionary()
    #: The functions of the module `random` were seeded with a value, or set to a state.
    module_is_seeded = False
    module_state: Optional[Tuple[Any, ...]] = None
    #: What numpy got from the system to seed its generators with.
    numpy_entropy: Set[int] = set()
    numpy_generators: Set[Any] = set()


def watch() -> None:
    """Before anything of the project is imported; from then on in this process and those forked from it."""
    _wrap_methods("seed", _is_value)
    _wrap_methods("setstate", lambda *_arguments, **_named: True)
    importing.after_import(_NUMPY, _watch_numpy)


def collect() -> None:
    """Before the objects of this process are hidden from the garbage collector, which is where generators of numpy are found."""
    module = sys.modules.get(_NUMPY)
    if module is not None and _Known.numpy_entropy:
        # By type: `isinstance` would ask a lazy object what it stands for.
        _Known.numpy_generators.update(one for one in gc.get_objects() if issubclass(type(one), module.BitGenerator))


def before_fork() -> None:
    """Python itself reseeds the functions of `random` in every forked process, whatever the project seeded them with."""
    collect()
    _Known.module_state = random.getstate() if _Known.module_is_seeded else None


def begin_child() -> None:
    if _Known.module_state is not None:
        random.setstate(_Known.module_state)
    for generator in list(_Known.unseeded.values()):
        random.Random.seed(generator)
    for one in _Known.numpy_generators:
        # None where numpy's old functions were seeded with a value; numpy before 1.25 has no public name for it.
        entropy = getattr(getattr(one, "_seed_seq", None) or getattr(one, "seed_seq", None), "entropy", None)
        if isinstance(entropy, int) and entropy in _Known.numpy_entropy:
            one.state = type(one)().state


def _is_value(a: Any = None, *_rest: Any, **_named: Any) -> bool:
    """`random.seed(time.time())` is chance all the same; what is seeded is a statement of the project, so its source is searched."""
    if a is None:
        return False
    caller = next((frame for frame in callers(sys._getframe(2)) if not _is_of_seeding(frame)), None)
    return caller is None or not _reads_chance(caller.f_code.co_filename, caller.f_lineno)


def _is_of_seeding(frame: Any) -> bool:
    return frame.f_globals.get("__name__") == "random" or is_companion_file(frame.f_code.co_filename)


@functools.lru_cache(maxsize=None)
def _reads_chance(file: str, line: int) -> bool:
    """Whether a call on this line has the clock or chance among its arguments."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        # Not Python as it is written in files: a template, a notebook.
        return False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno)]
    names = {getattr(node, "attr", getattr(node, "id", None)) for call in calls for node in ast.walk(call)}
    return not CHANGING.isdisjoint(names)


def _wrap_methods(name: str, is_seeding: Callable[..., bool]) -> None:
    """Of the class, for every generator, and of the one behind the functions of the module, which are its bound methods."""
    original = getattr(random.Random, name)
    bound = getattr(random, name)

    @functools.wraps(original)
    def method(self: random.Random, *arguments: Any, **named: Any) -> Any:
        if is_seeding(*arguments, **named):
            _Known.unseeded.pop(id(self), None)
        else:
            _Known.unseeded[id(self)] = self
        return original(self, *arguments, **named)

    @functools.wraps(bound)
    def function(*arguments: Any, **named: Any) -> Any:
        _Known.module_is_seeded = is_seeding(*arguments, **named)
        return bound(*arguments, **named)

    setattr(random.Random, name, method)
    setattr(random, name, function)


def _watch_numpy(module: Any) -> None:
    draw = module.randbits

    def randbits(count: int) -> int:
        entropy: int = draw(count)
        _Known.numpy_entropy.add(entropy)
        return entropy

    module.randbits = randbits
