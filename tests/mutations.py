"""Small changes of a program's text, each of which ought to make it wrong: a comparison, a condition, a number, a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}

_Where = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what it reads before and after, and the way to it from the module."""

    path: str
    function: str
    lines: tuple[int, int]
    before: str
    after: str
    where: _Where
    at: int

    def __str__(self) -> str:
        return f"* `{self.path}` `{self.function or 'module'}`: ``{self.before}`` → ``{self.after}`` (line {self.lines[0]})"

    @property
    def name(self) -> tuple[str, str, str, str]:
        return self.path, self.function or "module", self.before, self.after


def mutants(path: str) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its text."""
    tree = _tree(path)
    for where, function, lines in _places(tree):
        for at, (before, after) in enumerate(_changes(tree, where)):
            yield Mutant(path, function, lines, before, after, where, at)


def _tree(path: str) -> ast.Module:
    return ast.parse((_ROOT / path).read_text(encoding="utf-8"), path)


def _places(tree: ast.Module) -> Iterator[tuple[_Where, str, tuple[int, int]]]:
    """Every node that runs, as the way to it, with the function that it stands in and the lines of its statement."""

    def walk(node: ast.AST, where: _Where, function: str, lines: tuple[int, int]) -> Iterator[Any]:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            lines = node.lineno, max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
        yield where, function, lines
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            function = f"{function}.{node.name}".removeprefix(".")
        for name, child in _children(node):
            for at, one in enumerate(child) if isinstance(child, list) else [(None, child)]:
                if isinstance(one, ast.AST):
                    yield from walk(one, (*where, (name, at)), function, lines)

    return walk(tree, (), "", (1, 1))


def _children(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What of a node runs when it is called: no annotations, defaults, decorators, docstrings or words for the log."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield "body", [None if at == 0 and _says_only(one) else one for at, one in enumerate(node.body)]
    elif isinstance(node, (ast.ClassDef, ast.Module)):
        kinds: tuple[type[ast.stmt], ...] = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        kinds += (ast.Assign, ast.AnnAssign) if isinstance(node, ast.Module) else ()
        yield "body", [one if isinstance(one, kinds) else None for one in node.body]
    elif isinstance(node, ast.AnnAssign):
        yield "value", node.value
    elif not _says_only(node):
        yield from ast.iter_fields(node)


def _says_only(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or words for the log."""
    return isinstance(node, ast.Expr) and (isinstance(node.value, ast.Constant) or ast.unparse(node).startswith("log."))


def _changes(tree: ast.Module, where: _Where) -> Iterator[tuple[str, str]]:
    """What stands at a place, or around an operator, and what each change makes of it."""
    parent, node = _at(tree, where)
    for at, choice in enumerate(_choices(node, parent)):
        if isinstance(node, (ast.operator, ast.cmpop, ast.boolop)):
            other = deepcopy(parent)
            _set(other, where[-1], list(_choices(node, parent))[at])
            yield _line(parent), _line(other)
        else:
            yield _line(node), _line(choice)


def _at(tree: ast.Module, where: _Where) -> tuple[Any, Any]:
    parent: Any = None
    node: Any = tree
    for name, number in where:
        parent, node = node, getattr(node, name) if number is None else getattr(node, name)[number]
    return parent, node


def _set(parent: ast.AST, place: tuple[str, int | None], choice: ast.AST) -> None:
    name, number = place
    if number is None:
        setattr(parent, name, choice)
    else:
        getattr(parent, name)[number] = choice


def changed(mutant: Mutant) -> ast.Module:
    tree = _tree(mutant.path)
    parent, node = _at(tree, mutant.where)
    _set(parent, mutant.where[-1], list(_choices(node, parent))[mutant.at])
    return ast.fix_missing_locations(tree)


def _choices(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    if type(node) in _SWAPS:
        yield _SWAPS[type(node)]()
    elif isinstance(node, ast.Constant):
        yield from _other_values(node, parent)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield ast.Name(_NAMES[node.id], ast.Load())
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            yield ast.comprehension(node.target, node.iter, node.ifs[:at] + node.ifs[at + 1 :], node.is_async)
    else:
        yield from _other_statements(node)


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        if not isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp)):  # those are changed by themselves
            other = deepcopy(node)
            other.test = ast.UnaryOp(ast.Not(), other.test)
            yield other
    elif isinstance(node, (ast.Expr, ast.AugAssign)):
        if not isinstance(node.value, (ast.Yield, ast.YieldFrom)) and not _says_only(node):
            yield ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        yield ast.copy_location(ast.Return(None), node)


def _other_values(node: ast.Constant, parent: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and not isinstance(parent, (ast.JoinedStr, ast.FormattedValue)):
        yield ast.Constant(f"XX{node.value}")


def _line(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:60]} … {text[-27:]}"
