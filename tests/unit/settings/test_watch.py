"""Edits are seen once, when they are whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.settings.watch import Watcher

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Folder


@pytest.fixture
def watcher(folder: Folder) -> Watcher:
    return Watcher(folder.settings)


def answers(watcher: Watcher, times: int = 3) -> list[bool]:
    return [watcher.changed() for _ in range(times)]


def append(path: Path, text: str = "# more\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_nothing_new_is_no_change(watcher: Watcher) -> None:
    assert answers(watcher) == [False, False, False]


def test_k13_an_edit_is_told_once_when_two_looks_agree(folder: Folder, watcher: Watcher) -> None:
    append(folder.settings)
    assert answers(watcher) == [False, True, False]
    folder.profile("to: [bob@example.org]\n")
    assert answers(watcher) == [False, True, False]


def test_k13_a_file_that_is_still_being_written_is_not_taken(folder: Folder, watcher: Watcher) -> None:
    for _ in range(4):
        append(folder.profiles / "ada.yaml")
        assert not watcher.changed()
    assert watcher.changed()


def test_k13_an_edit_that_keeps_the_size_is_seen(folder: Folder, watcher: Watcher) -> None:
    path = folder.profiles / "ada.yaml"
    path.write_text(path.read_text().replace("ada@", "bob@"))
    os.utime(path, ns=(1, 1))
    assert answers(watcher) == [False, True, False]


def test_k13_a_rename_over_the_old_file_is_seen(folder: Folder, watcher: Watcher) -> None:
    path = folder.profiles / "ada.yaml"
    before = path.stat()
    fresh = folder.profiles / "ada.yaml.tmp"
    fresh.write_text(path.read_text())
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert answers(watcher) == [False, False, False]
    fresh.replace(path)
    assert answers(watcher) == [False, True, False]


def test_k13_files_of_editors_are_no_change(folder: Folder, watcher: Watcher) -> None:
    for name in (
        ".ada.yaml.swp",
        "ada.yaml~",
        "#ada.yaml#",
        "ada.yaml.tmp",
        ".#ada.yaml",
        "4913",
        "notes.md",
        ".#mine.bib",
    ):
        (folder.profiles / name).write_text("x")
    (folder.path / ".monitor.yaml.swp").write_text("x")
    assert answers(watcher) == [False, False, False]


def test_k13_a_new_a_removed_and_a_renamed_profile_are_changes(folder: Folder, watcher: Watcher) -> None:
    bob = folder.profile("to: [bob@example.org]\n", "bob.yaml")
    assert answers(watcher) == [False, True, False]
    bob.rename(folder.profiles / "rob.yaml")
    assert answers(watcher) == [False, True, False]
    (folder.profiles / "rob.yaml").unlink()
    assert answers(watcher) == [False, True, False]


def test_k13_a_symlink_switched_to_another_folder_is_seen(folder: Folder, tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        shutil.copytree(folder.path, tmp_path / version, ignore=shutil.ignore_patterns("v*"))
    mount = tmp_path / "mount"
    mount.mkdir()
    (mount / "..data").symlink_to(tmp_path / "v1")
    (mount / "monitor.yaml").symlink_to("..data/monitor.yaml")
    (mount / "profiles").symlink_to("..data/profiles")
    watcher = Watcher(mount / "monitor.yaml")
    (mount / "..next").symlink_to(tmp_path / "v2")
    (mount / "..next").replace(mount / "..data")
    assert answers(watcher) == [False, True, False]


def test_k13_the_real_path_counts_where_inode_size_and_time_are_the_same(folder: Folder, tmp_path: Path) -> None:
    real, twin, name = folder.settings, tmp_path / "twin.yaml", tmp_path / "link.yaml"
    twin.hardlink_to(real)
    name.symlink_to(real)
    watcher = Watcher(name)
    name.unlink()
    name.symlink_to(twin)
    assert answers(watcher) == [False, True, False]


def test_k13_a_folder_that_vanishes_and_comes_back_is_told_each_time(folder: Folder, watcher: Watcher) -> None:
    folder.profiles.rename(folder.path / "away")
    assert answers(watcher) == [False, True, False]
    (folder.path / "away").rename(folder.profiles)
    assert answers(watcher) == [False, True, False]
    folder.settings.unlink()
    assert answers(watcher) == [False, True, False]


def test_the_folder_of_profiles_is_followed_when_the_settings_name_another(folder: Folder, watcher: Watcher) -> None:
    other = folder.path / "others"
    other.mkdir()
    append(folder.settings, "profiles: others\n")
    assert answers(watcher) == [False, True, False]
    (other / "bob.yaml").write_text("to: x\n")
    assert answers(watcher) == [False, True, False]
    folder.profile("to: y\n", "unseen.yaml")
    assert answers(watcher) == [False, False, False]


def test_k01_settings_in_the_making_do_not_stop_the_watch(folder: Folder, watcher: Watcher) -> None:
    append(folder.settings, "broken: [\n")
    assert answers(watcher) == [False, True, False]
    folder.profile("to: y\n", "bob.yaml")
    assert answers(watcher) == [False, True, False]
