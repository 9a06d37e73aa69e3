"""Whatever stands in a file, loading gives a configuration or a ConfigError."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import mangled


@pytest.mark.parametrize("part", range(5))
def test_k01_five_thousand_broken_files_raise_nothing_but_config_error(tmp_path: Path, part: int) -> None:
    taken, refused = mangled.load(tmp_path, range(part * 1_000, part * 1_000 + 1_000))
    assert taken > 10
    assert len(refused) > 800
    for problem in refused:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert str(problem).replace("\n", "").isprintable()
