"""The log as JSON Lines, for what collects logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """One object a line: ``at`` (UTC, ISO 8601), ``level``, ``room``, ``message``, and ``trace`` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what it quotes of feeds cannot break out of it."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said)
