"""Someone who opens the tree sees the product: nothing stands at its top that does not belong there."""

import subprocess
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
