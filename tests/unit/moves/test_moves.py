"""What other programs know of their readers, written here as those programs write it."""

import json
import os
import pickle
import sqlite3
import time
import zlib
from contextlib import closing

import pytest
from click.testing import CliRunner

from monitor import moves, registry
from monitor.cli import main
from monitor.errors import MonitorError
from monitor.moves import lite, rss2email, zotero
from monitor.settings.draft import Draft, DraftTopic
from monitor.settings.load import load_all, load_settings
from monitor.sources import LARGEST_FILE
from monitor.types.listings import Entry
from tests.acceptance.installation import LISTING, PROFILE, SETTINGS


@pytest.fixture
def home(tmp_path):
    """An installation beside the folder of the other program."""
    home = tmp_path / "home"
    for name, text in {"monitor.yaml": SETTINGS, "profiles/me.yaml": PROFILE, "snapshots/a.txt": LISTING}.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    return home


def run(home, *arguments):
    return CliRunner().invoke(main, ["--config", str(home / "monitor.yaml"), *map(str, arguments)])


def liked(topic):
    return [one for one in topic.like if isinstance(one, Entry)]


def kept(path, table, values, *, pack=zlib.compress):
    """Write a table as sqlitedict does."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value BLOB)")
        for key, value in values.items():
            body = value if isinstance(value, bytes) else pack(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            database.execute(f"INSERT INTO {table} VALUES (?, ?)", (key, body))


@pytest.fixture
def sanity(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    tags = {"ada": {"lanterns": {"2611.00001", "2611.00002"}, "empty": set()}, "Bob B": {"fog": {"2611.00003"}}}
    kept(folder / "dict.db", "tags", tags)
    kept(folder / "dict.db", "email", {"ada": "ada@example.org"})
    paper = {
        "title": "Lanterns of Porcelain", "summary": "We move a lantern.", "authors": [{"name": "Ada L."}],
        "_time_parsed": time.gmtime(0),
    }  # fmt: skip
    kept(folder / "papers.db", "papers", {"2611.00001": paper})
    return folder


def _shared(one):
    """A few bytes of pickle that name one part again and again."""
    for _ in range(30):
        one = type(one)((one, one))
    return one


class TestLite:
    def test_a_reader_becomes_a_profile_and_a_tag_a_topic_that_likes_its_papers(self, home, sanity):
        ended = run(home, "import", "lite", sanity, "--to", "desk@example.org", "--timezone", "Europe/Berlin")
        assert ended.exit_code == 0, ended.output
        ada, bob, _ = load_all(home / "monitor.yaml").profiles
        assert (ada.id, ada.to, bob.id, bob.to) == ("ada", ("ada@example.org",), "bob-b", ("desk@example.org",))
        assert ada.schedule.timezone == "Europe/Berlin"
        (topic,) = ada.topics
        assert topic.name == "lanterns"
        assert [(one.title, one.ids, one.abstract) for one in liked(topic)] == [
            ("Lanterns of Porcelain", ("arxiv:2611.00001",), "We move a lantern."),
            ("2611.00002", ("arxiv:2611.00002",), ""),
        ]
        assert run(home, "check").exit_code == 0

    def test_what_is_here_stays_and_who_has_no_address_is_told(self, home, sanity):
        (home / "profiles" / "ada.yaml").write_text(PROFILE)
        ended = run(home, "import", "lite", sanity)
        assert ended.exit_code == 0
        assert "ada: profile ada is here already" in ended.output
        assert "Bob B: no address" in ended.output
        assert (home / "profiles" / "ada.yaml").read_text() == PROFILE

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(pickle.dumps(os.getpid), id="a function"),
            pytest.param(b"\x80\x04cposix\nsystem\nX\x04\x00\x00\x00trueR.", id="a command"),
            pytest.param(b"\x80\x04]r\xff\xff\xff\x7f.", id="a huge memo"),
            pytest.param(zlib.compress(b"\x80\x04" + b"0" * 6_000_000), id="a bomb"),
            pytest.param(pickle.dumps({"fog": [_shared([])]}), id="lists that make a billion"),
            pytest.param(pickle.dumps({"fog": {_shared(())}}), id="tuples that make a billion"),
            pytest.param(b"\x80\x04]2\x86.", id="one list twice"),
            pytest.param(b"\x80\x04\x8c\x01aq\x00q\x00\x8c\x01b\x94)\x94h\x010h\x02.", id="numbers that mislead"),
            pytest.param(b"nonsense", id="nonsense"),
            pytest.param(zlib.compress(b"\x80\x04")[:-2], id="cut off"),
        ],
    )
    def test_a_value_that_does_more_than_hold_data_is_left_out_and_told(self, tmp_path, body):
        kept(tmp_path / "dict.db", "tags", {"mallory": body, "ada": {"fog": {"2611.00001"}}})
        found = lite.read(tmp_path, {})
        assert [one.name for one in found.readers] == ["ada"]
        assert [one.partition(":")[0] for one in found.left_out] == ["tags of mallory"]

    @pytest.mark.parametrize("value", ["text", 17, 1.5, None, 10**11])
    def test_a_value_that_is_no_pickle_at_all_is_left_out_and_told(self, tmp_path, value):
        kept(tmp_path / "dict.db", "tags", {"ada": {"fog": {"2611.00001"}}, "mallory": b""})
        with closing(sqlite3.connect(tmp_path / "dict.db")) as database, database:
            database.execute("UPDATE tags SET value = ? WHERE key = 'mallory'", (value,))
        assert lite.read(tmp_path, {}).left_out == ("tags of mallory: it is no pickle",)

    def test_tags_and_papers_that_are_no_texts_are_nothing_that_it_keeps(self, tmp_path):
        kept(tmp_path / "dict.db", "tags", {"ada": {1: {"a"}, "fog": {"2611.00001", 7}, "b": {3}, "c": 4}})
        (reader,) = lite.read(tmp_path, {}).readers
        assert [topic.name for topic in reader.topics] == ["fog"]


@pytest.fixture
def library(tmp_path):
    """The tables of Zotero 7 that hold items and collections."""
    path = tmp_path / "zotero.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("""
            CREATE TABLE itemTypes (itemTypeID INTEGER, typeName TEXT);
            CREATE TABLE items (itemID INTEGER, itemTypeID INTEGER);
            CREATE TABLE deletedItems (itemID INTEGER);
            CREATE TABLE fields (fieldID INTEGER, fieldName TEXT);
            CREATE TABLE itemDataValues (valueID INTEGER, value);
            CREATE TABLE itemData (itemID INTEGER, fieldID INTEGER, valueID INTEGER);
            CREATE TABLE creators (creatorID INTEGER, firstName TEXT, lastName TEXT);
            CREATE TABLE itemCreators (itemID INTEGER, creatorID INTEGER, orderIndex INTEGER);
            CREATE TABLE collections (collectionID INTEGER, collectionName TEXT, parentCollectionID INTEGER);
            CREATE TABLE collectionItems (collectionID INTEGER, itemID INTEGER);
            INSERT INTO itemTypes VALUES (1, 'preprint'), (2, 'attachment');
            INSERT INTO items VALUES (1, 1), (2, 1), (3, 2), (4, 1), (5, 1);
            INSERT INTO deletedItems VALUES (4);
            INSERT INTO fields VALUES (1, 'title'), (2, 'abstractNote'), (3, 'archiveID'), (4, 'DOI'), (5, 'date');
            INSERT INTO itemDataValues VALUES (1, 'Lanterns of Porcelain'), (2, 'We move a lantern.'),
                (3, 'arXiv:2611.00001'), (4, 'Cooling Towers'), (5, '10.1000/tower'), (6, 2026), (7, 'Scan'), (8, 'Gone'),
                (9, 'Kettles');
            INSERT INTO itemData VALUES (1, 1, 1), (1, 2, 2), (1, 3, 3), (1, 5, 6), (2, 1, 4), (2, 4, 5), (3, 1, 7),
                (4, 1, 8), (5, 1, 9);
            INSERT INTO creators VALUES (1, 'Ada', 'Lovelace'), (2, '', 'Consortium');
            INSERT INTO itemCreators VALUES (1, 2, 1), (1, 1, 0);
            INSERT INTO collections VALUES (1, '2026', NULL), (2, 'survey', 1), (3, 'old', NULL), (4, 'loop', 4);
            INSERT INTO collectionItems VALUES (2, 1), (3, 2), (4, 4);
        """)
    return path


class TestZotero:
    def test_a_collection_becomes_a_topic(self, home, library):
        assert run(home, "import", "zotero", library, "--to", "ada@example.org").exit_code == 0
        profile = next(one for one in load_all(home / "monitor.yaml").profiles if one.id == "zotero")
        likes = {topic.name: [(one.title, one.authors, one.ids) for one in liked(topic)] for topic in profile.topics}
        assert likes == {
            "2026/survey": [("Lanterns of Porcelain", ("Ada Lovelace", "Consortium"), ("arxiv:2611.00001",))],
            "old": [("Cooling Towers", (), ("doi:10.1000/tower",))],
            "library": [("Kettles", (), ())],
        }
        assert run(home, "check").exit_code == 0

    @pytest.mark.parametrize(
        ("wanted", "topics"),
        [
            ({"include_path": ["2026/**"]}, ["2026/survey"]),
            ({"ignore_path": ["2026/survey"]}, ["old", "library"]),
            ({"include_path": "old"}, ["old"]),
        ],
    )
    def test_collections_are_chosen_as_there(self, library, wanted, topics):
        (reader,) = zotero.read(library, {"zotero": wanted}).readers
        assert [topic.name for topic in reader.topics] == topics

    def test_what_zotero_arxiv_daily_reads_becomes_sources_and_its_receiver_the_reader(self, home, library, tmp_path):
        (tmp_path / "custom.yaml").write_text(
            "zotero: {user_id: 1, include_path: null}\nemail: {receiver: ada@example.org}\n"
            "source: {arxiv: {category: [cs.CV, cs.LG]}, medrxiv: {category: [oncology]}}\nexecutor: {max_paper_num: 30}\n"
        )
        ended = run(home, "import", "zotero", library, "--settings", tmp_path / "custom.yaml")
        assert ended.exit_code == 0, ended.output
        sources = {one.name: one.kind for one in load_settings(home / "monitor.yaml").sources}
        assert (sources["arxiv"], sources["medrxiv"]) == ("arxiv", "biorxiv")
        profile = next(one for one in load_all(home / "monitor.yaml").profiles if one.id == "zotero")
        assert (profile.to, profile.budget) == (("ada@example.org",), 30)
        again = run(home, "import", "zotero", library, "--settings", tmp_path / "custom.yaml")
        assert (again.exit_code, "here already" in again.output, "0 sources" in again.output) == (0, True, True)

    def test_an_export_is_one_topic(self, home, tmp_path):
        (tmp_path / "refs.bib").write_text("@article{a, title={Lanterns}, abstract={We move one.}}\n")
        ended = run(home, "import", "zotero", tmp_path / "refs.bib", "--to", "ada@example.org", "--dry-run")
        assert 'like: ["zotero/refs.bib"]' in ended.output
        assert [one.name for one in (home / "profiles").iterdir()] == ["me.yaml"]

    def test_what_waits_in_the_environment_is_asked_for(self, library):
        (reader,) = zotero.read(library, {"email": {"receiver": "${oc.env:RECEIVER}"}}).readers
        assert reader.to == ""


FEEDS = """\
[DEFAULT]
from = user@rss2email.invalid
name-format = {feed-title}: {author}
to = ada@example.org
active = True
css = h1 {
	font: 18pt Georgia;
	}

[feed.fog]
url = https://fog.example/feed
to = bob@example.org, Ada <ada@example.org>

[feed.old]
url = https://old.example/rss
active = False

[feed.bad]
url = javascript:alert(1)

[feed.water]
url = https://water.example/rss
"""


class TestRss2email:
    def test_each_feed_becomes_a_source_and_a_topic_of_its_reader(self, home, tmp_path):
        (tmp_path / "r.cfg").write_text(FEEDS)
        ended = run(home, "import", "rss2email", tmp_path / "r.cfg")
        assert ended.exit_code == 0, ended.output
        assert "old: it is paused there" in ended.output
        assert "bad: " in ended.output
        written = (home / "monitor.yaml").read_text()
        assert 'fog: {kind: feed, url: "https://fog.example/feed"}' in written
        assert [one.name for one in load_settings(home / "monitor.yaml").sources] == ["dropped", "fog", "water"]
        readers = {one.to[0]: one for one in load_all(home / "monitor.yaml").profiles if one.id != "me"}
        assert {to: [topic.query for topic in one.topics] for to, one in readers.items()} == {
            "ada@example.org": ["source:fog", "source:water"], "bob@example.org": ["source:fog"],
        }  # fmt: skip
        assert run(home, "check").exit_code == 0
        assert "0 sources and 0 profiles" in run(home, "import", "rss2email", tmp_path / "r.cfg").output

    def test_a_feed_that_is_a_source_already_keeps_its_name(self, home, tmp_path):
        (tmp_path / "r.cfg").write_text("[feed.fog]\nurl = https://fog.example/feed\nto = ada@example.org\n")
        (home / "monitor.yaml").write_text(
            SETTINGS.replace("sources:\n", 'sources:\n  there: {kind: feed, url: "https://fog.example/feed"}\n')
        )
        assert run(home, "import", "rss2email", tmp_path / "r.cfg").exit_code == 0
        assert "source:there" in (home / "profiles" / "ada.yaml").read_text()

    def test_all_that_a_source_lists_comes_as_it_did_there(self, home):
        draft = Draft("ada@example.org", (DraftTopic(query="source:dropped", name="a feed"),), matcher="rules")
        (home / "profiles" / "me.yaml").write_text(draft.text())
        assert run(home, "once", "--at", "2026-03-04T09:00").exit_code == 0
        (mail,) = (home / "outbox").glob("*.html")
        assert [title in mail.read_text() for title in ("Know More About Labels", "Cooling Towers")] == [True, True]


@pytest.mark.parametrize("program", registry.kinds("moves"))
@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 500, b"[x]\n", b"{}"], ids=["empty", "noise", "ini", "json"])
def test_what_the_program_did_not_write_is_told_and_nothing_is_written(home, tmp_path, program, body):
    (tmp_path / "dict.db").write_bytes(body)
    before = sorted(home.rglob("*"))
    ended = run(home, "import", program, tmp_path / "dict.db")
    assert ended.exit_code == 3, ended.output
    assert sorted(home.rglob("*")) == before
    with pytest.raises(MonitorError):
        registry.load("moves", program).read(tmp_path / "dict.db", {})


def test_a_question_without_end_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(moves, "_MOST_STEPS", 3_000_000)
    with closing(sqlite3.connect(tmp_path / "zotero.sqlite")) as database, database:
        database.executescript("""
            CREATE TABLE itemTypes (itemTypeID, typeName); INSERT INTO itemTypes VALUES (1, 'preprint');
            CREATE TABLE itemDataValues (valueID, value); INSERT INTO itemDataValues VALUES (1, 'Fog');
            CREATE TABLE fields (fieldID, fieldName); INSERT INTO fields VALUES (1, 'title');
            CREATE TABLE itemData (itemID, valueID, fieldID); INSERT INTO itemData VALUES (1, 1, 1);
            CREATE TABLE deletedItems (itemID);
            CREATE VIEW items AS WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one)
                SELECT n AS itemID, 1 AS itemTypeID FROM one;
        """)
    with pytest.raises(MonitorError, match="interrupted"):
        zotero.read(tmp_path / "zotero.sqlite", {})


def test_a_value_larger_than_any_program_keeps_is_not_read(tmp_path):
    kept(tmp_path / "dict.db", "tags", {"mallory": b"0" * (LARGEST_FILE + 1)})
    with pytest.raises(MonitorError, match="too big"):
        lite.read(tmp_path, {})


def test_a_library_is_written_as_its_reader_reads_it(sanity):
    reader = lite.read(sanity / "dict.db", {}).readers[1]
    (body,) = [topic.library[1] for topic in reader.topics if topic.library]
    assert json.loads(body)[0]["externalIds"] == {"ArXiv": "2611.00001"}


def test_a_feed_without_an_address_has_a_reader_without_one(tmp_path):
    (tmp_path / "r.cfg").write_text("[feed.fog]\nurl = https://fog.example/feed\n")
    assert [one.to for one in rss2email.read(tmp_path / "r.cfg", {}).readers] == [""]
