"""Many profiles are judged and written together, and one that fails leaves the others as they would be alone."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from monitor.jobs import audit, compose, cycle, judge, match, poll
from monitor.matchers import space, together
from monitor.store import digests, matches, upsert
from monitor.store.tables import MatchRow, ReasonsRow
from monitor.testing import NOON, profile, topic
from monitor.types.verdicts import Reason
from tests.bench.scale import counted
from tests.unit.jobs.conftest import listing


def readers(number):
    return [
        profile(topic(query="diffusion"), id=f"p{one:02}", to=(f"r{one}@example.org",), fingerprint="f")
        for one in range(number)
    ]


@pytest.fixture
def morning(world, monkeypatch):
    """An installation whose papers are read and not matched yet; few rows are written as many are."""
    monkeypatch.setattr(upsert, "_COPIED", 1)
    world.pages["hf"] = listing(*range(1, 9))
    app = world.open(*readers(50))
    asyncio.run(poll.run(app))
    asyncio.run(judge.run(app))
    return app


def having(app, some):
    app.profiles = replace(app.profiles, profiles=tuple(some))
    return app


def statements(app):
    marks: Counter[str] = Counter()
    with counted(app.store._engine, marks):
        report = asyncio.run(match.run(app))
    assert not report.failures
    return marks["statements"]


def found(app, name):
    with app.store.read() as session:
        return {one.paper_id for _, one in matches.since(session, name, app.clock.now() - timedelta(days=30))}


def test_fifty_profiles_take_as_many_statements_as_ten(morning):
    everybody = morning.profiles.profiles
    few = statements(having(morning, everybody[:10]))
    assert statements(having(morning, everybody)) <= few
    assert len(found(morning, "p00")) == len(found(morning, "p49")) == 8


def test_topics_that_are_the_same_are_judged_once(morning, monkeypatch):
    asked, kept_by = [], together.kept_by

    def asks(judges, *rest, **named):
        asked.append(len(judges))
        return kept_by(judges, *rest, **named)

    monkeypatch.setattr(together, "kept_by", asks)
    monkeypatch.setattr(match, "_PROFILES", 7)
    asyncio.run(match.run(morning))
    assert asked == [1]


def reasons(app, name):
    """What speaks for each paper of a profile, as it waits for its digest and as it is told of later."""
    with app.store.read() as session:
        later = {one.paper_id: one.reasons for _, one in matches.since(session, name, NOON - timedelta(days=30))}
        waiting = matches.waiting(
            session, name, digests.subscriptions(session)[name, f"r{int(name[1:])}@example.org"].id
        )
    assert {one.paper.id: one.matches[0].reasons for one in waiting} == later
    return later


def test_reasons_are_written_once_for_all_who_have_the_same(morning):
    asyncio.run(match.run(morning))
    with morning.store.write() as session:
        digests.begin_all(session, [(one.id, one.to[0]) for one in morning.profiles], NOON)
        assert session.scalar(select(func.count()).select_from(ReasonsRow)) == 1
        assert session.scalar(select(func.count()).select_from(MatchRow)) == 8 * 50
    assert reasons(morning, "p00") == reasons(morning, "p49")
    assert {one.text for each in reasons(morning, "p00").values() for one in each} == {"diffusion"}


def test_a_match_that_a_release_before_has_written_keeps_its_reasons(morning):
    asyncio.run(match.run(morning))
    with morning.store.write() as session:
        digests.begin_all(session, [(one.id, one.to[0]) for one in morning.profiles], NOON)
        said = [{"kind": "author", "text": "Ada", "where": "", "share": 1.0}]
        session.execute(update(MatchRow).where(col(MatchRow.profile) == "p01").values(reasons_hash=None, reasons=said))
    assert set(reasons(morning, "p01").values()) == {(Reason("author", "Ada", "", 1.0),)}
    assert {one.text for each in reasons(morning, "p02").values() for one in each} == {"diffusion"}


def test_a_profile_that_cannot_be_written_leaves_the_others(morning, monkeypatch):
    add = matches.add

    def refuses(session, some, at):
        add(session, pairs := list(some), at)
        if any(name == "p07" for name, _ in pairs):
            raise ValueError("no")

    monkeypatch.setattr(matches, "add", refuses)
    report = asyncio.run(match.run(morning))
    assert report.failures == [("profile p07", "ValueError: no")]
    assert report.counts["matches"] == 49 * 8
    assert (found(morning, "p07"), len(found(morning, "p08"))) == (set(), 8)
    monkeypatch.undo()
    asyncio.run(match.run(morning))
    assert len(found(morning, "p07")) == 8


def test_what_was_judged_together_keeps_the_promises(morning):
    asyncio.run(match.run(morning))
    asyncio.run(cycle.mail(morning))
    assert audit.run(morning) == ()


def test_digests_of_fifty_readers_take_as_many_statements_as_those_of_ten(morning):
    asyncio.run(match.run(morning))
    everybody = morning.profiles.profiles
    took: list[int] = []
    for some in (everybody[:10], everybody[10:]):
        having(morning, some)
        marks: Counter[str] = Counter()
        with counted(morning.store._engine, marks):
            assert asyncio.run(compose.run(morning)).counts["digests"] == len(some)
        took.append(marks["statements"])
    assert took[1] <= took[0] + 5


def test_papers_that_nobody_matched_for_too_long_are_told_of_once(world):
    app = world.open(*readers(1))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.read(app))
    world.pages["hf"] = listing(2, 3)
    world.later(days=1)
    asyncio.run(poll.run(app))
    asyncio.run(judge.run(app))
    world.later(days=20)
    (told,) = asyncio.run(match.run(app)).failures
    assert told[0] == "profile p00"
    assert told[1].startswith("2 papers came more than 14 days ago while nothing was matched")
    assert asyncio.run(match.run(app)).failures == []


def test_a_profile_that_is_new_is_not_told_of_the_past(world):
    app = world.open(*readers(1))
    world.pages["hf"] = listing(1, 2)
    asyncio.run(cycle.read(app))
    world.later(days=20)
    assert asyncio.run(match.run(having(app, readers(2)))).failures == []


def test_when_a_round_is_over_papers_that_were_read_for_it_are_let_go(morning, monkeypatch):
    monkeypatch.setattr(space, "_KEPT_BETWEEN", 0)
    asyncio.run(match.run(morning))
    assert len(found(morning, "p00")) == 8
    assert morning.compared.space._read == {}
