"""Two machines and a database, one machine cut off and brought back: the other goes on, and no mail comes twice.

    sudo python -m tests.bench.cut [--readers 600] [--seconds 40]

The machines are network namespaces of this one, each with a wire to the database and a mail server of its own, so this
needs root and Linux. One wire is cut while both machines send; what each machine sent is told by its mail server.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.workers import Crew, Sink, make_installation, states
from tests.postgres import Cluster, programs

_CLONE_NEWNET = 0x40000000
NAMES = ("paper-one", "paper-two")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@contextmanager
def machines() -> Iterator[None]:
    """Have two namespaces, each with a wire ``m0`` or ``m1`` to this one: 10.77.0.0/24 and 10.77.1.0/24."""
    try:
        for number, name in enumerate(NAMES):
            wire, near, far = f"m{number}", f"10.77.{number}.1/24", f"10.77.{number}.2/24"
            _ip("netns", "add", name)
            _ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("addr", "add", near, "dev", wire)
            _ip("link", "set", wire, "up")
            for words in (
                ("addr", "add", far, "dev", "eth0"),
                ("link", "set", "eth0", "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-n", name, *words)
        yield
    finally:
        for name in NAMES:
            subprocess.run(["ip", "netns", "del", name], check=False)


class RemoteSink(Sink):
    """A mail server on one of the machines."""

    def __init__(self, name: str, delay: float) -> None:
        self._name = name
        super().__init__(delay)

    async def _listen(self) -> None:
        place = os.open(f"/run/netns/{self._name}", os.O_RDONLY)
        if ctypes.CDLL(None, use_errno=True).setns(place, _CLONE_NEWNET):  # of this thread alone
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        os.close(place)
        await super()._listen()


class RemoteCrew(Crew):
    """Workers on one of the machines."""

    machine = ""

    def command(self, *arguments: str) -> list[str]:
        return ["ip", "netns", "exec", self.machine, *super().command(*arguments)]


def _crew(home: Path, number: int, database: str, readers: int) -> tuple[RemoteCrew, Sink]:
    sink = RemoteSink(NAMES[number], 0.02)
    home.mkdir()
    far = database.split("?", maxsplit=1)[0].replace("@/", f"@10.77.{number}.1/")
    make_installation(home, far, sink.port, readers=readers, profiles=20)
    crew = RemoteCrew(home)
    crew.machine = NAMES[number]
    crew.start(1)
    return crew, sink


def _sent(sinks: list[Sink]) -> list[int]:
    return [sum(sink.taken.values()) for sink in sinks]


def cut(cluster: Cluster, folder: Path, readers: int, seconds: float) -> bool:
    """Print what each machine sent before, while and after one was cut off; returns whether each mail came once."""
    database = cluster.new_database()
    made = [_crew(folder / str(one), one, database, readers) for one in (0, 1)]
    crews, sinks = [crew for crew, _ in made], [sink for _, sink in made]
    try:
        while min(_sent(sinks)) < readers // 20:
            time.sleep(0.2)
        print(f"before: {_sent(sinks)} mails sent; the first machine is cut off for {seconds:g} s", flush=True)
        _ip("link", "set", "m0", "down")
        time.sleep(seconds)
        print(f"cut off: {_sent(sinks)}", flush=True)
        _ip("link", "set", "m0", "up")
        until = time.monotonic() + 900
        while states(database).get("sent", 0) < readers and time.monotonic() < until:
            time.sleep(1)
        print(f"in the end: {_sent(sinks)}; the ledger: {states(database)}")
        audit = subprocess.run(crews[1].command("audit"), capture_output=True, text=True, check=False)
        print(f"audit (exit status {audit.returncode}): {audit.stdout.strip()}")
    finally:
        for crew in crews:
            crew.stop()
    ids = Counter(key for sink in sinks for (key, _), times in sink.taken.items() for _ in range(times))
    print(f"{readers - len(ids)} lost, {sum(ids.values()) - len(ids)} twice")
    return len(ids) == readers == sum(ids.values()) and audit.returncode == 0


def main() -> None:
    """Start a PostgreSQL server of the test's own, and cut one of its two machines off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=600)
    parser.add_argument("--seconds", type=float, default=40.0)
    asked = parser.parse_args()
    found = programs()
    if found is None:
        sys.exit("no PostgreSQL server is installed: apt-get install postgresql")
    cluster = Cluster(found)
    with (cluster.folder / "data/pg_hba.conf").open("a") as rules:
        rules.write("host all all 10.77.0.0/16 trust\n")
    cluster.start("listen_addresses=*")
    try:
        with machines(), tempfile.TemporaryDirectory() as folder:
            sys.exit(0 if cut(cluster, Path(folder), asked.readers, asked.seconds) else 1)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
