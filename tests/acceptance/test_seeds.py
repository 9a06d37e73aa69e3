"""The five real captures, through the whole program."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.acceptance.installation import body

PAIR = ("Hard Patches Mining for Masked Image Modeling", "Bootstrap Masked Visual Modeling via Hard Patches Mining")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory, shared):
    from tests.acceptance.installation import PROFILE, SETTINGS, Installation

    made = Installation(tmp_path_factory.mktemp("seeds"))
    made.write("monitor.yaml", SETTINGS)
    made.write("profiles/ada.yaml", f"budget: 10\n{PROFILE}    threshold: 0.2\n")
    (made.home / "snapshots").mkdir()
    for file in (shared / "seeds").glob("0*.txt"):
        shutil.copy(file, made.home / "snapshots")
    made.once("2026-08-01T09:00")
    return made


def query(installation, sql):
    with closing(sqlite3.connect(installation.home / "monitor.db")) as connection, connection:
        return connection.execute(sql).fetchall()


def test_all_442_entries_are_read_and_become_383_papers(seeded):
    assert query(seeded, "SELECT sum(read) FROM snapshots") == [(442,)]
    assert query(seeded, "SELECT count(*), count(DISTINCT title) FROM papers") == [(383, 383)]


def test_the_true_pair_is_linked_and_no_false_friend_is(seeded):
    linked = query(
        seeded,
        "SELECT a.title, b.title FROM verdicts v JOIN papers a ON a.id=v.paper_id JOIN papers b ON b.id=v.of",
    )
    assert [tuple(sorted(pair)) for pair in linked] == [tuple(sorted(PAIR))]


def test_the_digest_holds_what_a_reader_of_the_field_would_pick(seeded):
    (mail,) = seeded.mails()
    text = re.sub(r"\s+", " ", body(mail))
    assert "Your Diffusion Model is Secretly a Zero-Shot Classifier" in text
    titles = re.findall(r"<h3[^>]*>(.*?)</h3>", body(mail, "html"), re.DOTALL)
    relevant = [title for title in titles if re.search(r"diffus|denois|generative|score", title, re.IGNORECASE)]
    assert len(titles) == 10
    assert len(relevant) >= 8, titles


def test_a_second_run_announces_nothing(seeded):
    seeded.once("2026-08-01T12:00")
    assert len(seeded.mails()) == 1
    seeded.once("2026-08-02T09:00")
    first, second = (set(re.findall(r"<h3[^>]*>(.*?)</h3>", body(mail, "html"), re.DOTALL)) for mail in seeded.mails())
    assert not first & second  # what was over budget rolled over, nothing came twice
