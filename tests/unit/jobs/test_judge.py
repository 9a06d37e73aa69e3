"""What a paper is to us: told from the store's past, batch by batch."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.jobs import cycle, judge, poll
from monitor.store import batches, trends, verdicts
from monitor.store.tables import PaperRow
from tests.unit.jobs.conftest import _words, listing

SINCE = timedelta(days=2000)


def run(job):
    return asyncio.run(job)


def said(app):
    with app.store.read() as session:
        return verdicts.between(session, 0, app.clock.now() - SINCE)


def days_of(world, app, *pages):
    """Reads one page a day."""
    for page in pages:
        world.pages["hf"] = page
        run(cycle.read(app))
        world.later(days=1)


def feed(*items):
    rows = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><description>{text}</description></item>"
        for guid, title, text in items
    )
    return f"<rss version='2.0'><channel><title>Feed</title>{rows}</channel></rss>".encode()


def article(number, guid="", more=""):
    return guid or f"g{number}", f"On {_words(number, 4)}", f"We study {_words(-number, 60)}{more}."


def test_a_paper_that_its_source_lists_again_after_half_a_year_has_resurfaced(world):
    app = world.open()
    days_of(world, app, listing(1), listing(2))
    world.later(days=200)
    days_of(world, app, listing(1), listing(1, 2))
    back = [one for one in said(app) if one.kind == "resurfaced"]
    assert [one.paper_id for one in back] == [1, 2]
    assert back[0].listed_on - back[0].last_listed == timedelta(days=202)


def test_a_paper_that_was_away_for_less_is_just_seen(world):
    app = world.open()
    days_of(world, app, listing(1), listing(2))
    world.later(days=170)
    days_of(world, app, listing(1))
    assert [one.kind for one in said(app)] == ["new", "new"]


def test_a_feed_that_did_not_change_for_half_a_year_was_not_away(world):
    app = world.open(kind="feed")
    days_of(world, app, feed(article(1)))
    world.later(days=200)
    days_of(world, app, feed(article(2), article(1)))
    assert [one.kind for one in said(app)] == ["new", "new"]


def test_a_reader_is_told_in_one_line_that_a_paper_they_have_is_listed_again(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(cycle.run(app))
    world.later(days=210)
    run(cycle.run(app))
    last = world.channel.delivered[-1].content.decode()
    assert "hf lists it again after 7 months" in last
    assert last.count("Kitchen 1") <= 3  # in both parts and no card


@pytest.mark.parametrize("copies", [30, 12])
def test_a_site_that_lists_everything_under_new_names_is_one_line(world, copies):
    old = [article(number) for number in range(copies)]
    moved = [article(number, guid=f"moved{number}", more=", now here") for number in range(copies)]
    app = world.open(kind="feed")
    days_of(world, app, feed(*old), feed(*moved, article(900)))
    told = [one for one in said(app) if one.kind == "near_duplicate"]
    with app.store.read() as session:
        counted = batches.last(session, "hf", 1)[0]
    if copies == 30:
        assert (told, counted.flood, counted.copies) == ([], 30, 0)
    else:
        assert (len(told), counted.flood, counted.copies) == (12, 0, 12)
    assert [one.paper_id for one in said(app) if one.kind == "new"][-1] == 2 * copies + 1


def test_what_is_judged_later_is_held_against_the_same_past(world):
    app = world.open()
    days_of(world, app, listing(1, 2), listing(3))
    kept = app.known.words
    world.pages["hf"] = listing(4, title="Zebra Crossings by Night", summary="Nothing else is like it.")
    run(poll.run(app))
    run(judge.run(app))
    assert app.known.words is kept


def test_a_copy_is_looked_for_among_the_newest_papers_whose_number_is_bounded(world, monkeypatch):
    monkeypatch.setattr(judge, "MOST_KNOWN", 8)
    app = world.open(kind="feed")
    days_of(world, app, *(feed(*(article(number) for number in range(day, day + 4))) for day in range(0, 40, 4)))
    assert len(app.known.words) <= 16
    copies = feed(article(37, "again", more=" at last"), article(2, "oldest", more=" at last"))
    days_of(world, app, copies)
    assert [(one.kind, one.of) for one in said(app)][-2:] == [("near_duplicate", 38), ("new", None)]


def test_of_two_papers_that_became_one_the_one_that_is_there_is_named(world):
    app = world.open(sources=("one", "two"), kind="feed")
    world.pages["one"] = feed(article(1), article(1, "twice", more=" at length"))
    days_of(world, app)
    run(cycle.read(app))
    with app.store.write() as session:
        session.get_one(PaperRow, 2).merged_into = 1
    world.later(days=1)
    world.pages["two"] = feed(article(1, "elsewhere", more=" at length again"))
    run(cycle.read(app))
    assert (said(app)[-1].kind, said(app)[-1].of) == ("near_duplicate", 1)


def test_a_paper_that_may_be_a_newer_version_is_a_verdict_of_its_own(world):
    app = world.open()
    days_of(world, app, listing(1))
    text = f"A diffusion model meets {_words(-1, 30)}."
    half = " ".join(text.split()[:14]) + " and then " + _words(77, 18)
    days_of(world, app, listing(2, title=f"{_words(1, 3).title()} Extended and Shown at Last", summary=half))
    related = said(app)[-1]
    assert (related.kind, related.of) == ("related", 1)
    assert replace(related, evidence="") != related


def test_an_index_that_broke_off_while_it_was_filled_misses_no_copy(world, monkeypatch):
    app = world.open(sources=("one", "two"), kind="feed")
    world.pages["one"] = feed(article(1))
    run(cycle.read(app))
    world.later(days=1)
    world.pages["one"] = feed(article(2))
    run(poll.run(app))

    def breaks(*_):
        raise OSError("no memory")

    with monkeypatch.context() as broken:
        broken.setattr(type(app.known.words), "add", breaks)
        with pytest.raises(OSError, match="no memory"):
            run(judge.run(app))
    run(judge.run(app))
    world.later(days=1)
    world.pages["two"] = feed(article(2, "elsewhere", more=" at last"))
    run(cycle.read(app))
    assert [one.kind for one in said(app)] == ["new", "new", "near_duplicate"]


def test_trends_are_looked_for_again_when_the_round_that_read_a_listing_broke_off(world, monkeypatch):
    app = world.open()
    world.pages["hf"] = listing(1, 2)
    with monkeypatch.context() as broken:
        broken.setattr("monitor.jobs.trends._count_terms", lambda _app: 1 / 0)
        assert [name for name, _ in run(cycle.read(app)).failures] == ["looking for trends"]
    assert counted(app) == 0
    world.later(minutes=1)
    assert run(cycle.read(app)).failures == []
    assert counted(app) == 2


def counted(app):
    with app.store.read() as session:
        return trends.counted_through(session)
