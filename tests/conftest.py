"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

# How long an example takes says nothing on a busy machine; and the same commit gives the same result.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return _ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; tests that need it skip where it is absent."""
    folder = _ROOT.parent / "shared"
    if not (folder / "seeds").is_dir():
        pytest.skip("the shared real data does not lie beside the project")
    return folder
