"""`python -m tests.faults`: each fault of our catalogue and the tests that try it, found by their names.

A test says which faults it tries by their ids: `test_f21_...`, `test_c14_s27_...`. `faults.md` holds the ids, why some cannot be
tried here, and what is not tried yet.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_FAMILY = re.compile(r"^\* \w[\w ]*: ([A-Z])01 to \1(\d\d)$", re.MULTILINE)
_EXCEPTION = re.compile(r"^\* ([A-Z]\d\d) (\S.*)$", re.MULTILINE)
_ID = re.compile(r"(?<=_)[a-z]\d\d(?=_)")
_UNTRIED = "\n## Not tried yet\n"


@dataclass(frozen=True)
class Catalogue:
    """The ids in their order, why some cannot be tried here, and what the untried ones are about."""

    ids: tuple[str, ...]
    reasons: Mapping[str, str]
    untried: Mapping[str, str]


def read(text: str) -> Catalogue:
    """The catalogue that a text like `faults.md` holds."""
    before, _, after = text.partition(_UNTRIED)
    ids = (f"{letter}{n:02}" for letter, last in _FAMILY.findall(before) for n in range(1, int(last) + 1))
    return Catalogue(tuple(ids), dict(_EXCEPTION.findall(before)), dict(_EXCEPTION.findall(after)))


def names_of_tests(folder: Path = _HERE) -> list[str]:
    """The names of all test functions below a folder, read and not imported."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("test_*.py")))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, kinds))
    return [node.name for node in nodes if node.name.startswith("test_")]


def by_fault(names: Iterable[str]) -> dict[str, list[str]]:
    """The tests of each id that any name carries."""
    found: dict[str, list[str]] = {}
    for name in names:
        for fault in _ID.findall(name):
            found.setdefault(fault.upper(), []).append(name)
    return found


def main() -> None:
    """Prints the table, and how many faults are tried, cannot be tried here, and are not tried yet."""
    catalogue, tests = read((_HERE / "faults.md").read_text(encoding="utf-8")), by_fault(names_of_tests())
    for fault in catalogue.ids:
        said = catalogue.reasons.get(fault, f"NOT TRIED YET: {catalogue.untried.get(fault, '')}")
        for line in tests.get(fault, [said]):
            print(fault, line)
    tried = [fault for fault in catalogue.ids if fault in tests]
    reasons = [fault for fault in catalogue.reasons if fault not in tests]
    untried = len(catalogue.ids) - len(tried) - len(reasons)
    print(
        f"{len(catalogue.ids)} faults: {len(tried)} tried, {len(reasons)} cannot be tried here, {untried} not tried yet"
    )


if __name__ == "__main__":
    main()
