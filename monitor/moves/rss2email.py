"""rss2email (https://github.com/rss2email/rss2email): each feed becomes a source, and a topic of its reader's profile.

The feeds stand in ``rss2email.cfg``: ``url`` and ``to`` in a section each, what is common under ``DEFAULT``
(https://github.com/rss2email/rss2email#configuration). What was sent is not asked for: a source that is new announces
nothing that it held before.
"""

from __future__ import annotations

from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError
from monitor.moves import Moved, MovedReader, MovedTopic
from monitor.sources import LARGEST_FILE


def read(path: Path, _settings: Mapping[str, Any]) -> Moved:
    """Return a reader for each address, with a topic for each feed that goes there."""
    with path.open("rb") as file:
        text = file.read(LARGEST_FILE).decode("utf-8", "replace")
    config = ConfigParser(interpolation=None, strict=False)
    try:
        config.read_string(text)
    except ConfigParserError as error:
        raise MonitorError(f"{path} is no configuration of rss2email: {str(error).splitlines()[0]}") from None
    feeds: dict[str, str] = {}
    topics: dict[str, list[MovedTopic]] = {}
    left_out: list[str] = []
    for section in config.sections():
        name, url = section.removeprefix("feed."), config.get(section, "url", fallback="")
        if not section.startswith("feed.") or not url:
            continue
        if config.get(section, "active", fallback="True").strip().lower() in ("false", "no", "off", "0"):
            left_out.append(f"{name}: it is paused there")
            continue
        feeds[name] = url
        for _, address in getaddresses([config.get(section, "to", fallback="")]) or [("", "")]:
            topics.setdefault(address, []).append(MovedTopic(name, feed=url))
    if not feeds:
        raise MonitorError(f"{path} names no feed, as rss2email's configuration does in sections such as [feed.lwn]")
    return Moved(tuple(_reader(to, some) for to, some in topics.items()), feeds, {}, tuple(left_out))


def _reader(to: str, topics: list[MovedTopic]) -> MovedReader:
    """Everything was mailed there: the budget is wide."""
    return MovedReader(to.partition("@")[0] or "rss2email", to, tuple(topics), budget=100)
