"""What Django checks before it migrates, and what it refuses."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from django.core import checks

from devsetup_companion.examination.system_checks import described, raised
from devsetup_companion.migrations.preset_migrations import PresetExecutor, dotted

#: A migration that is recorded, and one it depends on that is not.
Fault = Tuple[str, str]


def history_faults(executor: PresetExecutor) -> List[Fault]:
    """As MigrationLoader.check_consistent_history, which stops at the first and needs a connection."""
    loader = executor.loader
    applied = loader.applied_migrations
    faults: List[Fault] = []
    for key in applied:
        # Replaced ones, and ones that are not in the code.
        if key not in loader.graph.nodes:
            continue
        for parent in loader.graph.node_map[key].parents:
            replaced = loader.replacements.get(parent.key)
            if parent.key in applied or (replaced is not None and all(old in applied for old in replaced.replaces)):
                continue
            faults.append((dotted(*key), dotted(*parent.key)))
    return sorted(faults)


def failing_checks(connection: Any) -> List[Dict[str, Any]]:
    """The system checks that `migrate` runs first and that end it: errors which the settings do not silence."""
    try:
        messages = checks.run_checks(include_deployment_checks=False, databases=[connection.alias])
    except Exception as error:  # noqa: BLE001 - `migrate` would end with the same exception (URLs that cannot be imported, …).
        return [raised(error)]
    return [described(message) for message in messages if message.is_serious() and not message.is_silenced()]
