"""Someone who opens the tree sees the product: nothing stands at its top that does not belong there."""

import ast
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROOMS = {"monitor", "templates", "config", "tests", "deploy"}
BESIDE = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "uv.lock"}


def test_the_top_of_the_tree_holds_what_belongs_there():
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no checkout")
    names = {name.partition("/")[0] for name in told.split("\0") if name}
    assert {name for name in names - ROOMS - BESIDE if not name.startswith(".")} == set()


CHAPTERS = sorted(path.parent for path in (ROOT / "monitor").rglob("__init__.py") if "migrations" not in path.parts)
WHOLE_OF_KINDS = {"moves", "sections", "tables"}
"""Folders in which every file is one of a kind, found on disk."""


@pytest.mark.parametrize("room", CHAPTERS, ids=lambda room: room.name)
def test_the_chapter_of_a_room_names_each_file_that_is_none_of_its_kinds(room):
    chapter = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    files = {path.stem for path in room.glob("*.py") if not path.stem.startswith("_")}
    name = ".".join(room.relative_to(ROOT).parts)
    files &= getattr(import_module(name), "NOT_KINDS", set() if room.name in WHOLE_OF_KINDS else files)
    assert {name for name in files if f"``{name}" not in chapter} == set()
    assert len(chapter) > 80, "say what the room is for, and what to do to add to it"
