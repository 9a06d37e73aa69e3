"""Text in profiles: lines, keywords, names of papers.

Each function returns what it is given, in order, or raises what a validator may raise.
"""

from __future__ import annotations

import re

from monitor.matchers.institutions import asked
from monitor.matchers.query import QueryError, parse_term
from monitor.settings.problems import wrong
from monitor.settings.yaml import shown
from monitor.text import author_id

_MAX_LINE, _MAX_KEYWORD, _MAX_TEXT, _MAX_NAME = 500, 200, 20_000, 80
_REGULAR_EXPRESSION = re.compile(r"\\[bdswBDSW]|\.[*+]|[)\]][*+?{]|\[[^\]]*-[^\]]*\]|\(\?|^\^|[^\d\s]\$$|\w\|\w")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LIKE_ORCID = re.compile(r"orcid|\d{4}-?\d{4}", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:\s*(.*)", re.IGNORECASE)
_ARXIV_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/\d{7})(?:v\d+)?")


def check_line(text: str) -> str:
    """A line: something to read, no line break, no control character, at most 500 characters."""
    if not text.strip():
        raise wrong("this text is empty", "write something, or remove it")
    if not text.isprintable():
        bad = next(place for place, char in enumerate(text) if not char.isprintable())
        if text[bad] != "\xa0":  # a no-break space comes with pasted text and harms nothing
            raise wrong(f"{shown(text)} holds a line break or a control character", "write it on one line", bad)
    if len(text) > _MAX_LINE:
        raise wrong(f"this text has {len(text):,} characters", f"at most {_MAX_LINE} fit here")
    return text.strip()


def check_name(text: str) -> str:
    """A name: a line of at most 80 characters."""
    if len(text) > _MAX_NAME:
        raise wrong(f"this name has {len(text):,} characters", f"at most {_MAX_NAME} fit into a mail")
    return check_line(text)


def check_text(text: str) -> str:
    """A text of any number of lines, without control characters, of at most 20,000 characters."""
    if bad := _CONTROL.search(text):
        raise wrong(f"the control character U+{ord(bad[0]):04X} is in this text", "remove it", bad.start())
    if len(text) > _MAX_TEXT:
        raise wrong(
            f"this text has {len(text):,} characters", f"at most {_MAX_TEXT:,} are read; an abstract or two is enough"
        )
    return text.strip()


def check_keyword(text: str) -> str:
    """A word or phrase; a ``*`` may end a word. Regular expressions are refused: none can run away here."""
    line = check_line(text)
    if len(text) > _MAX_KEYWORD:
        raise wrong(
            f"this keyword has {len(text):,} characters", f"at most {_MAX_KEYWORD} fit; put longer text under 'about'"
        )
    if pattern := _REGULAR_EXPRESSION.search(text):
        hint = "a keyword is a word or phrase, and a * may end a word: classif*"
        raise wrong(
            f"{shown(text)} looks like a regular expression, and those are not read here", hint, pattern.start()
        )
    try:
        parse_term(text)
    except QueryError as error:
        raise wrong(f"{shown(text)}: {error.message}", error.hint, error.column - 1) from None
    return line


def check_paper(text: str) -> str:
    """A paper by id, URL or title. A mistyped arXiv id would never match, so it is refused."""
    line = check_line(text)
    named = _ARXIV.fullmatch(line)
    if named and not _ARXIV_ID.fullmatch(named[1]):
        raise wrong(f"{shown(text)} is no arXiv id", "write it like arXiv:2303.16203 or arXiv:math.GT/0309136")
    return line


def check_author(text: str) -> str:
    """An author by name, ORCID or OpenReview id; an id that cannot be one is refused, as it would never match."""
    line = check_line(text)
    if author_id(line):
        return author_id(line)
    if _LIKE_ORCID.search(line):
        hint = "write it like 0000-0002-1825-0097; look for a slip, as its last digit does not fit the others"
        raise wrong(f"{shown(text)} is no ORCID", hint)
    if line.startswith("~"):
        raise wrong(f"{shown(text)} is no OpenReview id", "write it like ~Alexei_A_Efros1")
    return line


def check_institution(text: str) -> str:
    """An institution by its name, which holds a letter."""
    line = check_line(text)
    if not asked(line) or not any(map(str.isalpha, line)):
        raise wrong(f"{shown(text)} is no name of an institution", "write it as listings print it, such as ETH Zurich")
    return line


def one_or_more(value: object) -> object:
    """A list as it is, and one text as a list of one."""
    if not isinstance(value, str):
        return value
    if value.startswith("-"):
        raise wrong("a blank is missing after the dash", "write '- ' before each item, on lines of their own")
    return [value]


def one_or_more_keywords(value: object) -> object:
    """A list as it is, and one keyword as a list of one; a line of several would never match as a whole."""
    if isinstance(value, str) and "," in value:
        raise wrong("one line holds several keywords", "write a list: [first, second]", value.find(","))
    return one_or_more(value)
