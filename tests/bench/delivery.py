"""Delivering what is queued, beside bare aiosmtplib with the same bytes over as many connections to the same sink.

    python -m tests.bench.delivery [--mails 2000] [--connections 16]

The sink is Postfix's ``smtp-sink``, so that it is not the sink that is measured. Rounds alternate, the best of five
each; our figure holds claiming, decompressing, receipts and commits that survive power loss.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosmtplib

from monitor.app import App, open_app
from monitor.channels.email import Options, open_channel
from monitor.clock import SystemClock
from monitor.jobs import deliver
from monitor.render.message import Sender, build_message
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings
from monitor.store import digests, outbox
from monitor.testing import NOON, FakeFetcher
from monitor.types.digests import Digest, Envelope, Receipt, Rendered
from tests.bench.figure import Figure, MissingError
from tests.bench.table import show

_ROUNDS = 5
"""One is short, and what else the machine does falls on few of them."""
LINE = "<tr><td style='padding:8px 0;font:16px/1.5 Georgia,serif;color:#222'>A paper on diffusion models, number %d.</td></tr>\n"


def mail(number: int) -> Envelope:
    """A digest of the usual size: about 50 KB of HTML."""
    html = "<!doctype html><html><body><table>" + "".join(LINE % line for line in range(450)) + "</table></body></html>"
    text = "\n".join(f"A paper on diffusion models, number {line}." for line in range(120))
    digest = Digest(
        "ada", "Ada's papers", f"reader{number}@example.org", NOON.date(), NOON, f"{number} new papers", "", (),
        Receipt(()), "",
    )  # fmt: skip
    return build_message(digest, Rendered(html, text), Sender("Papers", "digest@example.org"), message_id_key="bench")


async def bare(mails: list[Envelope], port: int, connections: int) -> float:
    """Seconds that the library alone takes."""
    waiting = iter(mails)

    async def lane() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for one in waiting:
                await client.sendmail(one.sender, [one.recipient], one.content)

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(connections)))
    return time.perf_counter() - began


async def ours(app: App, mails: list[Envelope], port: int, connections: int, number: int) -> float:
    """Seconds that delivering the same mails out of the outbox takes."""
    with app.store.write() as session:
        for one in mails:
            state = digests.begin(session, "ada", one.recipient, NOON)
            day = NOON.date() + timedelta(days=number)
            (digest,) = digests.add(session, [digests.Composed(state.id, day, "daily", NOON, "f", "s", "queued")])
            fresh = Envelope(f"<{number}.{one.message_id[1:]}", one.sender, one.recipient, one.subject, one.content)
            outbox.add(session, {digest: outbox.Finished.of(fresh)}, NOON)
    app.channel = open_channel(Options(host="127.0.0.1", port=port, connections=connections))
    began = time.perf_counter()
    report = await deliver.run(app)
    spent = time.perf_counter() - began
    assert report.counts["mails sent"] == len(mails), report
    return spent


def installation(folder: Path) -> App:
    settings = Settings(
        path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder, sources=(),
        channel=ChannelSettings("file", Options(host="127.0.0.1")), sender=SenderSettings(),
    )  # fmt: skip
    nothing: Any = object()
    return open_app(
        settings, ProfileSet(folder, ()), clock=SystemClock(), fetcher=FakeFetcher(lambda _url: b""), channel=nothing
    )


@contextmanager
def sink() -> Iterator[int]:
    """The port of a running ``smtp-sink``. Raises MissingError without Postfix."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")
    if program is None:
        raise MissingError("smtp-sink is missing: apt-get install postfix")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    running = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "1000"])
    try:
        time.sleep(0.5)
        yield port
    finally:
        running.terminate()
        running.wait()


def figures() -> Iterator[Figure]:
    """Five hundred mails over sixteen connections."""
    yield measured(500, 16)


def measured(number: int, connections: int) -> Figure:
    mails = [mail(one) for one in range(number)]
    alone, outbox_too = [], []
    with sink() as port, tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        for turn in range(_ROUNDS):
            alone.append(asyncio.run(bare(mails, port, connections)))
            outbox_too.append(asyncio.run(ours(app, mails, port, connections, turn)))
        app.store.close()
    name = f"mails of {len(mails[0].content) // 1000} KB over {connections} connections"
    best, other = number / min(outbox_too), number / min(alone)
    noise = statistics.median(outbox_too) / min(outbox_too) - 1
    return Figure(name, best, "mails/s", other, "bare aiosmtplib", "ratio >= 0.8", noise=noise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=16)
    asked = parser.parse_args()
    show([measured(asked.mails, asked.connections)])


if __name__ == "__main__":
    main()
