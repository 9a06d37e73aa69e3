"""What the program costs while it does nothing: ``python -m tests.bench.daemon [start] [load] [tick] [idle]``.

Processor time, the best of some runs, so that a busy machine does not matter; memory is what is resident.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.jobs import agenda, alert, compose, deliver, match
from monitor.settings.load import load_profiles
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings
from monitor.sources import hf_daily
from monitor.store.tables import DigestRow, SubscriptionRow
from monitor.store.upsert import insert_all
from monitor.testing import NOON, FakeFetcher, MemoryChannel, profile, topic
from tests.acceptance.installation import LISTING, PROFILE, SETTINGS
from tests.bench.figure import Figure, growth

_PROGRAM = str(Path(sys.executable).with_name("monitor"))
_SECONDS = 60.0
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation keeps what it has compiled


def processor(command: list[str], cwd: Path, times: int = 7) -> float:
    """The least processor seconds that a command took."""
    taken = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def installation(home: Path, profiles: int) -> None:
    """An installation with some profiles and one listing to read."""
    (home / "profiles").mkdir(parents=True)
    (home / "snapshots").mkdir()
    (home / "monitor.yaml").write_text(SETTINGS)
    (home / "snapshots" / "one.txt").write_text(LISTING)
    for number in range(profiles):
        text = PROFILE.replace("ada@", f"reader{number}@").replace("diffusion-classifiers", f"topic-{number}")
        (home / "profiles" / f"reader-{number:05}.yaml").write_text(text)


def start(home: Path) -> dict[str, float]:
    """Help, and `check` of 100 profiles, in times of a bare Python."""
    installation(home, 100)
    bare = processor([sys.executable, "-c", "pass"], home)
    return {
        "python -c pass, ms": 1000 * bare,
        "monitor --help, times": processor([_PROGRAM, "--help"], home) / bare,
        "check of 100, times": processor([_PROGRAM, "check"], home) / bare,
    }


def load(home: Path) -> dict[str, float]:
    """10,000 profiles, from files to checked values."""
    installation(home, 10_000)
    began = time.process_time()
    found = load_profiles(home / "profiles")
    return {"profiles": len(found), "load 10,000, s": time.process_time() - began}


def tick(home: Path, sizes: Sequence[int] = (1_000, 10_000, 100_000)) -> dict[str, float]:
    """One idle tick of all that the daemon does, over ever more subscriptions, each with ten digests behind it."""
    found = {}
    for number in sizes:
        app = subscribed(home / f"{number}.db", number)
        _tick(app)
        _tick(app)
        taken = []
        for _ in range(15):
            began = time.process_time()
            _tick(app)
            taken.append(1000 * (time.process_time() - began))
        app.store.close()
        found[f"tick over {number:,}, ms"] = statistics.median(taken)
    return found


def subscribed(database: Path, number: int) -> App:
    """An installation of 100 profiles with some subscriptions, all of whose digests of today have left."""
    profiles = tuple(
        profile(topic(), id=f"p-{at:03}", to=tuple(f"r{one}@example.org" for one in range(at, number, 100)))
        for at in range(100)
    )
    settings = Settings(
        path=database, folder=database.parent, database=str(database), profiles=database.parent, sources=(),
        channel=ChannelSettings("file", hf_daily.Options()), sender=SenderSettings(),
    )  # fmt: skip
    clock = FrozenClock(NOON)
    app = open_app(
        settings, ProfileSet(database.parent, profiles), clock=clock, fetcher=FakeFetcher(lambda _: b""),
        channel=MemoryChannel(),
    )  # fmt: skip
    names = [(one.id, reader) for one in profiles for reader in one.to]
    with app.store.write() as session:
        insert_all(session, SubscriptionRow, [
            {"id": at, "profile": of, "recipient": reader, "started_at": NOON, "origin": ""}
            for at, (of, reader) in enumerate(names, 1)
        ])  # fmt: skip
        for back in reversed(range(10)):
            day = NOON - timedelta(days=back)
            insert_all(session, DigestRow, [
                {"subscription_id": at, "local_date": day.date(), "kind": "daily", "composed_at": day, "fingerprint": "",
                 "subject": "", "papers": 0, "state": "skipped"} for at in range(1, number + 1)
            ])  # fmt: skip
    assert agenda.due(app) == []
    return app


def _tick(app: App) -> None:
    async def all_of_it() -> None:
        for job in (match, compose, alert, deliver):
            await job.run(app)

    app.clock.set(app.clock.now() + timedelta(seconds=10))  # type: ignore[attr-defined]
    asyncio.run(all_of_it())


def idle(home: Path) -> dict[str, float]:
    """The daemon: its memory before anything was to be judged and after, and what a minute of rest takes."""
    installation(home, 20)
    (home / "snapshots" / "one.txt").rename(home / "one.txt")
    (home / "monitor.yaml").write_text(SETTINGS.replace("path: snapshots}", "path: snapshots, every: 5s}"))
    daemon = subprocess.Popen([_PROGRAM, "run"], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(20)
        before = _resident(daemon.pid)
        began = _processor(daemon.pid)
        time.sleep(_SECONDS)
        share = (_processor(daemon.pid) - began) / _SECONDS
        (home / "one.txt").rename(home / "snapshots" / "one.txt")
        time.sleep(60)
        after, mails = _resident(daemon.pid), len(list((home / "outbox").glob("*.eml")))
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)
    return {"idle, MB": before, "idle, % of a core": 100 * share, "after a match, MB": after, "mails": mails}


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PARTS: dict[str, Callable[[Path], dict[str, float]]] = {"start": start, "load": load, "tick": tick, "idle": idle}


def figures() -> Iterator[Figure]:
    """Start, load and tick; a minute of rest is for ``main``."""
    with tempfile.TemporaryDirectory() as folder:
        bare, told, checked = start(Path(folder)).values()
    yield Figure("monitor --help", bare * told, "ms", bare, "python -c pass", "ratio <= 5")
    yield Figure("monitor check of 100 profiles", bare * checked, "ms", bare, "python -c pass", "ratio <= 12")
    with tempfile.TemporaryDirectory() as folder:
        yield Figure("10,000 profiles loaded", load(Path(folder))["load 10,000, s"], "s", asked="<= 3")
    sizes = (1_000, 3_000, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        ticks = [*tick(Path(folder), sizes).values()]
    yield Figure(
        "an idle tick over 10,000 subscriptions", ticks[-1], "ms", asked="growth <= 0.1", growth=growth(sizes, ticks)
    )


def main() -> None:
    """Measure the parts that are named, or all."""
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({key: round(value, 3) for key, value in PARTS[name](Path(folder)).items()}), flush=True)


if __name__ == "__main__":
    main()
