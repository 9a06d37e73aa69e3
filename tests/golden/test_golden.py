"""Every folder here is one case: digest.py makes a Digest, and what is drawn from it must be what lies beside it.

After a wanted change of the look, accept what is drawn now, and read the difference before you commit it::

    GOLDEN=accept pytest tests/golden
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import get_args

import pytest

from monitor.render.html import render_html
from monitor.render.message import Sender, build_message
from monitor.render.text import render_text
from monitor.types.digests import Digest, Rendered
from monitor.types.verdicts import TrendState, VerdictKind

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/digest.py"))
SENDER = Sender("Paper Monitor", "digest@example.org", "owner@example.org", "unsubscribe@example.org")


def drawn(digest: Digest, templates: Path) -> dict[str, str]:
    rendered = Rendered(render_html(digest, templates), render_text(digest, templates))
    envelope = build_message(digest, rendered, SENDER, message_id_key="golden")
    headers = envelope.content.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n")
    return {"expected.html": rendered.html, "expected.txt": rendered.text, "headers.txt": headers + "\n"}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_digest_is_drawn_as_it_was_accepted(case: Path, root: Path) -> None:
    digest = runpy.run_path(str(case / "digest.py"))["DIGEST"]
    for name, text in drawn(digest, root / "templates").items():
        expected = case / name
        if os.environ.get("GOLDEN") == "accept":
            expected.write_text(text, encoding="utf-8", newline="\n")
        assert text == expected.read_text(encoding="utf-8"), (
            f"{case.name}/{name}: GOLDEN=accept keeps what is drawn now"
        )


def test_every_kind_of_verdict_and_state_of_a_trend_that_a_digest_tells_of_is_in_a_case() -> None:
    cases = {case.name: runpy.run_path(str(case / "digest.py")) for case in CASES}
    verdicts = {candidate.verdict.kind for candidate in cases["every_verdict"]["CANDIDATES"]}
    assert verdicts == {*get_args(VerdictKind)} - {"seen"}  # what was seen is not told again
    trends = cases["trend_states"]["TRENDS"]
    assert {trend.state for trend in trends} == {*get_args(TrendState)}
    assert {trend.kind for trend in trends} == {"term", "author", "paper"}
