"""Columns that applied migrations should have made and that are not there."""

from __future__ import annotations

from typing import Any, Dict, List, Optional


def examine() -> Optional[List[Dict[str, Any]]]:
    """To come."""
    return None
