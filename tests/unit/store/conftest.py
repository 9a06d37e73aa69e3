"""A store of its own for each test, on each kind of database."""

import pytest

from monitor.store.engine import open_store


@pytest.fixture
def store(database):
    opened = open_store(database)
    yield opened
    opened.close()
