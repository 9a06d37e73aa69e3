"""The names of papers inside links."""

from __future__ import annotations

import pytest

from monitor.sources._ids import ids_in_link


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://arxiv.org/abs/2611.01234v2", "arxiv:2611.01234v2"),
        ("https://doi.org/10.48550/arXiv.2611.01234", "arxiv:2611.01234"),
        ("https://doi.org/10.1000/ABC.", "doi:10.1000/abc"),
        ("https://www.biorxiv.org/content/10.1101/2026.11.01.123456v12.full.pdf", "doi:10.1101/2026.11.01.123456"),
        ("https://www.biorxiv.org/content/10.1101/123456v1?rss=1", "doi:10.1101/123456"),
        ("http://medrxiv.org/content/early/2026/11/09/10.1101/2026.11.01.123456", "doi:10.1101/2026.11.01.123456"),
        ("https://openreview.net/forum?id=f0G-x_1&noteId=abc", "openreview:f0G-x_1"),
        ("https://openreview.net/pdf?id=f0G", "openreview:f0G"),
        ("https://openreview.net/forum?referrer=%5Ba%5D&id=f0G", "openreview:f0G"),
        ("https://openreview.net/group?id=ICLR.cc/2026", None),
        ("https://openreview.net/forum?noteId=abc", None),
        ("https://www.biorxiv.org/content/early/recent", None),
        ("https://journal.example/1", None),
    ],
)
def test_a_link_names_its_paper(url: str, name: str | None) -> None:
    assert ids_in_link(url) == ((name,) if name else ())
