"""Holds the code of lessons and the code of the package together, by their syntax trees.

Compared is what runs: docstrings, annotations and guards (a call of `_check…` or `check_…` that stands by itself, an
`if` that only raises) are the package's business, and a lesson may leave them out.
"""

import ast
from importlib.util import find_spec
from pathlib import Path

from minisora.errors import DataError

__all__ = ["definitions", "drifted"]


def drifted(source: str, module: str) -> list[str]:
    """Which functions and classes of a lesson are not the package's any more.

    Args:
        source: of a cell marked `package="…"`.
        module: the dotted name that stands there.
    Returns:
        A sentence for each definition that differs or is missing there.
    Raises:
        DataError: there is no such module, or the cell defines nothing.
    """
    ours, theirs = definitions(source), definitions(_text_of(module))
    if not ours:
        raise DataError(f'A cell marked package="{module}" defines no function and no class.')
    faults = []
    for name, code in ours.items():
        if name not in theirs:
            faults.append(f"{module} has no {name}")
        elif theirs[name] != code:
            faults.append(f"{name} differs from {module}.{name}; there it reads:\n{theirs[name]}")
    return faults


def definitions(source: str) -> dict[str, str]:
    """The functions and classes at the top of some code, in a form that can be compared.

    Args:
        source: Python.
    Returns:
        Code by name, without docstrings, annotations and guards.
    """
    tree = _Bare().visit(ast.parse(source))
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {node.name: ast.unparse(node) for node in named}


class _Bare(ast.NodeTransformer):
    """Leaves out of a tree what is not compared."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]:
            if arg is not None:
                arg.annotation = None
        return self._body(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._body(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        only_raises = not node.orelse and all(isinstance(line, ast.Raise) for line in node.body)
        return None if only_raises else self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        call = node.value.func if isinstance(node.value, ast.Call) else None
        name = call.id if isinstance(call, ast.Name) else call.attr if isinstance(call, ast.Attribute) else ""
        return None if name.startswith(("_check", "check_")) else self.generic_visit(node)

    def _body(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def _text_of(module: str) -> str:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        raise DataError(f"There is no module {module}. Write it as minisora.room.file.")
    return Path(spec.origin).read_text(encoding="utf-8")
