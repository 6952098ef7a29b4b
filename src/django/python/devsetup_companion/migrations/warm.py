"""Work done once in the warm process so that every child forked from it afterwards finds it done."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from devsetup_companion.migrations.preset_migrations import parse_dotted
from devsetup_companion.migrations.state_chain import Chain, build_chain, follow_chain
from devsetup_companion.serve.forking import hide_from_collector
from devsetup_companion.tenants.tenant_database import MigrationKey

Signature = Tuple[Tuple[str, int, int], ...]


class Disk(NamedTuple):
    """What MigrationLoader.load_disk found."""

    signature: Signature
    migrations: Dict[MigrationKey, Any]
    unmigrated_apps: Set[str]
    migrated_apps: Set[str]


#: A fleet is mostly in one state, and new tenants are in another. Each chain holds memory for good.
CHAINS = 2


class _Warm:
    """What the warm process holds ready."""

    disk: Optional[Disk] = None
    #: By the rows of django_migrations they start from; the one used last is the last.
    chains: Dict[FrozenSet[MigrationKey], Chain] = {}


_plain_load_disk = MigrationLoader.load_disk
_plain_create_state = MigrationExecutor._create_project_state


def before_fork(method: str, params: Dict[str, Any]) -> None:
    """
    In the warm process, for requests that migrate or look at migrations: their files are imported and, where `params.applied`
    says from which state, the states of the plan rendered. Never raises and never leaves a connection open.
    """
    starts_from = params.get("applied") if method in ("migrate-tenants", "run") else None
    if method == "run" and starts_from is None:
        return
    try:
        _load()
        if starts_from is not None:
            _render(frozenset(parse_dotted(str(name)) for name in starts_from))
    except Exception:
        # Whatever is wrong with the project's migrations, the child meets it too and can say it: it starts cold.
        _forget()
    connections.close_all()


def use_warm() -> None:
    """In the child: Django's loader and executor take what is ready. Without a warm process they work as ever."""
    if _Warm.disk is None:
        return
    MigrationLoader.load_disk = _load_disk
    MigrationExecutor._create_project_state = _create_project_state
    hide_from_collector()


def _load() -> None:
    signature = _signature()
    if _Warm.disk is not None and _Warm.disk.signature == signature:
        return
    if _Warm.disk is not None:
        _forget_modules()
    _forget()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    # Importing may have written byte code, but not sources: the signature still holds.
    _Warm.disk = Disk(signature, loader.disk_migrations, loader.unmigrated_apps, loader.migrated_apps)


def _render(rows: FrozenSet[MigrationKey]) -> None:
    chain = _Warm.chains.pop(rows, None)
    while len(_Warm.chains) >= CHAINS:
        del _Warm.chains[next(iter(_Warm.chains))]
    _Warm.chains[rows] = chain if chain is not None else _build(rows)


def _build(rows: FrozenSet[MigrationKey]) -> Chain:
    # Model classes are full of cycles, so the collector would run all the time and find nothing to free.
    gc.disable()
    try:
        return build_chain(rows)
    finally:
        hide_from_collector()
        gc.enable()


def _forget() -> None:
    _Warm.disk = None
    _Warm.chains.clear()


def _load_disk(self: Any) -> None:
    """In place of MigrationLoader.load_disk: fresh Migration objects, because running a plan changes them."""
    disk = _Warm.disk
    if disk is None:
        return _plain_load_disk(self)
    self.disk_migrations = {key: type(migration)(key[1], key[0]) for key, migration in disk.migrations.items()}
    self.unmigrated_apps = set(disk.unmigrated_apps)
    self.migrated_apps = set(disk.migrated_apps)


def _create_project_state(self: Any, with_applied_migrations: bool = False) -> Any:
    """In place of the executor's: the prepared state if it is the one for what this schema has applied."""
    applied = frozenset(self.loader.applied_migrations)
    chain = next((chain for chain in _Warm.chains.values() if chain.applied == applied), None)
    if with_applied_migrations and chain is not None:
        # Once per process: see follow_chain.
        _Warm.chains.clear()
        return follow_chain(chain)
    return _plain_create_state(self, with_applied_migrations)


def _migration_packages() -> List[Tuple[str, str]]:
    """Name and folder of every migrations package that is imported or can be found beside its app."""
    found: List[Tuple[str, str]] = []
    for config in apps.get_app_configs():
        name, _explicit = MigrationLoader.migrations_module(config.label)
        if name is None:
            continue
        module = sys.modules.get(name)
        places = list(getattr(module, "__path__", [])) if module else [os.path.join(config.path, "migrations")]
        found.extend((name, place) for place in places)
    return found


def _signature() -> Signature:
    """Changes when a migration file is added, removed or edited."""
    entries: List[Tuple[str, int, int]] = []
    for _name, place in _migration_packages():
        try:
            with os.scandir(place) as files:
                for file in files:
                    if file.name.endswith(".py"):
                        status = file.stat()
                        entries.append((file.path, status.st_mtime_ns, status.st_size))
        except OSError:
            # An app without migrations: a folder that appears later changes the signature.
            continue
    return tuple(sorted(entries))


def _forget_modules() -> None:
    """So that edited files are imported anew."""
    packages = {name for name, _place in _migration_packages()}
    for module in list(sys.modules):
        if module in packages or module.rpartition(".")[0] in packages:
            del sys.modules[module]
