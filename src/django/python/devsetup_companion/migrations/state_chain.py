"""
The model states a migration plan goes through, rendered once and inherited by every process that follows the same plan.

Rendering models is what migrating a tenant schema spends most of its time on, and for tenants in the same state it is the
same work. Django's executor and operations run as ever; only what `state_forwards` would compute is there already.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional

from django.db.migrations.operations import RunPython
from django.db.migrations.state import ProjectState

from devsetup_companion.migrations.preset_migrations import PresetExecutor, preset_executor
from devsetup_companion.tenants.tenant_database import MigrationKey

#: Rendered model classes a chain may keep, some 20 to 40 KB each: what comes after them is rendered as needed.
BUDGET = 4_000


class Link(NamedTuple):
    """The state before an operation (the last link: after the last one), as Django's incremental rendering leaves it."""

    models: Dict[Any, Any]
    apps: Any
    is_delayed: bool
    #: Everything rendered anew, for those who ask for that (RunPython, the end of the plan); None if nobody will.
    full: Optional[Any]


class Chain(NamedTuple):
    """A plan from one set of applied migrations."""

    #: What Django's loader says is applied, squashed migrations included.
    applied: FrozenSet[MigrationKey]
    real_apps: Any
    operations: List[Any]
    links: List[Link]


def build_chain(applied: FrozenSet[MigrationKey]) -> Chain:
    """Renders every state of the plan that Django would make from `applied`. Opens no connection."""
    executor = preset_executor(applied)
    state = executor._create_project_state(with_applied_migrations=True)
    chain = Chain(frozenset(executor.loader.applied_migrations), state.real_apps, [], [])
    spent = [len(_classes(state.apps))]
    full: Optional[Any] = None
    for migration in _plan(executor):
        if type(migration).mutate_state is not _plain_mutate_state():
            break
        for operation in migration.operations:
            needs_full = isinstance(operation, RunPython) and state.is_delayed
            if needs_full and full is None:
                full = _render(state, spent)
            chain.links.append(Link(state.models, state.apps, state.is_delayed, full if needs_full else None))
            chain.operations.append(operation)
            state = state.clone()
            before = set(_classes(state.apps))
            operation.state_forwards(migration.app_label, state)
            after = set(_classes(state.apps))
            spent[0] += len(after - before)
            if after != before:
                full = None
            if spent[0] > BUDGET:
                chain.links.append(Link(state.models, state.apps, state.is_delayed, None))
                return chain
    if state.is_delayed and full is None:
        full = _render(state, spent)
    chain.links.append(Link(state.models, state.apps, state.is_delayed, full if state.is_delayed else None))
    return chain


def follow_chain(chain: Chain) -> ProjectState:
    """
    The first state of the chain, for an executor about to run its plan. To be called once in a process: the rendered
    models are the chain's own, and code that runs with them may leave traces on them (cached content types).
    """
    for index, operation in enumerate(chain.operations):
        operation.state_forwards = partial(_forward, chain, index, operation.state_forwards)
    return _state_at(chain, 0)


class ChainState(ProjectState):
    """A state on the chain. It leaves the chain, and is an ordinary state from then on, as soon as anybody changes it."""

    chain: Chain
    position: int

    def clone(self) -> ProjectState:
        # Shared, not copied: going on replaces the contents, and changing them by any other way copies them first.
        return _state_at(self.chain, self.position)

    def clear_delayed_apps_cache(self) -> None:
        full = self.chain.links[self.position].full
        if self.is_delayed and full is not None:
            self.__dict__["apps"] = full
        elif self.is_delayed:
            _leave(self)
            ProjectState.clear_delayed_apps_cache(self)


def _state_at(chain: Chain, position: int) -> ChainState:
    state = ChainState.__new__(ChainState)
    state.real_apps = chain.real_apps
    state.chain = chain
    _move(state, position)
    return state


def _move(state: ChainState, position: int) -> None:
    link = state.chain.links[position]
    state.position = position
    state.models = link.models
    state.__dict__["apps"] = link.apps
    state.is_delayed = link.is_delayed
    state._relations = None


def _forward(chain: Chain, index: int, original: Callable[..., None], app_label: str, state: ProjectState) -> None:
    """In place of an operation's state_forwards: one step on the chain for a state that is where the chain expects it."""
    if isinstance(state, ChainState) and state.chain is chain and state.position == index:
        _move(state, index + 1)
    else:
        original(app_label, state)


def _leave(state: ChainState) -> None:
    state.models = {key: model.clone() for key, model in state.models.items()}
    state.__dict__["apps"] = state.__dict__["apps"].clone()
    state.__class__ = ProjectState


def _leaving(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        _leave(self)
        return getattr(self, name)(*args, **kwargs)

    return method


def _guard_changes() -> None:
    """Everything a state can be asked to do, but for reading and what ChainState does itself, takes it off the chain."""
    reading = ("get_concrete_model_key", "_get_concrete_models_mapping_and_proxy_models", "_find_concrete_model_from_proxy")
    for name, member in vars(ProjectState).items():
        if callable(member) and not name.startswith("__") and name not in reading and name not in vars(ChainState):
            setattr(ChainState, name, _leaving(name))


def _plan(executor: PresetExecutor) -> List[Any]:
    """As MigrationExecutor._migrate_all_forwards orders it: the pending ones in the order of a clean start."""
    pending = set(executor.pending())
    full_plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [migration for migration, _ in full_plan if migration in pending]


def _plain_mutate_state() -> Any:
    from django.db.migrations.migration import Migration

    return Migration.mutate_state


def _render(state: ProjectState, spent: List[int]) -> Any:
    fresh = ProjectState(models={key: model.clone() for key, model in state.models.items()}, real_apps=state.real_apps)
    spent[0] += len(_classes(fresh.apps))
    return fresh.apps


def _classes(apps: Any) -> List[Any]:
    return [model for models in apps.all_models.values() for model in models.values()]


_guard_changes()
