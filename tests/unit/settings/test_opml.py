"""Lists of feeds, and the sources made of them."""

from __future__ import annotations

import re
import tarfile
import time
from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.settings import opml
from monitor.settings.fields import check_id
from monitor.settings.load import load_settings
from monitor.settings.opml import OpmlFeed
from monitor.settings.yaml import read_document

_OPML = '<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>{}</body></opml>'


def _read(outlines: str) -> opml.Opml:
    return opml.read(_OPML.format(outlines).encode())


def _outline(title: str = "A Journal", url: str = "https://a.example/rss", rest: str = "/") -> str:
    return f'<outline text="{title}" type="rss" xmlUrl="{url}"{rest}>'


def test_feeds_are_read_with_their_folders_and_each_once() -> None:
    found = _read(
        f'<outline text="Science"><outline title="Optics">{_outline("One &amp; Only")}</outline>'
        f"{_outline('Two', 'http://b.example/a?x=1&amp;y=2')}</outline>{_outline('Again', 'http://www.a.example/rss/')}"
        f"<!-- {_outline('Commented', 'https://c.example/')} --><OUTLINE text='Three' XMLURL='feed://d.example/f'/>"
    )
    assert found.feeds == (
        OpmlFeed("One & Only", "https://a.example/rss", "Science / Optics"),
        OpmlFeed("Two", "http://b.example/a?x=1&y=2", "Science"),
        OpmlFeed("Three", "http://d.example/f"),
    )
    assert found.left_out == ()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a:b@c.example/", "https://"])
def test_addresses_that_no_source_may_have_are_told_of(url: str) -> None:
    found = _read(_outline() + _outline("Bad", url))
    assert [feed.title for feed in found.feeds] == ["A Journal"]
    assert found.left_out[0].startswith("Bad: the address ")


def test_no_address_can_refer_to_a_secret_of_ours() -> None:
    (feed,) = _read(_outline(url="https://evil.example/?${env:SMTP_PASSWORD}")).feeds
    assert "${" not in feed.url


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"\x00" * 100, b"<opml><body/></opml>", b"x" * 10_000_001,
        b"<opml><outline xmlUrl='javascript:x'/></opml>",
    ],
)  # fmt: skip
def test_what_lists_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(MonitorError):
        opml.read(body)


@pytest.mark.parametrize(
    "piece", ["<outline ", '<outline x="', "<!--", "<", "<outline>", "<outline a='b' xmlUrl='", "&amp;"]
)
def test_megabytes_of_anything_take_no_time(piece: str) -> None:
    began = time.process_time()
    try:
        opml.read(b"<opml>" + piece.encode() * (3_000_000 // len(piece)))
    except MonitorError as error:
        assert str(error)  # noqa: PT017  # read or refused: both are right
    assert time.process_time() - began < 5


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    assert opml.read(_OPML.format(_outline("Café")).encode(encoding)).feeds[0].title == "Café"


def test_names_are_valid_new_and_different() -> None:
    feeds = [
        OpmlFeed(title, f"https://{n}.example/f")
        for n, title in enumerate(["Café — Optics!", "cafe optics", "日本", "x" * 90])
    ]
    names = list(opml.named(feeds, {"cafe-optics": {"kind": "hf_daily"}, "2": "hf"}))
    assert names[:3] == ["cafe-optics-2", "cafe-optics-3", "2-example"]
    assert all(check_id(name) for name in names)


def test_feeds_that_are_sources_already_are_left_out() -> None:
    known = {"a": {"kind": "feed", "url": "http://a.example/rss/"}}
    assert opml.named([OpmlFeed("A", "https://www.a.example/rss")], known) == {}


# --- monitor.yaml -----------------------------------------------------------------------------------------------------

_CHANNEL = "channel: {kind: file, path: outbox}\n"
_TWO = {
    "one": OpmlFeed("One: a #1 \u2028Journal", "https://a.example/rss?a=b&c=d#e"),
    "two": OpmlFeed("", "https://b.example/{x}'\"".replace('"', "%22")),
}


def _inserted(path: Path, text: str) -> str | None:
    path.write_bytes(text.encode())
    return opml.inserted(read_document(path), text, opml.lines(_TWO))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\nsources:  # where from\n  hf: {kind: hf_daily}\n  # kept\n", f"\n# the channel\n{_CHANNEL}"),
        ("sources:\n    hf:\n        kind: hf_daily\n\n        every: 2h\n", _CHANNEL),
        (f"{_CHANNEL}sources:\n  hf: {{\n    kind: hf_daily,\n    days: 2\n    }}\n", "# the end"),
        (f"{_CHANNEL}sources:\n  hf: {{kind: hf_daily}}", ""),
        (f"{_CHANNEL}sources:\r\n  hf: {{kind: hf_daily}}\r\n", "\r\n"),
        ("sources:\n  hf: {kind: hf_daily}\n", f"{_CHANNEL}# x\n"),
    ],
)
def test_sources_are_put_behind_the_last_one_and_nothing_else_changes(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "monitor.yaml"
    text = _inserted(path, before + after)
    assert text is not None
    assert text.startswith(before)
    assert text.endswith(after)
    path.write_bytes(text.encode())
    loaded = {source.name: source for source in load_settings(path).sources}
    assert list(loaded) == ["hf", "one", "two"]
    assert [loaded[name].options.model_dump()["url"] for name in _TWO] == [feed.url for feed in _TWO.values()]
    added = text[len(before) : len(text) - len(after)]
    assert re.fullmatch(r"\s*( +(one|two): \{kind: feed, url: [^\r\n]+\r?\n){2}", added)


def test_a_file_without_sources_gets_some(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    text = _inserted(path, _CHANNEL)
    assert text is not None
    path.write_bytes(text.encode())
    assert [source.name for source in load_settings(path).sources] == ["one", "two"]


def test_sources_in_braces_are_left_to_the_person(tmp_path: Path) -> None:
    assert _inserted(tmp_path / "monitor.yaml", f"sources: {{hf: {{kind: hf_daily}}}}\n{_CHANNEL}") is None


@pytest.mark.seeds
def test_every_real_list_becomes_sources_that_load(shared: Path, tmp_path: Path) -> None:
    feeds: dict[str, OpmlFeed] = {}
    lists = 0
    with tarfile.open(shared / "data/feeds/opml_A.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                found = opml.read(content.read())
                assert found.feeds
                lists += 1
                feeds |= opml.named(found.feeds, {name: {"url": feed.url} for name, feed in feeds.items()})
    assert lists >= 50
    assert len(feeds) > 300
    path = tmp_path / "monitor.yaml"
    path.write_text("sources:\n  hf: {kind: hf_daily}\n" + _CHANNEL, encoding="utf-8")
    text = opml.inserted(read_document(path), path.read_text(encoding="utf-8"), opml.lines(feeds))
    assert text is not None
    path.write_text(text, encoding="utf-8")
    assert len(load_settings(path).sources) == len(feeds) + 1
