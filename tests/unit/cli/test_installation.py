"""What commands share: JSON."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from monitor.cli.installation import json_text


def test_moments_in_json_are_iso_8601():
    found = json_text({"at": datetime(2026, 3, 4, 8, tzinfo=UTC), "day": date(2026, 3, 4), "file": Path("a.bib")})
    assert json.loads(found) == {"at": "2026-03-04T08:00:00+00:00", "day": "2026-03-04", "file": "a.bib"}
