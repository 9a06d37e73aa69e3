"""robots.txt (RFC 9309), for pages that are made for people.

Protego reads the rules as the RFC has them: the longest match wins, ``*`` and ``$`` count. The standard library's
parser takes the first match and knows neither. A file that names thousands of other robots takes Protego minutes, so
they become one before it sees them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from monitor.clock import Clock
from monitor.errors import FetchError
from monitor.ingest.turns import LONGEST_PAUSE

TOKEN = "paper-monitor"  # noqa: S105 - the name by which rules address us
MAX_BYTES = 512_000
"""What comes after this in a robots.txt is not read; the RFC asks for 500 KiB at least."""
_KEPT_FOR = timedelta(hours=24)
_AGENT = re.compile(r"\s*+user[- ]?agent\s*+:?([^#]*)", re.IGNORECASE)
_TOO_MANY_REQUESTS = 429


class Robots:
    """Reads the rules of each site once a day through ``read(source, url)``, which raises FetchError."""

    def __init__(self, clock: Clock, read: Callable[[str, str], Awaitable[bytes]]) -> None:
        self._clock = clock
        self._read = read
        self._known: dict[str, tuple[datetime, Protego]] = {}
        self._gates: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def pause(self, source: str, url: str) -> float:
        """Return the seconds that the site of ``url`` wants between two requests, at most 60.

        Raises FetchError, naming ``source``, when the rules disallow ``url`` or cannot be had.
        """
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        gate = self._gates.setdefault(root, asyncio.Lock())
        async with gate:
            rules = await self._rules(source, root)
        if not rules.can_fetch(url, TOKEN):
            raise FetchError(
                source, f"{parts.netloc}/robots.txt asks robots not to read this page; use a feed, or remove the source"
            )
        return min(rules.crawl_delay(TOKEN) or 0.0, LONGEST_PAUSE)

    async def _rules(self, source: str, root: str) -> Protego:
        """Return the rules of a site; where it has none, all is allowed, and where it does not say, nothing."""
        now = self._clock.now()
        if root in self._known and self._known[root][0] > now:
            return self._known[root][1]
        try:
            body = await self._read(source, f"{root}/robots.txt")
        except FetchError as error:
            if error.status is None or error.status == _TOO_MANY_REQUESTS or not 400 <= error.status < 500:
                raise FetchError(
                    source,
                    f"no page is read while robots.txt cannot be had: {error.reason}",
                    retry_after=error.retry_after,
                ) from error
            body = b""
        rules = await asyncio.to_thread(parse, body)
        self._known = {other: known for other, known in self._known.items() if known[0] > now}
        self._known[root] = (now + _KEPT_FOR, rules)
        return rules


def parse(body: bytes) -> Protego:
    """Return the rules in a robots.txt, in bounded time whatever it holds."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return Protego.parse("\n".join(map(_named_as_us_or_other, text.splitlines())))


def _named_as_us_or_other(line: str) -> str:
    agent = _AGENT.match(line)
    return "User-agent: other" if agent and agent[1].strip().lower() not in (TOKEN, "*") else line
