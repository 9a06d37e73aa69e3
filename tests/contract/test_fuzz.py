"""Twenty thousand broken answers, the same ones in every run; ``python -m tests.bench.fuzz`` tries others."""

from __future__ import annotations

import pytest

from tests.bench.fuzz import failures


@pytest.mark.parametrize("part", range(4))
def test_broken_answers_are_read_or_refused_with_a_reason(part: int) -> None:
    assert list(failures(part * 5_000, 5_000)) == []
