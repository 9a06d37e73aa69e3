"""The lines of the log, as text for people and as JSON for what collects logs.

Both print the ids that a line carries in ``record.ids``: ``paper``, ``batch``, ``profile``, ``digest``, ``mail``.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class TextFormatter(logging.Formatter):
    """One line of words, with the ids at its end as ``name=value``."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """Return the line before its trace; an id with a blank or anything unprintable in it stands in quotes."""
        return " ".join([super().formatMessage(record), *(f"{k}={_plain(v)}" for k, v in _ids(record).items())])


class JsonFormatter(logging.Formatter):
    """One object a line: ``at`` (UTC, ISO 8601), ``level``, ``room``, ``message``, ids, ``trace`` if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what it quotes of feeds cannot break out of it."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
            **_ids(record),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said)


def _ids(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = getattr(record, "ids", {})
    return found


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text)
