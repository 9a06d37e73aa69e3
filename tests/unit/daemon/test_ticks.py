"""The clockwork of the daemon: ticks, jobs that do not overlap, a stop that waits."""

import asyncio
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.daemon import duties, memory
from monitor.daemon.notify import notify
from monitor.daemon.schedule import ticking
from monitor.engine import Order
from monitor.engine.local import LocalEngine
from monitor.jobs.reports import Report


def test_a_job_runs_at_once_and_then_at_its_pause():
    ran = []

    async def main():
        done = asyncio.Event()

        async def job():
            ran.append(1)
            if len(ran) == 3:
                done.set()

        engine = LocalEngine()
        scheduler = ticking({"job": (timedelta(milliseconds=20), job)}, engine)
        await asyncio.wait_for(done.wait(), 5)
        scheduler.shutdown(wait=False)
        await engine.drain(1)

    asyncio.run(main())
    assert len(ran) >= 3


def test_a_job_of_one_name_runs_once_at_a_time():
    async def main():
        engine, release = LocalEngine(), asyncio.Event()
        assert engine.start("job", release.wait)
        assert not engine.start("job", release.wait)
        assert engine.start("other", release.wait)
        release.set()
        assert await engine.drain(1) == ()

    asyncio.run(main())


def test_t10_a_stage_longer_than_its_interval_neither_piles_up_nor_holds_up_the_others():
    began, others = [], []

    async def main():
        release, enough = asyncio.Event(), asyncio.Event()

        async def slow():
            began.append(1)
            await release.wait()

        async def quick():
            others.append(1)
            if len(others) == 5:
                enough.set()

        engine, pause = LocalEngine(), timedelta(milliseconds=10)
        scheduler = ticking({"slow": (pause, slow), "quick": (pause, quick)}, engine)
        await asyncio.wait_for(enough.wait(), 5)
        scheduler.shutdown(wait=False)
        release.set()
        await engine.drain(1)

    asyncio.run(main())
    assert len(began) == 1


def test_c27_a_job_that_fails_ends_nothing_but_itself(caplog):
    async def main():
        async def broken():
            raise RuntimeError("broken")

        now = [0.0]
        engine, ran = LocalEngine(lambda: now[0]), asyncio.Event()

        async def fails():
            started = engine.start("broken", broken)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return started

        assert await fails()
        assert not await fails(), "it rests"
        assert engine.start("other", asyncio.Event().wait), "and nobody else does"
        now[0] = 10
        assert await fails()
        now[0] = 29
        assert not await fails(), "twice as long after the second failure"
        now[0] = 30
        for _ in range(12):
            assert await fails()
            now[0] += 3_600
        assert engine.failing == ("broken",)

        async def good():
            ran.set()

        assert engine.start("broken", good)
        await asyncio.wait_for(ran.wait(), 5)
        await asyncio.sleep(0)
        assert not engine.failing
        await engine.drain(0)

    asyncio.run(main())
    assert "job broken failed once" in caplog.text
    assert "job broken failed 14 times and rests for 3600 s" in caplog.text


def test_stopping_takes_no_more_work_waits_for_what_runs_and_names_what_is_late():
    async def main():
        engine, forever = LocalEngine(), asyncio.Event()
        finished = []

        async def soon():
            await asyncio.sleep(0.01)
            finished.append(1)

        engine.start("soon", soon)
        engine.start("stuck", forever.wait)
        assert await engine.drain(0.2) == ("stuck",)
        assert finished == [1]
        assert not engine.start("more", soon)

    asyncio.run(main())


@pytest.mark.parametrize(("is_under_way", "late"), [(True, ()), (False, ("mail",))])
def test_a_mail_that_is_on_its_way_gets_longer_than_other_work(is_under_way, late):
    async def main():
        engine, answered = LocalEngine(), asyncio.Event()

        def must_wait():
            asyncio.get_running_loop().call_soon(answered.set)
            return is_under_way

        engine.start("mail", answered.wait)
        assert await engine.drain(0.01, must_wait, 5) == late

    asyncio.run(main())


def test_systemd_is_told_where_it_listens(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert notify("READY=1")
        assert listener.recv(100) == b"READY=1"


def test_nobody_is_told_where_nobody_asked(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")


def test_memory_that_was_freed_is_given_back_to_the_system():
    held = [bytes(50_000) for _ in range(2_000)]  # under what glibc maps apart, so that it stays in its heap
    last = held[-1]
    held.clear()
    before = resident()
    assert memory.give_back()
    assert resident() < before - 50_000_000
    assert last


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_holds_a_job_up_is_said_once_when_it_begins_and_once_when_it_ends(caplog):
    caplog.set_level("INFO")
    held = Report()
    held.hold("mails are held", "copy.db was restored")
    for report, before in ((held, set()), (held, held.held), (Report(), held.held), (Report(), set())):
        duties.tell(report, before)
    assert caplog.messages == ["mails are held: copy.db was restored", "mails are held: not any more"]


def test_what_fails_now_and_then_is_said_each_time(caplog):
    report = Report(failures=[("arxiv", "503")])
    for _ in range(2):
        duties.tell(report, report.held)
    assert caplog.messages == ["arxiv: 503", "arxiv: 503"]


def test_a_duty_remembers_what_held_it_up(caplog, monkeypatch, tmp_path):
    async def job(_duties, _order):
        report = Report()
        report.hold("mails are held", "copy.db was restored")
        return report

    app: Any = SimpleNamespace(settings=SimpleNamespace(engine=SimpleNamespace(kind="local")))
    monkeypatch.setattr(duties, "LOCAL", {"deliver": duties.Duty(duties.MAIL, "deliver", job)})
    made = duties.Duties(app)
    for _ in range(3):
        asyncio.run(made.do(Order("deliver", "deliver")))
    assert caplog.messages == ["mails are held: copy.db was restored"]


@pytest.mark.parametrize("settled", [True, False])
def test_large_blocks_between_others_go_back_to_the_system_when_they_are_free(settled):
    code = (
        "import os; from monitor.daemon import memory\n"
        "def resident(): return int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE')\n"
        f"{settled} and memory.settle()\n"
        "large = b'x' * 30_000_000; del large\n"
        "blocks = [b'x' * 400_000 for _ in range(200)]; full = resident()\n"
        "del blocks[::2]; print(full - resident())"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (int(ended.stdout) > 35_000_000) == settled
