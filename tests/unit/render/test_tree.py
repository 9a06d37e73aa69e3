"""A digest that is kept and read again is the same digest."""

import zlib

import pytest

from monitor.errors import RenderError
from monitor.render.tree import packed, unpacked
from tests.unit.render.test_message import DIGEST


def test_m10_a_kept_digest_comes_back_as_it_was():
    assert unpacked(packed(DIGEST)) == DIGEST


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        packed(DIGEST)[: len(packed(DIGEST)) // 2],
        zlib.compress(b'{"is":"Envelope"}'),
        zlib.compress(b'{"is":"date","iso":"soon"}'),
        zlib.compress(b'{"is":"Literal"}'),
    ],
)
def test_what_is_no_digest_is_a_clear_error(content):
    with pytest.raises(RenderError, match="cannot be read by this version"):
        unpacked(content)
