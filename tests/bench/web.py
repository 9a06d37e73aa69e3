"""How fast pages are: ``python -m tests.bench.web [papers]`` (wrk from Debian: ``apt install wrk``).

Prints, for listing and paper pages, requests a second beside those of a Starlette route that renders the same template
from memory, in one process each: a page asked again and again, which is kept, and pages asked at random while none is
kept, so that each is drawn anew. Then the 95th percentile of searches.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.daemon import memory as garbage
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, WebSettings
from monitor.sources import hf_daily
from monitor.store.engine import Session
from monitor.store.upsert import insert_all
from monitor.testing import FakeFetcher, MemoryChannel, profile, topic
from monitor.web import listings, papers
from monitor.web import site as site_room
from monitor.web.language import turned, words_for
from monitor.web.look import environment
from monitor.web.routes import site
from monitor.web.site import site_of
from tests.bench.figure import Figure, MissingError
from tests.bench.table import show

DAYS = 365
END = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEARCHES = 300
_DRAW = random.Random(7)
_WORDS = [f"{a}{b}" for a in ("lan", "ket", "dor", "mis", "tal", "ver", "ros", "pin") for b in ("tern", "tle", "ic", "model",
          "graph", "flow", "net", "ward", "sion", "ling", "est", "or")]  # fmt: skip
_TITLE = ["diffusion", "language", "model", "learning", "agents", "video", "reasoning", "graph"]


def text(count: int) -> str:
    """Words, common ones often."""
    return " ".join(_DRAW.choice(_TITLE) if _DRAW.random() < 0.3 else _DRAW.choice(_WORDS) for _ in range(count))


def fill(session: Session, number: int) -> None:
    """Write ``number`` papers, spread over a year, each seen twice."""
    from monitor.store.tables import AlikeRow, PaperRow, SightingRow, SnapshotRow, VerdictRow

    days = [END.date() - timedelta(days=DAYS - 1 - place * DAYS // number) for place in range(number)]
    shot: dict[str, Any] = {"source": "hf", "url": "x", "fetched_at": END, "content_type": "", "sha256": "", "body": b"",
                            "size": 0, "contents": b"", "state": "read", "reason": "", "announced": 0, "read": 0,
                            "oddities": [], "batch": END.date()}  # fmt: skip
    insert_all(session, SnapshotRow, [shot | {"id": 1}, shot | {"id": 2}])
    for start in range(0, number, 10_000):
        ids = range(start + 1, min(start + 10_000, number) + 1)
        _write(session, PaperRow, SightingRow, VerdictRow, {paper_id: days[paper_id - 1] for paper_id in ids})
        pairs = ((one, one - back * 7) for one in ids for back in range(1, 7) if one > back * 7)
        insert_all(session, AlikeRow, [{"paper_id": one, "other_id": other, "shared": 1} for one, other in pairs])


def _write(session: Session, paper: Any, sighting: Any, verdict: Any, days: dict[int, date]) -> None:
    at = {number: datetime(day.year, day.month, day.day, 7, tzinfo=UTC) for number, day in days.items()}
    base: dict[str, Any] = {"categories": ["cs.LG"], "sources": ["hf"], "pdf_url": None, "code_url": None, "language": "",
                            "published_precision": "day", "one_liner": None, "version": 1}  # fmt: skip
    insert_all(session, paper, [base | {
        "id": number, "key": f"arxiv:{number}", "title": text(9).title(), "abstract": text(150), "upvotes": number % 90,
        "authors": ["Ada Lovelace", f"Author {number % 997}"], "url": f"https://arxiv.org/abs/{number}",
        "published": at[number], "first_seen": at[number]} for number in days])  # fmt: skip
    insert_all(session, sighting, [{
        "paper_id": number, "snapshot_id": shot, "source": "hf", "seen_at": at[number] + timedelta(hours=shot),
        "listed_on": day, "rank": 1, "upvotes": number % 90 // (3 - shot), "comments": None, "stars": None,
        } for number, day in days.items() for shot in (1, 2)])  # fmt: skip
    insert_all(session, verdict, [{
        "paper_id": number, "kind": "new", "at": at[number], "source": "hf", "of": None, "evidence": "", "change": None,
        "first_story": None, "arrival": "on time", "listed_on": days[number], "judged": True} for number in days])  # fmt: skip


def opened(folder: Path, number: int) -> App:
    """Return an installation whose store holds ``number`` papers; it is filled once."""
    settings = Settings(
        path=folder / "monitor.yaml", folder=folder, database=str(folder / f"{number}.db"), profiles=folder, sources=(),
        channel=ChannelSettings("file", hf_daily.Options()), sender=SenderSettings(), web=WebSettings("http://x.example"),
    )  # fmt: skip
    fresh = not Path(settings.database).exists()
    readers = ProfileSet(folder, (profile(topic("diffusion"), id="open", public=True),))
    app = open_app(
        settings, readers, clock=FrozenClock(END), fetcher=FakeFetcher(lambda _: None), channel=MemoryChannel()
    )
    if fresh:
        with app.store.write() as session:
            fill(session, number)
    return app


def from_memory(app: App, path: str) -> Starlette:
    """Return a route that renders the template of ``path`` with the facts that the page itself has."""
    facts: dict[str, Any] = {}
    for room in (listings, papers):
        room.page = _Kept(facts)  # type: ignore[attr-defined]
    asyncio.run(_ask(site(app), path))
    look = facts.pop("look")
    template, said = look.get_template(f"{facts.pop('template')}.html.j2"), facts

    def answer(_request: Request) -> Response:
        return Response(template.render(**said), media_type="text/html; charset=utf-8")

    return Starlette(routes=[Route("/{path:path}", answer)])


class _Kept:
    """Stands in for ``page`` and keeps what it was given."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def __call__(self, request: Request, template: str, **said: Any) -> Response:
        look = environment(site_of(request).templates, words_for(request).language)
        self._facts.update(
            said, template=template, path=request.url.path, base_url="", look=look, turned=turned(request)
        )
        return Response("")


async def _ask(pages: Any, path: str) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Any) -> None:
        return

    await pages({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
                 "headers": [], "client": ("127.0.0.1", 1), "server": ("x", 80), "scheme": "http", "root_path": ""},
                receive, send)  # fmt: skip


def _serve(folder: Path, number: int, memory: str, port: int, most_kept: int | None) -> None:
    app = opened(folder, number)
    if most_kept is not None:
        site_room._KEPT = most_kept
    pages: Any = from_memory(app, memory) if memory else site(app)
    garbage.keep()  # as the daemon does
    uvicorn.run(pages, port=port, log_level="error", access_log=False, http="h11", lifespan="off")


class Served:
    """A process of its own that serves pages; ``most_kept`` are kept once they are drawn."""

    def __init__(self, folder: Path, number: int, memory: str, port: int, most_kept: int | None = None) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self._of = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(folder, number, memory, port, most_kept)
        )

    def __enter__(self) -> str:
        self._of.start()
        for _ in range(900):
            try:
                urllib.request.urlopen(f"{self.base}/style.css", timeout=5)
            except OSError:
                time.sleep(0.1)
            else:
                return self.base
        raise TimeoutError(self.base)

    def __exit__(self, *_: object) -> None:
        self._of.terminate()
        self._of.join()


def rate(base: str, path: str, seconds: int, script: Path | None = None) -> float:
    """Return requests a second, as wrk counts them with one thread and four connections."""
    urllib.request.urlopen(base + path).read()  # the first page of a process loads what draws it
    extra = ["-s", str(script)] if script else []
    said = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{seconds}s", *extra, base + path], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found
    return float(found[1])


def at_random(folder: Path, number: int) -> tuple[Path, Path]:
    """Return wrk scripts that ask for a day, and for a paper, by chance."""
    days = ",".join(f'"{END.date() - timedelta(days=back)}"' for back in range(DAYS))
    day, paper = folder / "day.lua", folder / "paper.lua"
    pages = -(-number // DAYS // listings.ON_A_PAGE)
    day.write_text(
        f"local days = {{{days}}}\nrequest = function() return wrk.format('GET', '/day/' .. days[math.random(#days)]"
        f" .. '?page=' .. math.random({pages})) end"
    )
    paper.write_text(f"request = function() return wrk.format('GET', '/paper/' .. math.random({number})) end")
    return day, paper


def searches(base: str) -> float:
    """Return the 95th percentile of searches of one to three terms, in milliseconds."""
    took = []
    for place in range(SEARCHES):
        query = " ".join(_DRAW.sample(_TITLE + _WORDS, 1 + place % 3))
        query = f'"{query}" OR title:{_DRAW.choice(_TITLE)}' if place % 4 == 0 else query
        start = time.perf_counter()
        urllib.request.urlopen(f"{base}/search?q={quote(query)}").read()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(took, n=20)[-1]


def figures() -> Iterator[Figure]:
    """Ten thousand papers, and two seconds for each rate."""
    yield from measured(10_000, 2)


def measured(number: int, seconds: int, kept: Path | None = None) -> Iterator[Figure]:
    if shutil.which("wrk") is None:
        raise MissingError("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as place:
        folder = kept or Path(place)
        scripts = dict(zip(("day", "paper"), at_random(folder, number), strict=True))
        paths = {"day": f"/day/{END.date() - timedelta(days=30)}", "paper": f"/paper/{number // 2}"}
        opened(folder, number).store.close()
        memory = {}
        for kind, path in paths.items():
            with Served(folder, number, path, 8331) as base:
                memory[kind] = rate(base, path, seconds)
        with Served(folder, number, "", 8332) as held, Served(folder, number, "", 8333, most_kept=0) as anew:
            for kind, path in paths.items():
                for how, got in (
                    ("kept", rate(held, path, seconds)),
                    ("drawn anew", rate(anew, "/", seconds, scripts[kind])),
                ):
                    yield Figure(
                        f"{kind}, {how}", got, "pages/s", memory[kind], "the template from memory", "ratio >= 0.5"
                    )
            yield Figure(f"search over {number:,} papers, 95th percentile", searches(anew), "ms", asked="<= 50")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=int, nargs="?", default=100_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where the database is left for the next time")
    asked = parser.parse_args()
    show(measured(asked.papers, asked.seconds, asked.keep))


if __name__ == "__main__":
    main()
