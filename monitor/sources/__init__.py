"""What each kind of source is asked, and how its answer is read. Sans I/O: nothing here opens a file or a socket.

A kind is one module with four names, checked by ``tests/contract/test_sources.py``:

* its docstring: a first line for ``monitor check`` and the README's table, then a page of help with an example in YAML;
* ``Options``: a frozen pydantic model of what may stand beside ``kind:`` in monitor.yaml (``extra="forbid"``);
* ``requests(options, today)``: what to ask for now;
* ``parse(options, answer)``: the Listing in one answer. Raises ParseError (with source ``""``) when the answer is
  not a listing; an item that cannot be read becomes an Oddity with its place, and the others stand.

``EVERY`` is how often a source of this kind may be asked when monitor.yaml does not say. ``MAX_AGE``, which may be
absent, is how long ago a paper may have been published to be announced, where 30 days are not right for the kind.

Three more names are for kinds that announce by the day, and may be absent:

* ``past(options, first, last)``: what to ask for the announcements dated ``first`` to ``last``, oldest first, each
  request with its ``batch`` where it asks for one day; without it the kind shows the present only;
* ``silence(options, day)``: why nothing is announced under that date (``Saturday``, ``a holiday: Thanksgiving``), or
  ``""`` when an announcement is due; without it no day is missed;
* ``GROWS``: true when a day's listing fills up until the day (UTC) is over.

A listing that comes in pages names the request for the next one in ``Listing.next``; ``parse`` never sees two pages at
once. What several kinds read alike lies in files with an underscore; ``references`` reads the files of papers that
profiles name, and is no kind. ``_pdf`` alone starts a process, because a PDF may ask for any time and memory.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Protocol

from pydantic import BaseModel

from monitor.types.listings import Answer, Listing, Request

NOT_KINDS: frozenset[str] = frozenset({"references"})
LARGEST_FILE = 20_000_000
"""Bytes of the largest file of papers or readers that is read when a person names it."""


class SourceKind(Protocol):
    """The shape of a module in this room."""

    EVERY: timedelta
    Options: type[BaseModel]

    def requests(self, options: Any, today: date) -> tuple[Request, ...]:
        """Return what to ask for on ``today`` (in UTC); a kind read from disk asks for a folder: ``file:<path>``."""
        ...

    def parse(self, options: Any, answer: Answer) -> Listing:
        """Return the listing in one answer."""
        ...
