"""What all tests share, and where which test stands.

* ``unit/<room>``: what the files of a room decide, pure and without waiting; ``unit/house``: the laws of the tree itself
* ``contract``: what every kind promises, over all kinds found on disk: a new source, matcher or channel is tried there
* ``golden/<case>``: digests as they are drawn; ``GOLDEN=accept`` writes them anew
* ``acceptance``: the installed program: subprocesses, signals, mail servers, browsers; ``installation`` is one of them
* ``bench``: ``python -m tests.bench`` measures, beside peers or limits
* ``toy``: a source of one's own; ``lived_in``, ``smtp``, ``fault_server``, ``postgres``: what tests stand on
* what is run by hand for longer than CI does: ``fuzz``, ``mangled``, ``mutants``, ``nth``, ``soak``; ``faults`` counts

A fault of the catalogue that a test tries stands in its name: ``test_m03_...`` is fault M03.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlmodel import create_engine

from monitor.store.engine import open_store
from tests.postgres import Cluster, programs

# As `monitor` sets it: a second thread makes fitting a topic six times dearer. Nothing above has loaded numpy yet.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says nothing on a busy machine; and the same commit gives the same result.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")

_ROOT = Path(__file__).resolve().parent.parent


class _Compiled(dict[Any, Any]):
    """What SQLAlchemy made of a statement, for every engine on a kind of database: it keeps a cache for each of them."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, made: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), made)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Each test opens databases of its own, and a third of its time would go into the text of the same statements."""
    made = partial(create_engine, execution_options={"compiled_cache": _Compiled()})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("monitor.store.engine.create_engine", made)
        yield


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """A command freezes what it loaded, as is right at the start of a process: here others come after it.

    Hypothesis, for one, asks the collector who holds its random numbers, and it does not look among what is frozen.
    """
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """What a test silences in the log stays silent for all that come after it, whichever those are."""
    before = logging.root.manager.disable
    yield
    assert logging.root.manager.disable == before, "this test left logging disabled"


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


@pytest.fixture(scope="session")
def cluster():
    """A running PostgreSQL server for all tests."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    made = Cluster(folder)
    made.start()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def made_once(cluster):
    """A database that holds our schema and nothing else: copying it is quicker than making it."""
    url = cluster.new_database()
    open_store(url).close()
    return url


@pytest.fixture(scope="session")
def file_made_once(tmp_path_factory):
    """As ``made_once``, in a file."""
    path = tmp_path_factory.mktemp("made-once") / "monitor.db"
    open_store(str(path)).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """A database of each kind without any rows, as `database:` in monitor.yaml names it."""
    if request.param == "sqlite":
        yield str(shutil.copy(request.getfixturevalue("file_made_once"), tmp_path / "monitor.db"))
        return
    cluster = request.getfixturevalue("cluster")
    url = cluster.new_database(request.getfixturevalue("made_once"))
    yield url
    cluster.drop(url)
