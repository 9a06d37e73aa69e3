"""What a page costs as the store grows, and memory over many requests: ``python -m tests.bench.web_scale [size...]``

Prints, for stores of each size (10,000 and 100,000 papers unless told; 1,000,000 take about 6 GB and a quarter of an
hour to write), the processor's milliseconds of a day, a paper and a search that are drawn anew, without a network. Then
the plans of what they ask in the last one, the memory of the process after each tenth of 100,000 requests to the smallest store, and that a page that is known
already is answered with 304. ``--keep FOLDER`` keeps the databases for the next time.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

from monitor.app import App
from monitor.web.listings import ON_A_PAGE
from monitor.web.routes import site
from tests.bench.figure import Figure, growth
from tests.bench.web import _TITLE, _WORDS, DAYS, END, opened
from tests.plans import plans_of
from tests.unit.web.conftest import Client

REQUESTS = 100_000
_PAGES = 60


def paths(number: int) -> dict[str, Callable[[Random], str]]:
    """Return what asks for a page of each kind by chance, in a store of ``number`` papers."""
    many = max(1, number // DAYS // ON_A_PAGE)
    return {
        "day": lambda draw: f"/day/{END.date() - timedelta(days=draw.randrange(DAYS))}?page={draw.randint(1, many)}",
        "paper": lambda draw: f"/paper/{draw.randint(1, number)}",
        "search": lambda draw: f"/search?q={'+'.join(draw.sample(_TITLE + _WORDS, 2))}",
    }


def costs(client: Client, number: int) -> dict[str, float]:
    """Return the median of the processor's milliseconds for a page of each kind."""
    draw, found = Random(1), {}
    for kind, path in paths(number).items():
        took = []
        for _ in range(_PAGES):
            asked, start = path(draw), time.process_time()
            assert client.get(asked).status == 200
            took.append((time.process_time() - start) * 1000)
        found[kind] = median(took)
    return found


def memory(client: Client, number: int, requests: int) -> list[int]:
    """Return the largest resident memory in MB after each tenth of the requests."""
    draw, found = Random(2), []
    kinds = list(paths(number).values())
    for place in range(requests):
        client.get(kinds[place % 2](draw))
        if (place + 1) % (requests // 10) == 0:
            found.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    return found


def shown_plans(app: App, client: Client, number: int) -> Iterator[str]:
    """Yield, for a page of each kind, what it asks and how SQLite goes about it."""
    for kind, path in paths(number).items():
        for question, steps in plans_of(app.store, lambda path=path: client.get(path(Random(3)))).items():  # type: ignore[misc]
            yield f"{kind}: {' '.join(question.split())[:100]}"
            yield from (f"    {step}" for step in steps)


def figures() -> Iterator[Figure]:
    """A page of each kind in stores of up to ten thousand papers."""
    sizes = (1_000, 3_000, 10_000)
    with tempfile.TemporaryDirectory() as place:
        found = [costs(Client(site(opened(Path(place), number))), number) for number in sizes]
    for kind, cost in found[-1].items():
        rises = growth(sizes, [one[kind] for one in found])
        yield Figure(
            f"a page drawn anew: {kind}, {sizes[-1]:,} papers", cost, "ms", growth=rises, asked="growth <= 0.15"
        )


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="0 for no look at memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = options.keep or Path(place)
        for number in options.sizes:
            app = opened(folder, number)
            client = Client(site(app))
            told = ", ".join(f"{kind} {cost:.1f} ms" for kind, cost in costs(client, number).items())
            print(f"{number:>9,} papers: {told}", flush=True)
        print("\n".join(shown_plans(app, client, options.sizes[-1])))
        client = Client(site(opened(folder, options.sizes[0])))
        tag = client.get("/day").headers["etag"]
        print(f"known already: {client.get('/day', if_none_match=tag).status}")
        if asked := options.requests:
            print(f"memory after each tenth of {asked:,} requests: {memory(client, options.sizes[0], asked)} MB")


if __name__ == "__main__":
    main()
