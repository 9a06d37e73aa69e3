"""The kinds of value that may stand in the files: how each is checked, and what an editor is told of it."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)

from monitor.matchers.query import QueryError, parse_query
from monitor.registry import did_you_mean, kinds
from monitor.settings.addresses import check_address
from monitor.settings.budget import Budget, parse_budget
from monitor.settings.problems import wrong
from monitor.settings.schedule import (
    check_clocks,
    check_zone,
    parse_age,
    parse_clock,
    parse_dates,
    parse_days,
    parse_interval,
)
from monitor.settings.words import (
    check_author,
    check_institution,
    check_keyword,
    check_line,
    check_name,
    check_paper,
    check_text,
    one_or_more,
    one_or_more_keywords,
)
from monitor.settings.yaml import shown
from monitor.types.profiles import Weekday
from monitor.words import languages

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Written(BaseModel):
    """A map in a file: no key but those named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", regex_engine="python-re", defer_build=True)


def check_query(text: str) -> str:
    """Return ``text`` when it is a query; raises what a validator may raise, at the character that is wrong."""
    try:
        parse_query(text)
    except QueryError as error:
        raise wrong(f"query: {error.message}", error.hint, error.column - 1) from None
    return text


def check_id(text: str) -> str:
    """Return ``text`` when it can name a profile or a source in mails, links and the database."""
    if not _ID.fullmatch(text):
        hint = "use small letters, digits and dashes, at most 64, and start with a letter or digit"
        raise wrong(f"{shown(text)} cannot be a name here", hint)
    return text


def check_share(value: float) -> float:
    """Return ``value`` when it is between 0 and 1."""
    if not 0 < value < 1:
        hint = f"did you mean {value / 100:g}?" if 1 < value < 100 else "write a share such as 0.7"
        raise wrong(f"{value:g} is not between 0 and 1", hint)
    return value


def check_language(code: str) -> str:
    """Return ``code`` when there are words for mails in this language."""
    if code not in languages():
        raise wrong(f"there are no words for mails in {shown(code)}", did_you_mean(code, languages()))
    return code


def _not_empty(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        raise wrong("this list is empty", "write at least one item, or remove the line")
    return items


def _check_recipients(addresses: tuple[str, ...]) -> tuple[str, ...]:
    folded = [address.casefold() for address in _not_empty(addresses)]
    for number, address in enumerate(folded):
        if address in folded[:number]:
            raise wrong(f"{shown(address)} is in this list twice", "remove one: nobody gets a digest twice")
    return addresses


def check_matcher(kind: str) -> str:
    """Return ``kind`` when there is such a kind of matcher."""
    if kind not in kinds("matchers"):
        raise wrong(f"no kind of matcher is named {shown(kind)}", did_you_mean(kind, kinds("matchers")))
    return kind


def _in_one_order(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(_not_empty(items))))


_id_like = {
    "type": ["string", "number"]
}  # YAML in an editor takes an unquoted 2611.01230 for a number; our reader does not

Line = Annotated[str, AfterValidator(check_line)]
Name = Annotated[str, AfterValidator(check_name)]
Text = Annotated[str, AfterValidator(check_text)]
Word = Annotated[str, AfterValidator(check_keyword), WithJsonSchema(_id_like)]
Paper = Annotated[str, AfterValidator(check_paper), WithJsonSchema(_id_like)]
Address = Annotated[
    str, AfterValidator(check_address), WithJsonSchema({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"})
]
Share = Annotated[
    float, AfterValidator(check_share), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})
]
Language = Annotated[str, AfterValidator(check_language), WithJsonSchema({"type": "string", "enum": list(languages())})]
SourceName = Annotated[str, AfterValidator(check_id)]
_LENGTH = {"type": "string", "pattern": "^[0-9]+ *[smhd]$"}
Every = Annotated[timedelta, PlainValidator(parse_interval), WithJsonSchema({**_LENGTH, "examples": ["30m", "2h"]})]
Age = Annotated[timedelta, PlainValidator(parse_age), WithJsonSchema({**_LENGTH, "examples": ["30d", "180d"]})]

Lines = Annotated[tuple[Line, ...], BeforeValidator(one_or_more, json_schema_input_type=Line | list[Line])]
Author = Annotated[str, AfterValidator(check_author)]
Authors = Annotated[tuple[Author, ...], BeforeValidator(one_or_more, json_schema_input_type=Author | list[Author])]
Institution = Annotated[str, AfterValidator(check_institution)]
Institutions = Annotated[
    tuple[Institution, ...], BeforeValidator(one_or_more, json_schema_input_type=Institution | list[Institution])
]
Followed = Annotated[str, AfterValidator(check_author), AfterValidator(check_keyword), WithJsonSchema(_id_like)]
Follow = Annotated[tuple[Followed, ...], BeforeValidator(one_or_more, json_schema_input_type=Followed | list[Followed])]
Papers = Annotated[tuple[Paper, ...], BeforeValidator(one_or_more, json_schema_input_type=Paper | list[Paper])]
Words = Annotated[tuple[Word, ...], BeforeValidator(one_or_more_keywords, json_schema_input_type=Word | list[Word])]
Matcher = Annotated[str, AfterValidator(check_matcher)]
Matchers = Annotated[
    tuple[Matcher, ...],
    AfterValidator(_in_one_order),
    BeforeValidator(one_or_more, json_schema_input_type=Matcher | list[Matcher]),
]
Recipients = Annotated[
    tuple[Address, ...],
    AfterValidator(_check_recipients),
    BeforeValidator(one_or_more, json_schema_input_type=Address | list[Address]),
]
Weight = Annotated[float, Field(gt=0, le=100)]
Weighted = Annotated[dict[Word, Weight], Tag("weighted")]
Keywords = Annotated[
    Annotated[Words, Tag("listed")] | Weighted,
    Discriminator(lambda value: "weighted" if isinstance(value, dict) else "listed"),
]
_DAY_EXAMPLES = ["daily", "weekdays", "weekends", "mondays", "mon"]
Day = Annotated[
    tuple[Weekday, ...], PlainValidator(parse_days), WithJsonSchema({"type": "string", "examples": _DAY_EXAMPLES})
]
Days = Annotated[
    tuple[Day, ...], AfterValidator(_not_empty), BeforeValidator(one_or_more, json_schema_input_type=Day | list[Day])
]
Clock = Annotated[
    time, PlainValidator(parse_clock), WithJsonSchema({"type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$"})
]
Clocks = Annotated[
    tuple[Clock, ...],
    AfterValidator(check_clocks),
    BeforeValidator(one_or_more, json_schema_input_type=Clock | list[Clock]),
]
Dates = Annotated[
    tuple[
        Annotated[
            tuple[date, date],
            PlainValidator(parse_dates),
            WithJsonSchema({"type": "string", "examples": ["2026-12-24", "2026-12-24 to 2027-01-02"]}),
        ],
        ...,
    ],
    BeforeValidator(one_or_more, json_schema_input_type=str | list[str]),
]
Zone = Annotated[
    str, AfterValidator(check_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "UTC"]})
]


PapersADigest = Annotated[
    Budget,
    PlainValidator(parse_budget),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 500},
                {"type": "string", "pattern": "^about +[0-9]+([.][0-9])? +(a|per) +(day|week)$"},
            ],
            "examples": [12, "about 5 a day"],
        }
    ),
]

_RATE = re.compile(r"\s*(\d{1,3})\s*(?:/|per|a)\s*week\s*")


def _parse_rate(value: object) -> object:
    """Return how many a week: ``3``, ``3/week`` or ``3 a week``."""
    if isinstance(value, str):
        found = _RATE.fullmatch(value)
        if not found:
            raise wrong(f"{shown(value)} is no rate", "write a number, or 3/week")
        return int(found[1])
    return value


AWeek = Annotated[int, BeforeValidator(_parse_rate, json_schema_input_type=int | str), Field(ge=1, le=100)]
"""How many a week: ``3/week``."""
