"""Folders of configuration, and kinds of source and channel made for these tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

import monitor.channels
import monitor.sources
from monitor.errors import ConfigError, ConfigProblem
from monitor.registry import kinds

Problems: TypeAlias = Callable[[Callable[[], object]], tuple[ConfigProblem, ...]]
Fails: TypeAlias = Callable[[str], list[tuple[int, int, str, str]]]

_PROBE_SOURCE = '''
"""A kind of source made for tests."""
from datetime import timedelta
from pathlib import Path
from typing import Literal
from pydantic import BaseModel, ConfigDict, Field

EVERY = timedelta(minutes=45)

class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    limit: int = Field(10, ge=1, le=100)
    path: Path | None = None
    order: Literal["rising", "newest"] = "newest"
    categories: tuple[str, ...] = ()
    quick: bool = False
'''

_PROBE_CHANNEL = '''
"""A kind of channel made for tests."""
from pydantic import BaseModel, ConfigDict, SecretStr

class Limits(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    seconds: float = 1

class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    host: str
    port: int = 25
    password: SecretStr | None = None
    limits: Limits = Limits()
'''

SETTINGS = """
sources:
  hf: {kind: probe_source}
channel: {kind: probe_channel, host: localhost}
sender: {address: monitor@example.org}
"""

PROFILE = """
to: [ada@example.org]
topics:
  diffusion:
    about: Diffusion models used as classifiers.
"""


@pytest.fixture(scope="module", autouse=True)
def probe_kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A kind of source and one of channel, found on disk beside the real ones."""
    rooms = {"sources": monitor.sources, "channels": monitor.channels}
    codes = {"sources": ("probe_source", _PROBE_SOURCE), "channels": ("probe_channel", _PROBE_CHANNEL)}
    for family, (name, code) in codes.items():
        folder = tmp_path_factory.mktemp(family)
        (folder / f"{name}.py").write_text(code)
        rooms[family].__path__.append(str(folder))
    kinds.cache_clear()
    yield
    for family, (name, _) in codes.items():
        rooms[family].__path__.pop()
        sys.modules.pop(f"monitor.{family}.{name}", None)
    kinds.cache_clear()


class Folder:
    """A folder with a monitor.yaml and profiles; texts are dedented."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings = path / "monitor.yaml"
        self.profiles = path / "profiles"
        self.profiles.mkdir()
        self.write(SETTINGS)
        self.profile(PROFILE)

    def write(self, text: str) -> Path:
        self.settings.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return self.settings

    def profile(self, text: str, name: str = "ada.yaml") -> Path:
        path = self.profiles / name
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def problems() -> Problems:
    """Return what a call that must fail complains of."""

    def collect(call: Callable[[], object]) -> tuple[ConfigProblem, ...]:
        with pytest.raises(ConfigError) as caught:
            call()
        return caught.value.problems

    return collect
