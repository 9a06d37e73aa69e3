"""The daemon killed at chosen and at random moments, before a mail server that keeps every byte; see `tests/soak.py`."""

import os
import signal
from collections import Counter
from functools import partial

import pytest

from tests import soak

KILLS = 100


@pytest.fixture(scope="module")
def process():
    with soak.forker() as made:
        yield made


@pytest.mark.parametrize(
    ("step", "again"),
    [("greeting", 0), ("RCPT", 0), ("DATA", 0), ("inside", 0), (".", 1), ("answered", 1), ("QUIT", 0)],
)
def test_c11_c12_c13_c14_c15_c16_killed_at_a_step_of_the_conversation(tmp_path, process, step, again):
    with soak.sink() as server:
        one = soak.farm(tmp_path, server.port, process)
        one.put_listing()
        pid = one.start()
        server.then = lambda: os.kill(pid, signal.SIGKILL)
        server.step = step
        assert one.ended() == signal.SIGKILL
        assert soak.finish(one)
        came = Counter(server.mails)
    assert len(came) == len(soak.READERS)
    assert came.total() - len(came) <= again


def test_c22_killed_three_times_at_the_same_mails_they_are_held_until_a_person_lets_them_go(tmp_path, process):
    with soak.sink() as server:
        one = soak.farm(tmp_path, server.port, process)
        one.put_listing()
        for life in range(3):
            pid = one.start(minutes=life)
            server.then = partial(os.kill, pid, signal.SIGKILL)
            server.step = "DATA"
            assert one.ended() == signal.SIGKILL
        assert soak.finish(one, seconds=3) is False
        assert one.release_held() > 0
        assert soak.finish(one)
        assert len(server.mails) == len(soak.READERS)


def test_c01_c05_c07_c09_c11_c15_a_hundred_random_kills_lose_nothing_and_repeat_at_most_one_mail_each(tmp_path):
    figures = soak.soak(tmp_path, KILLS)
    print(figures)
    assert figures.kills >= KILLS
    assert (figures.lost, figures.twice, figures.audit) == ([], [], [])
    assert figures.changed == 0
    assert figures.again <= figures.kills
