"""What goes to chat and push services is short, and never a cut line."""

from monitor.channels.apprise import shortened


def test_a_short_text_goes_as_it_is():
    assert shortened("one\ntwo\n", 100) == "one\ntwo"


def test_a_long_text_ends_with_whole_lines_and_says_how_many_are_missing():
    said = shortened("\n".join(f"line {number}" for number in range(1000)), 200)
    assert len(said) <= 200
    *kept, last = said.splitlines()
    assert kept == [f"line {number}" for number in range(len(kept))]
    assert last == f"... {1000 - len(kept)} more lines"
