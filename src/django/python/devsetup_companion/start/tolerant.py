"""
Loads the project's modules statement by statement and continues after one that fails: what stands after a statement that no stand-in value
satisfies is asked for all the same.
"""

from __future__ import annotations

import ast
import importlib.machinery
import os
import sys
from typing import Any, Callable, List

from devsetup_companion.places import is_project_file

_NOTE = "_devsetup_note"
#: Statements that something later can do without; functions fail when they are called, and imports only as a whole.
_GUARDED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.With, ast.Try, ast.Import, ast.ImportFrom, ast.Assert, ast.Raise)


def install(note: Callable[[BaseException], None]) -> None:
    """`note` gets what a statement raised, in all modules of the project that are imported from now on."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        path = os.path.abspath(self.get_filename(fullname))
        if not is_project_file(path):
            return original(self, fullname)
        tree = ast.parse(self.get_data(path), path)
        tree.body = _guard(tree.body)
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)

    setattr(sys.modules["builtins"], _NOTE, note)
    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def _guard(statements: List[ast.stmt]) -> List[ast.stmt]:
    return [_guarded(statement, at == 0) for at, statement in enumerate(statements)]


def _guarded(statement: ast.stmt, is_first: bool) -> ast.stmt:
    if isinstance(statement, ast.If):
        statement.body, statement.orelse = _guard(statement.body), _guard(statement.orelse)
    if isinstance(statement, ast.ClassDef):
        statement.body = _guard(statement.body)
    is_docstring = is_first and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    if not isinstance(statement, _GUARDED) or is_docstring or is_future:
        return statement
    call = ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Name("_devsetup_error", ast.Load())], [])
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), "_devsetup_error", [ast.copy_location(ast.Expr(call), statement)])
    return ast.copy_location(ast.Try([statement], [ast.copy_location(handler, statement)], [], []), statement)
