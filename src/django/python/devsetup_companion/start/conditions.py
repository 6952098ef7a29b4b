"""The `if` under which the project does what failed, and the environment variables it depends on."""

from __future__ import annotations

import ast
import os
import re
from typing import Any, Dict, List, Optional, Union

from devsetup_companion.places import is_project_file

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}\Z")


def condition_of(error: BaseException) -> Optional[Dict[str, Any]]:
    """
    {file, line, variables, isTruth} of the innermost `if` around a statement of the traceback. `isTruth`: it holds as long as all of the
    variables have a value.
    """
    step = error.__traceback__
    frames = []
    while step is not None:
        frames.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    for file, line in reversed(frames):
        tree = _parsed(file) if is_project_file(file) else None
        for test in [] if tree is None else _tests_around(tree, line):
            variables = _variables(test, tree)
            if variables:
                is_truth = all(isinstance(node, (ast.Name, ast.Call)) for node in _operands(test))
                return {"file": os.path.abspath(file), "line": test.lineno, "variables": variables, "isTruth": is_truth}
    return None


def _parsed(file: str) -> Optional[ast.Module]:
    try:
        with open(file, "rb") as source:
            return ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return None


def _tests_around(tree: ast.Module, line: int) -> List[ast.expr]:
    """Innermost first; those with this line after `else` are left out."""
    found = [node.test for node in ast.walk(tree) if isinstance(node, ast.If) and _holds(node.body, line)]
    return sorted(found, key=lambda test: -test.lineno)


def _holds(statements: List[ast.stmt], line: int) -> bool:
    return statements[0].lineno <= line <= (statements[-1].end_lineno or statements[-1].lineno)


def _operands(test: ast.expr) -> List[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return [each for value in test.values for each in _operands(value)]
    return [test]


def _variables(test: ast.expr, tree: Optional[ast.Module]) -> List[str]:
    """Those that the condition reads itself, or that the names in it are read from."""
    names = [node.id for node in ast.walk(test) if isinstance(node, ast.Name)]
    assigned = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign))] if tree is not None else []
    values = [node.value for node in assigned if node.value is not None and any(name in names for name in _targets(node))]
    return list(dict.fromkeys(name for part in (test, *values) for name in _read_in(part)))


def _targets(node: Union[ast.Assign, ast.AnnAssign]) -> List[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _read_in(value: ast.expr) -> List[str]:
    """The first arguments of calls, and keys: `getenv("X")`, `env.bool("X")`, `os.environ["X"]`."""
    calls = [node.args[0] for node in ast.walk(value) if isinstance(node, ast.Call) and node.args]
    keys = [getattr(node.slice, "value", node.slice) for node in ast.walk(value) if isinstance(node, ast.Subscript)]
    found = [node.value if isinstance(node, ast.Constant) else node for node in (*calls, *keys)]
    return [name for name in found if isinstance(name, str) and _VARIABLE.match(name)]
