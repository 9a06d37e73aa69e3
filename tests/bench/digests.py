"""Digests that are due, composed, rendered, stored and delivered, for ever more readers: cost for each, and memory.

    python -m tests.bench.digests [--readers 100,1000,10000]

Times are the processor's, so that what else the machine does counts little. Each number runs in a process of its own:
one profile a hundred readers, thirty papers, a sink that takes all. Asked: cost for each digest flat (+-10 %) from 100
to 10,000, and memory that does not grow with their number.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from monitor.jobs import compose, cycle, deliver
from monitor.testing import MemoryChannel
from monitor.types.digests import Acceptance, Envelope
from tests.bench.figure import Figure, growth
from tests.bench.table import show
from tests.unit.jobs.conftest import DIFFUSION, World, listing

A_PROFILE = 100


class Sink(MemoryChannel):
    """Takes everything and keeps nothing."""

    lanes = 16

    async def deliver(self, envelope: Envelope) -> Acceptance:  # noqa: ARG002 - a channel is given one
        """Return at once."""
        return Acceptance("250", "taken")


def measure(readers: int, folder: Path) -> tuple[float, float, float]:
    """Return milliseconds of processor time a digest to make and to deliver, and the megabytes by which the process grew meanwhile."""
    world = World(folder)
    addresses = [f"reader{number}@example.org" for number in range(readers)]
    groups = [tuple(addresses[start : start + A_PROFILE]) for start in range(0, readers, A_PROFILE)]
    app = world.open(*(replace(DIFFUSION, id=f"p{number}", to=to) for number, to in enumerate(groups)))
    app.channel = Sink()
    world.pages["hf"] = listing(*range(1, 31))
    asyncio.run(cycle.read(app))
    before = _peak()
    began = time.process_time()
    made = asyncio.run(compose.run(app))
    composed = time.process_time()
    sent = asyncio.run(deliver.run(app))
    ended = time.process_time()
    assert (made.counts["digests"], sent.counts["mails sent"]) == (readers, readers), (made, sent)
    app.store.close()
    return 1000 * (composed - began) / readers, 1000 * (ended - composed) / readers, _peak() - before


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(readers: int) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.digests", "--alone", str(readers)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def figures() -> Iterator[Figure]:
    """Three sizes up to four hundred readers."""
    yield from measured((100, 200, 400))


def measured(sizes: Sequence[int]) -> Iterator[Figure]:
    found = [alone(readers) for readers in sizes]
    most = f"{sizes[-1]:,} readers"
    for what, asked in (("made", "growth <= 0.1"), ("sent", "growth <= 0.1")):
        rises = growth(sizes, [one[what] for one in found])
        yield Figure(f"a digest {what}, {most}", found[-1][what], "ms", asked=asked, growth=rises)
    yield Figure(f"memory grown by {most}", found[-1]["grown"], "MB", found[0]["grown"], f"by {sizes[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", default="100,1000,10000")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if not asked.alone:
        show(measured([int(readers) for readers in asked.readers.split(",")]))
        return
    with tempfile.TemporaryDirectory() as folder:
        made, sent, grown = measure(asked.alone, Path(folder))
    print(json.dumps({"made": made, "sent": sent, "grown": grown}))


if __name__ == "__main__":
    main()
