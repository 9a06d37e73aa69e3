"""Files that people drop in a folder."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import FrozenClock
from monitor.errors import FetchError
from monitor.ingest.folder import read_folder

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def _drop(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
        os.utime(folder / name, (_NOW.timestamp() - 60, _NOW.timestamp() - 60))


def _names(folder: Path, endings: tuple[str, ...] = ()) -> list[str]:
    answers, oddities = asyncio.run(read_folder("mine", folder, FrozenClock(_NOW), endings))
    assert oddities == []
    return [answer.url for answer in answers]


def test_all_files_are_read_by_name_but_those_that_editors_and_downloads_leave(tmp_path: Path) -> None:
    _drop(tmp_path, "b.txt", "a.md", ".hidden", "#lock", "c.txt~", "d.part", "e.TXT")
    assert _names(tmp_path) == ["file:a.md", "file:b.txt", "file:e.TXT"]


def test_with_endings_only_such_files_are_read_in_whatever_case(tmp_path: Path) -> None:
    _drop(tmp_path, "a.jsonl", "b.JSONL", "c.ndjson", "d.json", "jsonl")
    assert _names(tmp_path, (".jsonl", ".ndjson")) == ["file:a.jsonl", "file:b.JSONL", "file:c.ndjson"]


def test_a_folder_that_is_not_there_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="path"):
        _names(tmp_path / "none")
