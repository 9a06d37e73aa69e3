"""What a poll without news costs as the papers seen grow, beside the real rss2email.

    python -m tests.bench.polls [--seen 10000,100000,1000000]

Both get a 304. rss2email comes from PyPI into an environment of its own, and is a program that starts each time: the
processor time of its start is taken off. Ours is the poll in the running daemon.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import tempfile
import threading
import venv
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from monitor.app import App
from monitor.jobs import poll
from monitor.settings.values import SourceSettings
from monitor.sources import feed
from tests.bench.figure import Figure, MissingError, growth, race
from tests.bench.table import show
from tests.bench.web import opened

PEER = "rss2email==3.14"
_ROUNDS = 5


class NotModified(BaseHTTPRequestHandler):
    """A server whose feed never changes."""

    def do_GET(self) -> None:
        self.send_response(304)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Peer:
    """rss2email in a folder of its own, with one feed of ``address`` and any number of entries seen."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._program = folder / "venv" / "bin" / "r2e"
        venv.create(folder / "venv", with_pip=True)
        pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", PEER]
        if subprocess.run(pip, capture_output=True, check=False).returncode:
            raise MissingError(f"{PEER} cannot be had from PyPI")
        self.run("new", "ada@example.org")
        self.run("add", "journal", address)

    def run(self, *command: str) -> float:
        """Run a command and return its processor seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = (str(self._program), "-c", "r2e.cfg", "-d", "r2e.json", *command)
        subprocess.run(command, cwd=self._folder, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def poll(self, seen: int) -> float:
        """Return the processor seconds of a poll beyond those of a start without any feed seen."""
        path = self._folder / "r2e.json"
        known = json.loads(path.read_text("utf-8"))
        known["feeds"][0]["seen"] = {f"https://journal.example/{n}": {"id": f"<{n}@r2e>"} for n in range(seen)}
        path.write_text(json.dumps(known), "utf-8")
        return min(self.run("run") for _ in range(_ROUNDS))


def figures() -> Iterator[Figure]:
    """Up to 30,000 papers seen."""
    yield from measured((3_000, 10_000, 30_000))


def measured(sizes: Sequence[int]) -> Iterator[Figure]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), NotModified)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        ours = [in_process(opened(Path(folder), seen)) for seen in sizes]
        name = f"a poll without news, {sizes[-1]:,} papers seen"
        yield Figure(name, ours[-1] * 1000, "ms", asked="growth <= 0.1", growth=growth(sizes, ours))
        peer = Peer(Path(folder), f"http://127.0.0.1:{server.server_port}/feed")
        start = peer.poll(0)
        theirs = [peer.poll(seen) - start for seen in sizes]
        name = f"rss2email's, {sizes[-1]:,} seen, its start of {start * 1000:.0f} ms aside"
        yield Figure(name, theirs[-1] * 1000, "ms", ours[-1] * 1000, "ours", growth=growth(sizes, theirs))
    server.shutdown()


def in_process(app: App) -> float:
    """Return the processor seconds of one poll that is told that nothing changed."""
    source = SourceSettings("hf", "feed", timedelta(0), feed.Options(url="https://journal.example/feed"))
    turn = asyncio.Event()
    turn.set()
    (spent,) = race(lambda: [asyncio.run(poll.poll(app, source, turn)) for _ in range(20)], rounds=_ROUNDS)
    app.store.close()
    return spent.best / 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seen", default="10000,100000,1000000")
    show(measured([int(seen) for seen in parser.parse_args().seen.split(",")]))


if __name__ == "__main__":
    main()
