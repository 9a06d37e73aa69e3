"""How many papers a reader wants: at most so many in a digest, or about so many a day."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from monitor.settings.problems import wrong
from monitor.settings.yaml import shown

MOST = 500
_ABOUT = re.compile(r"about\s+(\d{1,3}(?:\.\d)?)\s+(?:a|per)\s+(day|week)", re.IGNORECASE)
_ROOM = 3
"""A digest holds up to so many times what it usually holds: busy days are not cut."""


@dataclass(frozen=True, slots=True)
class Budget:
    """``papers`` is the most of one digest; ``a_day`` is about how many a day are wanted, where that was said."""

    papers: int = 12
    a_day: float | None = None

    def most(self, days: int) -> int:
        """Return the most papers of one digest when digests leave on ``days`` days of the week."""
        if self.a_day is None:
            return self.papers
        return min(MOST, max(self.papers, math.ceil(_ROOM * self.a_day * 7 / days)))


def parse_budget(value: object) -> Budget:
    """Return the budget in ``12``, ``about 5 a day`` or ``about 20 a week``; raises what a validator may raise."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if re.fullmatch(r"\d{1,6}", text):
        if not 1 <= int(text) <= MOST:
            raise wrong(f"{text} papers cannot be the budget of a digest", f"write a number from 1 to {MOST}")
        return Budget(int(text))
    about = _ABOUT.fullmatch(text)
    if not about or float(about[1]) <= 0:
        raise wrong(f"{shown(str(value))} is no budget", "write a number of papers such as 12, or 'about 5 a day'")
    return Budget(a_day=float(about[1]) / (7 if about[2].lower() == "week" else 1))
