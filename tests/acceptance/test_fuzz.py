"""A few seconds of `python -m tests.fuzz` for each kind of input, beginning with every input that ever broke one."""

import pytest

from tests.fuzz import TARGETS, fuzz

_SECONDS = 5


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_input_breaks_no_promise(name):
    found = fuzz(name, _SECONDS, seed=1)
    assert not found.broke
    assert found.inputs > 20
    assert found.reached  # else nothing guides it
