"""A store, and what belongs to one reader, as lines of JSON: out, and in again."""

import asyncio
import json

import pytest

from monitor.errors import StoreError
from monitor.jobs import audit, cycle, say, transfer
from monitor.store import digests, portable
from monitor.store.engine import open_store
from monitor.store.tables import Row
from monitor.testing import profile, topic
from tests.unit.jobs.conftest import DIFFUSION, listing

BOB = profile(topic("kitchens", query="kitchen"), id="bob", to=("bob@example.org",))


def rows(store):
    with store.read() as session:
        return {
            table.name: session.execute(table.select().order_by(*table.primary_key.columns)).all()
            for table in Row.metadata.sorted_tables
        }


def three_days(world):
    """Two readers, three days of papers, feedback and mails."""
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(DIFFUSION, BOB)
    asyncio.run(cycle.run(app))
    say.run(app, DIFFUSION, "more", "2603.00001", "")
    world.later(days=1)
    world.pages["hf.example"] = listing(2, 3)
    asyncio.run(cycle.run(app))


@pytest.fixture
def lived(world):
    """An installation in which something happened."""
    return world.after(three_days)


@pytest.fixture
def other(tmp_path):
    store = open_store(str(tmp_path / "other.db"))
    yield store
    store.close()


def test_a_whole_store_goes_into_another_as_it_is(lived, other, tmp_path):
    number = transfer.write(lived.app.store, tmp_path / "all.jsonl")
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600
    taken = transfer.read(other, tmp_path / "all.jsonl")
    assert rows(other) == rows(lived.app.store)
    assert sum(taken.values()) == number > 20
    transfer.write(other, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


def test_a_whole_store_goes_into_an_empty_one_only(lived, other, tmp_path):
    transfer.write(lived.app.store, tmp_path / "all.jsonl")
    transfer.read(other, tmp_path / "all.jsonl")
    with pytest.raises(StoreError, match="empty"):
        transfer.read(other, tmp_path / "all.jsonl")


def test_new_rows_get_new_ids_after_an_import(lived, tmp_path, world):
    transfer.write(lived.app.store, tmp_path / "all.jsonl")
    with lived.app.store.write() as session:
        for table in reversed(Row.metadata.sorted_tables):
            session.execute(table.delete())
    transfer.read(lived.app.store, tmp_path / "all.jsonl")
    lived.later(days=1)
    lived.pages["hf.example"] = listing(4, 5)
    report = asyncio.run(cycle.run(lived.app))
    assert (report.failures, report.counts["digests"]) == ([], 2)
    assert audit.run(lived.app) == ()


def test_what_is_one_readers_is_theirs_alone_and_is_known_again(lived, other, tmp_path):
    transfer.write(lived.app.store, tmp_path / "ada.jsonl", reader="ADA@example.org")
    assert b"bob@example.org" not in (tmp_path / "ada.jsonl").read_bytes()
    taken = transfer.read(other, tmp_path / "ada.jsonl")
    assert {"subscriptions": 1, "feedback": 1, "digests": 2, "outbox": 2, "papers": 3}.items() <= taken.items()
    assert sum(transfer.read(other, tmp_path / "ada.jsonl").values()) == 0
    with other.read() as session:
        assert len(digests.sent_to(session, "ada@example.org", [1, 2, 3])) == 3


def test_a_part_finds_its_papers_under_the_ids_of_its_new_home(lived, tmp_path, other):
    transfer.write(lived.app.store, tmp_path / "bob.jsonl", profile="bob")
    transfer.write(lived.app.store, tmp_path / "ada.jsonl", reader="ada@example.org")
    with other.write() as session:  # ids are taken by others here
        for number in range(7, 12):
            session.execute(Row.metadata.tables["papers"].insert(), {
                "id": number, "key": f"x:{number}", "title": "x", "abstract": "", "authors": [], "categories": [],
                "sources": [], "published_precision": "day", "language": "", "version": 1,
                "author_ids": [], "first_seen": lived.clock.now(),
            })  # fmt: skip
    transfer.read(other, tmp_path / "ada.jsonl")
    taken = transfer.read(other, tmp_path / "bob.jsonl")
    assert taken["papers"] == 0
    assert taken["digests"] == 2
    with other.read() as session:
        theirs = session.execute(Row.metadata.tables["placements"].select()).all()
    assert {one.paper_id for one in theirs} == {12, 13, 14}


def test_a_mail_that_had_not_left_is_held(lived, other, tmp_path):
    with lived.app.store.write() as session:
        session.execute(Row.metadata.tables["outbox"].update().values(state="queued"))
    transfer.write(lived.app.store, tmp_path / "all.jsonl")
    transfer.read(other, tmp_path / "all.jsonl")
    assert {row.state for row in rows(other)["outbox"]} == {"held"}


def test_a_dry_run_writes_nothing(lived, other, tmp_path):
    transfer.write(lived.app.store, tmp_path / "all.jsonl")
    before = rows(other)
    assert transfer.read(other, tmp_path / "all.jsonl", dry_run=True)["papers"] == 3
    assert rows(other) == before


def edited(line, **changed):
    return json.dumps({**json.loads(line), **changed}).encode() + b"\n"


PAPER = 5


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"\xff\n", "no JSON object"),
        (lambda _: b"[" * 100_000, "no JSON object"),
        (lambda _: b'"text"\n', "no JSON object"),
        (lambda _: b"{}\n", "no table"),
        (lambda line: edited(line, table="sqlite_master"), "no table"),
        (lambda line: edited(line, table=["papers"]), "no table"),
        (lambda line: edited(line, surplus=1), "surplus"),
        (lambda line: edited(line, title=None), "title is missing"),
        (lambda line: edited(line, title=7), "title is no str"),
        (lambda line: edited(line, title="a\0b"), "title is no str"),
        (lambda line: edited(line, id=2**70), "id is no int"),
        (lambda line: edited(line, version=True), "version is no int"),
        (lambda line: edited(line, first_seen="yesterday"), "first_seen is no datetime"),
        (lambda line: edited(line, first_seen="2026-01-01T00:00:00"), "first_seen is no datetime"),
        (lambda line: edited(line, id=json.loads(line)["id"] - 1), "papers cannot take it"),
        (lambda line: line + line, "papers cannot take it"),
        (lambda _: b"", "FOREIGN KEY"),
        (lambda line: edited(line, authors=7), "authors is no"),
        (lambda line: edited(line, authors=["Ada", None]), "authors is no"),
        (lambda line: edited(line, merged_into=999), "FOREIGN KEY"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_odd_line_is_named_and_nothing_is_written(lived, other, tmp_path, spoil, said, database):
    file = tmp_path / "all.jsonl"
    transfer.write(lived.app.store, file)
    lines = file.read_bytes().splitlines(keepends=True)
    place = max(at for at, line in enumerate(lines) if b'"table":"papers"' in line)
    lines[place] = spoil(lines[place])
    file.write_bytes(b"".join(lines))
    before = rows(other)
    with pytest.raises(portable.LineError, match=said) as refused:
        transfer.read(other, file)
    assert refused.value.number >= place + 1
    assert rows(other) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_half_a_file_another_file_and_another_schema_are_refused(lived, other, tmp_path, database):
    file = tmp_path / "all.jsonl"
    transfer.write(lived.app.store, file)
    whole = file.read_bytes()
    head, rest = whole.split(b"\n", 1)
    spoilt = {
        "cut off": whole[: whole.rindex(b'{"rows"')], "no JSON": whole[:-500], "stand here": whole + b"{}\n",
        "schema": edited(head, schema="9999") + rest, "no file that": b'{"a":1}\n',
    }  # fmt: skip
    for said, content in spoilt.items():
        file.write_bytes(content)
        with pytest.raises(StoreError, match=said):
            transfer.read(other, file)
    file.write_bytes(b"")
    with pytest.raises(StoreError, match="line 1"):
        transfer.read(other, file)
    assert sum(map(len, rows(other).values())) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_part_that_points_out_of_itself_is_refused(lived, other, tmp_path, database):
    file = tmp_path / "ada.jsonl"
    transfer.write(lived.app.store, file, profile="ada")
    lines = file.read_bytes().splitlines(keepends=True)
    place = next(at for at, line in enumerate(lines) if b'"table":"verdicts"' in line)
    lines[place] = edited(lines[place], paper_id=999)
    file.write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match=rf"line {place + 1}: paper_id points to papers 999"):
        transfer.read(other, file)
    lines[place] = edited(
        json.dumps({"table": "actions", "id": 1, "who": "", "what": "", "of": "", "at": "2026-01-01T00:00:00+00:00"})
    )
    file.write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match="belongs to no reader"):
        transfer.read(other, file)
