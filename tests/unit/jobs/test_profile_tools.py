"""Making a profile, trying an edit, and what its liked papers have in common."""

import asyncio
import json
from dataclasses import replace

import pytest

from monitor.errors import MonitorError, NotFoundError
from monitor.jobs import compare, cycle, learn, new_profile, profiles, say, suggest
from monitor.settings.draft import Draft, DraftTopic
from monitor.settings.load import load_profile, load_profiles
from monitor.store.tables import Row
from monitor.testing import FakeFetcher, paper, profile, topic
from tests.unit.jobs.conftest import listing

BIB = b"@article{a, title={Lanterns in the Fog}, abstract={We move a lantern.}, eprint={2611.01234}}\n"
SAVED = profile(topic("diffusion", query='"diffusion model*"'), id="ada", to=("ada@example.org",))
NARROW = profile(topic("diffusion", query='"diffusion model*" AND "kitchen 2"'), id="ada", to=("ada@example.org",))


def draft(about="", library=""):
    return Draft("ada@example.org", (DraftTopic(about, library),))


def dump(app):
    with app.store.read() as session:
        return {table.name: session.execute(table.select()).all() for table in Row.metadata.sorted_tables}


@pytest.mark.parametrize(
    ("of", "named"),
    [
        ({"about": "Diffusion models used as classifiers"}, "diffusion-models-classifiers"),
        ({"about": "New methods for small machines"}, "methods-small-machines"),
        ({"about": "AI"}, "topic"),
        ({"library": "ids.txt"}, '"ids"'),
        ({"library": "My own library.bib"}, '"my-own-library"'),
        ({"library": "2026.bib"}, '"2026"'),
    ],
)
def test_a_topic_is_named_by_what_it_is_about_or_by_its_file(of, named):
    assert draft(**of).text().partition("topics:\n  ")[2].partition(":\n")[0] == named


def test_a_sentence_becomes_a_profile_that_loads(tmp_path):
    path, liked = new_profile.create(tmp_path, "ada", draft('Réseaux 🌊: "deep" #nets'), {})
    assert (path, liked) == (tmp_path / "ada.yaml", 0)
    (found,) = load_profiles(tmp_path)
    assert found.topics[0].about == 'Réseaux 🌊: "deep" #nets'
    assert found.to == ("ada@example.org",)


def test_a_library_is_put_beside_the_profile_as_it_is(tmp_path):
    likes = draft(library="refs.bib")
    _, liked = new_profile.create(tmp_path, "ada", likes, {"refs.bib": BIB})
    assert liked == 1
    assert (tmp_path / "refs.bib").read_bytes() == BIB
    new_profile.create(tmp_path, "bob", likes, {"refs.bib": BIB})
    with pytest.raises(MonitorError, match="with other papers"):
        new_profile.create(tmp_path, "cy", likes, {"refs.bib": BIB + b"\n"})


@pytest.mark.parametrize(
    ("wrong", "files"),
    [(Draft("no address", (DraftTopic("x"),)), {}), (draft(library="r.bib"), {"r.bib": b"nothing"}),
     (draft(library="ada/r.bib"), {"ada/r.bib": b"nothing"}),
     (replace(draft("lanterns"), zone="Mars/Olympus"), {"r.bib": BIB})],
)  # fmt: skip
def test_a_draft_that_is_no_profile_leaves_nothing_behind(tmp_path, wrong, files):
    with pytest.raises(MonitorError, match="that would be no profile"):
        new_profile.create(tmp_path, "ada", wrong, files)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ada.yaml", "ada.yml"])
def test_a_profile_that_is_there_is_left_as_it_is(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(MonitorError, match="left as it is"):
        new_profile.create(tmp_path, "ada", draft("lanterns"), {"r.bib": BIB})
    assert (tmp_path / name).read_text() == "mine"
    assert not (tmp_path / "r.bib").exists()


def test_the_works_of_an_orcid_record_are_asked_for_and_kept_as_they_came(tmp_path):
    work = {"title": {"title": {"value": "Lanterns"}}, "external-ids": {"external-id": []}}
    fetcher = FakeFetcher(lambda _: json.dumps({"group": [{"work-summary": [work]}]}).encode())
    name, body = asyncio.run(new_profile.library("https://orcid.org/0000-0002-1825-0097", fetcher))
    assert fetcher.asked[0][1] == "https://pub.orcid.org/v3.0/0000-0002-1825-0097/works"
    _, liked = new_profile.create(tmp_path, "ada", draft(library=name), {name: body})
    assert (name, liked) == ("0000-0002-1825-0097.json", 1)


@pytest.mark.parametrize("source", ["notes.docx", "0000-0002-1825-0098", "missing.bib"])
def test_what_holds_no_papers_is_told(source):
    with pytest.raises(MonitorError, match=r"no file of papers|cannot be read"):
        asyncio.run(new_profile.library(source, FakeFetcher(lambda _: b"")))


def test_an_edit_is_set_against_what_is_saved(world):
    world.pages["hf.example"] = listing(1, 2, 3)
    app = world.open(SAVED)
    asyncio.run(cycle.run(app))
    say.run(app, SAVED, "more", "2603.00002", "")
    for number in (1, 3):
        say.run(app, SAVED, "less", f"2603.0000{number}", "")
    found = compare.run(app, SAVED, replace(NARROW, budget=3), 7)
    assert found.papers == 3
    assert (found.now.right, found.edited.right) == (learn.share(1, 3), learn.share(1, 1))
    assert (found.now.found, found.edited.found) == (learn.share(1, 1), learn.share(1, 1))
    assert found.keys == ("budget",)


def test_papers_that_come_and_go_are_named_and_nothing_is_written(world):
    world.pages["hf.example"] = listing(1, 2, 3)
    app = world.open(SAVED)
    asyncio.run(cycle.run(app))
    before = dump(app)
    found = compare.run(app, SAVED, NARROW, 7)
    back = compare.run(app, NARROW, SAVED, 7)
    assert {one.key for _, one in found.goes} == {"arxiv:2603.00001", "arxiv:2603.00003"}
    assert found.comes == back.goes == ()
    assert [one.key for _, one in back.comes] == [one.key for _, one in found.goes]
    assert (found.now.matched, found.edited.matched) == (3, 1)
    assert dump(app) == before


def test_a_paper_that_either_version_names_says_nothing_of_them(world):
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(SAVED)
    asyncio.run(cycle.run(app))
    say.run(app, SAVED, "more", "2603.00001", "")
    liking = replace(NARROW, topics=(replace(NARROW.topics[0], like=("arXiv:2603.00001",)),))
    assert compare.run(app, SAVED, liking, 7).now.right is None


def test_what_liked_papers_share_is_suggested_and_what_is_said_already_is_not():
    liked = [
        paper(n, title=f"Lantern flow {n}", abstract=f"A study of rotary embeddings number {n}.", authors=("Ada L.", f"B{n}"))
        for n in range(1, 5)
    ]  # fmt: skip
    past = [paper(n, title=f"Towers {n}", abstract="A study of water.", authors=(f"C{n}",)) for n in range(10, 60)]
    found = suggest.suggestions(topic(query='"lantern flow"'), liked, past)
    assert [(one.key, one.text, one.liked, one.of) for one in found] == [
        ("keywords", "rotary embeddings", 4, 4), ("authors", "Ada L.", 4, 4),
    ]  # fmt: skip
    assert (
        suggest.suggestions(topic(query='"lantern flow" OR "rotary embedding*"', authors=("Ada L.",)), liked, past)
        == []
    )


def test_what_everybody_writes_is_no_suggestion():
    liked = [paper(n, title=f"Towers {n}", abstract="A study of water.") for n in range(1, 5)]
    past = [paper(n, title=f"Towers {n}", abstract="A study of water.") for n in range(10, 60)]
    assert suggest.suggestions(topic(), liked, past) == []
    assert suggest.suggestions(topic(), liked, []) == []


def test_profiles_at_a_glance(world):
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(SAVED)
    asyncio.run(cycle.run(app))
    (line,) = profiles.listed(app)
    assert (line.id, line.topics, line.readers, line.matched) == ("ada", ("diffusion",), 1, 2)


def test_a_draft_is_read_as_if_it_stood_there(tmp_path):
    (tmp_path / "refs.bib").write_bytes(BIB)
    text = "to: ada@example.org\ntopics:\n  t: {like: refs.bib}\n"
    assert len(load_profile(tmp_path / "ada.yaml", text).topics[0].like) == 1
    assert not (tmp_path / "ada.yaml").exists()


def test_a_profile_that_is_not_there_is_told(world):
    app = world.open(SAVED)
    with pytest.raises(NotFoundError):
        app.profiles.named("adda")


def test_institutions_that_liked_papers_share_are_suggested_unless_they_are_followed():
    liked = [
        paper(n, title=f"Lamp {n}", abstract=f"{n}.", authors=(f"B{n}",), institutions=("Univ. of Fog",))
        for n in range(4)
    ]
    past = [paper(n, title=f"Towers {n}", abstract="A study of water.", authors=(f"C{n}",)) for n in range(10, 60)]
    found = suggest.suggestions(topic(), liked, past)
    assert [(one.key, one.text) for one in found if one.key != "keywords"] == [("institutions", "Univ. of Fog")]
    told = suggest.suggestions(topic(query="x", institutions=("University of Fog",)), liked, past)
    assert not [one for one in told if one.key == "institutions"]
