"""Digests that are due, composed, rendered, stored and delivered, for ever more readers: cost for each, and memory.

    python -m tests.bench.digests [--readers 100,1000,10000]

Times are the processor's, so that what else the machine does counts little. Each number runs in a process of its own:
one profile a hundred readers, thirty papers, a sink that takes all. Asked: cost for each digest flat (+-10 %) from 100
to 10,000, and memory that does not grow with their number.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from monitor.jobs import compose, cycle, deliver
from monitor.testing import MemoryChannel
from monitor.types.digests import Acceptance, Envelope
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


def main() -> None:
    """Print a line for each number of readers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--readers", default="100,1000,10000")
    parser.add_argument("--alone", type=int)
    asked = parser.parse_args()
    if asked.alone:
        with tempfile.TemporaryDirectory() as folder:
            made, sent, grown = measure(asked.alone, Path(folder))
        print(f"{asked.alone:7} readers  {made:6.1f} ms to make  {sent:5.2f} ms to deliver  {grown:6.1f} MB grown")
        return
    for readers in asked.readers.split(","):
        subprocess.run([sys.executable, "-m", "tests.bench.digests", "--alone", readers], check=True)


if __name__ == "__main__":
    main()
