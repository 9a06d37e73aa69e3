from __future__ import annotations

import asyncio
import mailbox
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.channels.file import Options, file_stem, open_channel
from monitor.errors import DeliveryError
from monitor.testing import envelope
from monitor.types.digests import Acceptance, Envelope


def deliver(folder: Path, *envelopes: Envelope, maildir: bool = False) -> list[Acceptance]:
    async def scenario() -> list[Acceptance]:
        channel = open_channel(Options(path=folder, maildir=maildir))
        taken = [await channel.deliver(letter) for letter in envelopes]
        await channel.close()
        return taken

    return asyncio.run(scenario())


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_message_and_page_lie_side_by_side_in_a_folder_that_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "digests" / "ada"
    (taken,) = deliver(folder, envelope(7))
    stem = file_stem(envelope(7))
    assert stem.startswith("2026-03-04-digest-7-")
    assert taken == Acceptance("written", str(folder / f"{stem}.eml"))
    assert (folder / f"{stem}.eml").read_bytes() == envelope(7).content
    assert (folder / f"{stem}.html").read_text() == envelope(7).part("html")
    assert names(folder) == [f"{stem}.eml", f"{stem}.html"]


@pytest.mark.parametrize("maildir", [False, True])
def test_a_folder_that_is_made_is_its_owners_alone_and_one_that_is_there_stays_as_it_is(
    tmp_path: Path, *, maildir: bool
) -> None:
    (tmp_path / "there").mkdir(0o755)
    for name in ("there", "made"):
        deliver(tmp_path / name, envelope(), maildir=maildir)
    inside = "new" if maildir else ""
    assert (tmp_path / "made" / inside).stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o755


def test_a_digest_without_a_page_is_one_file(tmp_path: Path) -> None:
    deliver(tmp_path, envelope(content=b"Subject: s\r\n\r\nplain\r\n"))
    assert names(tmp_path) == [f"{file_stem(envelope())}.eml"]


def test_the_same_message_twice_is_the_same_file_untouched(tmp_path: Path) -> None:
    (first,) = deliver(tmp_path, envelope())
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    (second,) = deliver(tmp_path, envelope())
    assert (first.code, second.code) == ("written", "kept")
    assert first.text == second.text
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)} == before


def test_other_content_under_the_same_id_is_laid_beside_and_overwrites_nothing(tmp_path: Path) -> None:
    other = envelope(content=b"Content-Type: text/html\r\n\r\n<p>other\r\n")
    first, second, third = deliver(tmp_path, envelope(), other, other)
    assert Path(first.text).read_bytes() == envelope().content
    assert Path(second.text).read_bytes() == other.content
    assert (second.text, third.code) == (third.text, "kept")
    assert len(names(tmp_path)) == 4


def test_messages_with_equal_subjects_keep_apart(tmp_path: Path) -> None:
    deliver(tmp_path, envelope(1, subject="Digest"), envelope(2, subject="Digest"))
    assert len(list(tmp_path.glob("*.eml"))) == 2


@given(subject=st.text(max_size=300), message_id=st.text(max_size=300))
def test_no_header_can_name_another_folder_or_an_odd_file(subject: str, message_id: str) -> None:
    stem = file_stem(envelope(subject=subject, message_id=message_id))
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 12 <= len(stem) <= 80
    assert stem[0] != "-"


def test_a_day_that_is_none_does_not_come_into_the_name() -> None:
    assert "2026-13-45" not in file_stem(envelope(message_id="<d.1.2026-13-45.x@example.org>"))


def test_a_path_in_the_headers_stays_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    deliver(folder, envelope(subject="../../etc/passwd\r\nX: y\x00", message_id="<../../../2026-03-04@x>"))
    assert names(tmp_path) == ["out"]
    assert len(names(folder)) == 2


def test_a_crash_while_writing_leaves_no_file_under_the_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DeliveryError, match="No space left on device") as caught:
        deliver(tmp_path, envelope())
    assert names(tmp_path) == []
    assert (caught.value.permanent, caught.value.uncertain, caught.value.channel_wide) == (False, False, True)


def test_files_and_their_folder_are_on_the_disk_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def watching(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").is_dir())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watching)
    deliver(tmp_path, envelope())
    assert synced == [False, True, False, True]


def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryError, match="set another path"):
        deliver(tmp_path / "file" / "digests", envelope())


def test_options_know_path_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Options(path=tmp_path, folder="x")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Options()  # type: ignore[call-arg]


def test_a_maildir_is_read_by_the_library_that_knows_them_and_holds_the_bytes_of_the_mail(tmp_path: Path) -> None:
    folder = tmp_path / "Maildir"
    first, second = deliver(folder, envelope(1), envelope(2), maildir=True)
    assert (first.code, second.code) == ("written", "written")
    assert {Path(one.text).parent for one in (first, second)} == {folder / "new"}
    assert Path(first.text).read_bytes() == envelope(1).content
    assert names(folder / "tmp") == []
    read = mailbox.Maildir(folder, create=False)
    assert sorted(str(message["Subject"]) for message in read) == ["Digest 1", "Digest 2"]


def test_a_mail_that_was_read_in_a_maildir_does_not_come_again(tmp_path: Path) -> None:
    (first,) = deliver(tmp_path, envelope(), maildir=True)
    read = Path(first.text)
    read.rename(tmp_path / "cur" / f"{read.name}:2,S")
    (second,) = deliver(tmp_path, envelope(), maildir=True)
    assert (second.code, names(tmp_path / "new")) == ("kept", [])


def test_other_content_under_the_same_id_is_a_second_mail_in_a_maildir(tmp_path: Path) -> None:
    other = envelope(content=b"Subject: other\r\n\r\nother\r\n")
    taken = deliver(tmp_path, envelope(), other, other, maildir=True)
    assert [one.code for one in taken] == ["written", "written", "kept"]
    assert Path(taken[0].text).read_bytes() == envelope().content
