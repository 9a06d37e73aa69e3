"""What mails and pages say, in the reader's language: catalogues under ``templates/words``, one file a language.

The files are Fluent's (https://projectfluent.org): a message has a name, and says by itself how it counts. Plurals,
numbers and the names of days follow the Unicode CLDR, by Babel.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from monitor import resources

DEFAULT = "en"

Fact: TypeAlias = str | int | float
DateForm: TypeAlias = Literal["day", "date", "month", "moment", "weekday"]


class Words:
    """The words of one language: ``words("papers", count=3)`` is ``3 papers``."""

    def __init__(self, language: str, catalogue: str) -> None:
        from fluent.runtime import FluentBundle, FluentResource

        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)  # the look marks directions itself
        self._bundle.add_resource(FluentResource(catalogue))
        self._said = lru_cache(maxsize=8192)(self._say)  # digests of one day say much the same

    def __call__(self, name: str, /, **facts: Fact) -> str:
        """Return the message ``name`` with ``facts`` in it.

        Raises LookupError when the catalogue has no such message, or the message asks for another fact.
        """
        return self._said(name, tuple(facts.items()))

    def _say(self, name: str, facts: tuple[tuple[str, Fact], ...]) -> str:
        message = self._bundle.get_message(name).value
        if message is None:
            raise LookupError(f"the message {name!r} of {self.language}.ftl says nothing")
        said, problems = self._bundle.format_pattern(message, dict(facts))
        if problems:
            raise LookupError(f"the message {name!r} of {self.language}.ftl: {problems[0]}")
        return str(said)

    def date(self, form: DateForm, moment: date) -> str:
        """Return a date or time as people write it, by the clock of ``moment``: ``day`` is ``Fri 20 Nov``."""
        named = moment.date() if form != "moment" and isinstance(moment, datetime) else moment  # a day is drawn once
        return _date(self.language, self(f"pattern-{form}"), named)

    def number(self, value: float) -> str:
        """Return a number as people write it: ``1,234``."""
        return _number(self.language, value)

    def listed(self, parts: Iterable[str]) -> str:
        """Return ``a``, ``a and b`` or ``a, b and c``."""
        *firsts, last = list(parts) or [""]
        return self("listed", firsts=", ".join(firsts), last=last) if firsts else last


@lru_cache(maxsize=4096)
def _date(language: str, pattern: str, moment: date) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(moment, datetime):
        return str(format_datetime(moment, pattern, locale=language))
    return str(format_date(moment, pattern, locale=language))


@lru_cache(maxsize=4096)
def _number(language: str, value: float) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=language))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, such as ``en``."""
    return tuple(sorted(path.stem for path in resources.folder("templates").glob("words/*.ftl")))


@cache
def speak(language: str) -> Words:
    """Return the words of a language (BCP 47); of its main language, or in English, when it has no catalogue."""
    known = (one for one in (language, language.partition("-")[0]) if one in languages())
    name = next(known, DEFAULT)
    return Words(name, (resources.folder("templates") / "words" / f"{name}.ftl").read_text(encoding="utf-8"))


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return which way a language (BCP 47) is written."""
    from babel import Locale, UnknownLocaleError

    try:
        return "rtl" if Locale.parse(language.partition("-")[0]).text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"
