"""Many rows in one statement, on each kind of database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from monitor.store.portions import AT_ONCE
from monitor.store.tables import HostRow, PaperRow
from monitor.store.upsert import _COPIED, insert_all, insert_missing, upsert

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WHOLE = {"site": "lamp", "free_at": NOON}
WAYS = {
    "insert_missing": lambda session, rows: insert_missing(session, HostRow, rows, free_at=NOON, site="lamp"),
    "insert_all": lambda session, rows: insert_all(session, HostRow, [one | WHOLE for one in rows]),
    "upsert": lambda session, rows: upsert(session, HostRow, [one | WHOLE for one in rows], ["holder"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_that_are_written_are_not_asked_back(store, way):
    said = []
    with store.write() as session:
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *told: said.append(told[2]))
        WAYS[way](session, [{"holder": "a"}])
    (insert,) = [one for one in said if one.lstrip().startswith("INSERT")]
    assert "RETURNING" not in insert


MANY = [f"tab\tline\nback\\slash \\N quote' é {number}" for number in range(max(_COPIED, AT_ONCE) + 7)]


def held(store):
    with store.read() as session:
        return {row.site: (row.holder, row.free_at) for row in session.exec(select(HostRow))}


def test_many_rows_are_written_as_few_are_and_what_is_there_stays(store):
    with store.write() as session:
        insert_all(session, HostRow, [{"site": MANY[3], "holder": "first", "free_at": NOON}])
        insert_missing(session, HostRow, [{"site": site, "free_at": NOON} for site in MANY], holder="it's\\all")
        insert_missing(session, HostRow, [{"site": f"{site} too", "free_at": NOON} for site in MANY], holder="more")
    same = dict.fromkeys(MANY, ("it's\\all", NOON)) | {MANY[3]: ("first", NOON)}
    assert held(store) == same | {f"{site} too": ("more", NOON) for site in MANY}


def test_many_new_rows_take_few_statements_on_sqlite(store):
    """Else the index of all words is written once for each paper."""
    rows = [{"site": site, "holder": "a", "free_at": NOON} for site in MANY]
    with store.write() as session:
        bind, said = session.get_bind(), []
        if bind.dialect.name != "sqlite":
            pytest.skip("PostgreSQL copies them")
        event.listen(bind, "before_cursor_execute", lambda *told: said.append(told[5]))
        insert_all(session, HostRow, rows)
    assert said == [False, False]
    assert set(held(store)) == set(MANY)


def test_many_rows_are_brought_up_to_date(store):
    with store.write() as session:
        insert_all(session, HostRow, [{"site": site, "holder": "a", "free_at": NOON} for site in MANY])
    with store.write() as session:
        later = [{"site": site, "holder": site, "free_at": datetime(2027, 1, 1, tzinfo=UTC)} for site in MANY]
        upsert(session, HostRow, later, ["holder"])
    assert held(store) == {site: (site, NOON) for site in MANY}


def test_many_rows_of_which_one_is_there_are_not_written(store):
    with pytest.raises(IntegrityError), store.write() as session:
        insert_all(session, HostRow, [{"site": site, "holder": "", "free_at": NOON} for site in (*MANY, MANY[0])])
    assert held(store) == {}


def test_lists_numbers_and_what_is_not_there_are_written_as_they_are(store):
    odd = ['Ada "the first" O\'Brien', "back\\slash", "é\n"]
    with store.write() as session:
        same = {"author_ids": [], "categories": [], "sources": [], "first_seen": NOON, "published_precision": "day"}
        rows = [
            {"key": site, "title": site, "abstract": "", "authors": odd, "upvotes": place, "url": None}
            for place, site in enumerate(MANY)
        ]
        insert_missing(session, PaperRow, [same | row for row in rows])
    with store.read() as session:
        found = [
            (one.key, one.authors, one.upvotes, one.url)
            for one in session.exec(select(PaperRow).order_by(col(PaperRow.id)))
        ]
    assert found == [(site, odd, place, None) for place, site in enumerate(MANY)]
