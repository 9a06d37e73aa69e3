"""A store of its own for each test."""

import pytest

from monitor.store.engine import open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(str(tmp_path / "monitor.db"))
    yield opened
    opened.close()
