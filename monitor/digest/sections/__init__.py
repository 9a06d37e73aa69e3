"""The parts of a digest. Each file has one function, ``section(facts, selection, summaries)``: facts in, blocks out.

A section with nothing to say returns ``None``. ``compose.ORDER`` says which come and in which order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from monitor.digest.facts import Facts, Selection
from monitor.types.digests import Section


class MakesSection(Protocol):
    """The shape of a module in this folder."""

    def section(self, facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Section | None:
        """Return this part of the digest, or ``None`` when there is nothing to say."""
        ...
