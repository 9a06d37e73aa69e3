"""Which papers the lines of like and unlike mean, and what is said of those that mean several or none."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from monitor.jobs import cycle, examples, explain, learn
from monitor.store import papers
from monitor.testing import profile, topic
from monitor.types.listings import Entry
from tests.unit.jobs.conftest import listing

READER = profile(topic("kitchens", about="Kitchens and their tiles"), id="ada", to=("ada@example.org",))


def first_day(world):
    world.pages["hf"] = listing(1, 2)
    world.open(READER)
    asyncio.run(cycle.read(world.app))


@pytest.fixture
def read(world):
    return world.after(first_day)


def titled(world, number):
    with world.app.store.read() as session:
        return papers.with_keys(session, [f"arxiv:2603.{number:05d}"])[0].title


def meant(world, **lines):
    with world.app.store.read() as session:
        return examples.examples_of(session, topic("t", **lines))


def doubts(world, **lines):
    with world.app.store.read() as session:
        return examples.doubts(session, profile(topic("t", **lines)))


def test_a_line_means_a_paper_by_id_address_or_title_and_counts_once(read):
    title = titled(read, 1)
    lines = ("arXiv:2603.00001v2", "https://arxiv.org/abs/2603.00001", title.upper(), Entry(title))
    assert [paper.id for paper in meant(read, like=lines).liked] == [1]
    assert doubts(read, like=lines) == []


def test_a_paper_of_a_file_that_is_not_here_stands_for_itself_with_all_that_the_file_says(read):
    entry = Entry("Lanterns", "We move one.", ("Ada Bee",), ("arxiv:2611.01234v2",), where="mine.bib line 4")
    (paper,) = meant(read, like=(entry,)).liked
    assert (paper.id, paper.key, paper.title, paper.abstract) == (0, "arxiv:2611.01234", "Lanterns", "We move one.")
    assert doubts(read, like=(entry,)) == []


def test_the_file_s_paper_is_the_store_s_when_any_of_its_ids_is_known(read):
    entry = Entry("Another print of the title", "", (), ("doi:10.1/x", "arxiv:2603.00002"))
    assert [paper.id for paper in meant(read, like=(entry,)).liked] == [2]


def test_a_paper_both_liked_and_not_is_not_wanted(read):
    found = meant(read, like=("arXiv:2603.00001", "arXiv:2603.00002"), unlike=(titled(read, 2),))
    assert ([paper.id for paper in found.liked], [paper.id for paper in found.unliked]) == ([1], [2])


def test_a_title_that_nearly_is_one_here_asks_whether_that_is_meant(read):
    typed = titled(read, 2).replace("Diffusion", "Difusion")
    (doubt,) = doubts(read, like=(typed,))
    assert doubt.papers[0].id == 2
    assert f"did you mean arxiv:2603.00002 “{titled(read, 2)}”" in str(doubt)


def test_a_title_far_from_all_and_an_id_that_nobody_listed_are_told(read):
    lines = [str(doubt) for doubt in doubts(read, like=("Quokkas", "arXiv:2001.00001"))]
    assert lines == [
        "t, like 'Quokkas': no paper here has this title",
        "t, like 'arXiv:2001.00001': no source listed this paper yet, so it says nothing",
    ]


def test_a_title_of_several_papers_names_them_all(world):
    title = "One Title"
    world.pages["hf"] = renamed(listing(1, 2), title)
    world.open(READER)
    asyncio.run(cycle.read(world.app))
    (doubt,) = doubts(world, unlike=(title,))
    assert "t, unlike 'One Title' could mean 2 papers" in str(doubt)
    assert "arxiv:2603.00001 “One Title”; arxiv:2603.00002 “One Title”" in str(doubt)


def renamed(page, title):
    day = json.loads(page)
    for one in day:
        one["title"] = one["paper"]["title"] = title
    return json.dumps(day).encode()


def test_doubts_are_told_by_the_match_job_learn_and_explain(world):
    world.pages["hf"] = listing(1, 2)
    doubtful = profile(replace(READER.topics[0], like=("Quokkas",)), id="ada", to=("ada@example.org",))
    world.open(doubtful)
    report = asyncio.run(cycle.read(world.app))
    said = "kitchens, like 'Quokkas': no paper here has this title"
    assert ("profile ada", said) in report.notes
    assert said not in [note for _, note in asyncio.run(cycle.read(world.app)).notes]
    assert [str(doubt) for one in learn.learn(world.app) for doubt in one.doubts] == [said]
    assert [str(doubt) for doubt in explain.run(world.app, doubtful, "2603.00001").doubts] == [said]
