"""Real listings of days on end through the real jobs; ``python -m tests.bench.year`` does a year of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import year


@pytest.mark.seeds
def test_twenty_days_of_twenty_profiles_break_no_promise(tmp_path: Path, shared: Path) -> None:
    found = year.run(tmp_path, 20, most=15, pool=False)
    assert found["violations"] == []
    assert found["failures"] == {}
    assert found["papers"] > 100
    assert found["mails sent"] == found["digests"] > 250
