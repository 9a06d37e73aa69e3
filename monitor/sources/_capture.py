"""The lines of a captured listing page, each with what it is: text, heading, date, count, page furniture, ..."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from monitor.errors import ParseError
from monitor.sources._ids import arxiv_id, ids_in_link
from monitor.sources._plain import flat

Kind = Literal[
    "text", "heading", "blank", "noise", "furniture", "dot", "date", "count", "upvote", "code", "field", "link"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number from 1, what it is, what it says without markup, and the addresses it links to."""

    number: int
    kind: Kind
    text: str = ""
    links: tuple[str, ...] = ()


# --- bytes to text ----------------------------------------------------------------------------------------------------

MOST_LINES = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|div|\?xml|rss|feed|script|svg)\b", re.IGNORECASE)
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:\{|"|\]))')


def decoded(body: bytes) -> str:
    """Return the text of a captured page: UTF-8, UTF-16 by its mark, and Latin-1 (as cp1252) in lines that are neither.

    Raises ParseError for empty, binary, HTML, XML and JSON files.
    """
    if not body or body.isspace():
        raise ParseError("", "the file is empty")
    if (lines := body.count(b"\n") + 1) > MOST_LINES:
        raise ParseError("", f"the file has {lines} lines; at most {MOST_LINES} are read")
    text = _text_of(body)
    controls = len(_CONTROL.findall(text[:100_000]))
    if controls > 2 + min(len(text), 100_000) // 200:
        raise ParseError("", "the file is binary, not text; save the listing page as plain text")
    if _HTML.match(text):
        raise ParseError("", "the file is a web page or XML, not its text; save the page as plain text")
    if _JSON.match(text):
        raise ParseError("", "the file is JSON, not a text capture of a listing page")
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _text_of(body: bytes) -> str:
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "\n".join(_decoded_line(line) for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n"))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


# --- markup -----------------------------------------------------------------------------------------------------------

_MOST_SPEAKING = 40_000
_MAX_LINE = 50_000  # characters; of an abstract 20,000 are kept
_HAS_MARKUP = re.compile(r"\]\((?:https?:)?/|\]\[\d+\]")
_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()\s]{0,1000}\)")
_LINKED = re.compile(r"\[([^\[\]]{0,5000})\](?:\(((?:https?:/)?/[^()\s]{0,1000})\)|\[(\d{1,5})\])")
_LINK_END = re.compile(r"\](?:\(((?:https?:/)?/[^()\s]{0,1000})\)|\[(\d{1,5})\])")
_DEFINED = re.compile(r"\s*(?:\[(\d{1,5})\]:|(\d{1,5})\.)\s+<?((?:https?:/)?/\S{1,1000}?)>?\s*")
_ESCAPED = re.compile(r"\\([\\_*\[\]()#+!|`>-])")
_BROKEN_LINE = re.compile(r"\\+(?=\s{2,}|$)")
_BOLD = re.compile(r"^\*\*(?=\S)([^*]{1,500})\*\*$")
_EMPHASIS = re.compile(r"\*\*|__(?=\w)|(?<=\w)__")
_BARE_LINK = re.compile(r"https?://[^\s<>\"\\]{3,1000}")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"^(?:[-*•·]\s+)+")
_ONLY_MARKS = re.compile(r"[-*•\\\[\]|_=~`>\s.…]+|```\w*|<a id=\"[^\"]{0,100}\"></a>|\[[^\[\]]{0,100}\]")


def _unmarked(raw: str, defined: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return one line of Markdown without its markup, and its addresses; links may begin and end on other lines."""
    links: list[str] = []

    def noted(found: re.Match[str]) -> str:
        groups = found.groups()
        target = groups[-2] or defined.get(groups[-1] or "", "")
        if target:
            links.append(target if target.startswith("http") else f"https://huggingface.co{target}")
        inside = groups[0] if len(groups) == 3 else ""
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        return f"{' ' * before.isalnum()}{inside}{' ' * after.isalnum()}"

    text = _LINK_END.sub(noted, _LINKED.sub(noted, _IMAGE.sub("", raw)))
    if text.count("[") > text.count("]"):
        text = re.sub(r"^(\s*(?:#{1,6}\s+)?)\[", r"\1", text)
    text = _ESCAPED.sub(r"\1", _BROKEN_LINE.sub(" ", text))
    return flat(_EMPHASIS.sub("", text)), tuple(links)


# --- kinds of lines ---------------------------------------------------------------------------------------------------

_FURNITURE = re.compile(
    r"new|get trending papers in your email inbox(?: once a day)?!?|subscribe|(?:daily|trending) papers|papers|"
    r"by ?AK(?: and the research community)?|by|AK|and the research community|daily|weekly|monthly|hugging ?face|"
    r"models|datasets|spaces|buckets(?: new)?|docs|enterprise|pricing|log ?in|sign ?up|website|"
    r"tasks|huggingchat|collections|languages|organizations|community|blog|posts|learn|discord|forum|github|"
    r"solutions|team & enterprise|hugging face pro|enterprise support|inference (?:providers|endpoints)|"
    r"storage buckets|company|TOS|privacy|about|careers|press|system theme|view all|previous|next|"
    r"daily papers - hugging face|© hugging face",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"new|get trending papers.*|subscribe|(?:daily|trending) papers|by ?AK.*|and the research community|"
    r"daily|weekly|monthly",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"get trending papers in your email inbox(?: once a day)?!\s*(?=\S)|(?-i:Subscribe)(?=[A-Z0-9\"“])|"
    r"by ?AK and the research community\s*(?=\S)|(?-i:Daily Papers)(?=[A-Z])",
    re.IGNORECASE,
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"(?:.{{0,80}}·\s*)?(?:published (?:on )?|on )?(?P<date>(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|"
    rf"\d{{1,2}} (?:{_MONTHS})\.?(?: \d{{4}})?|\d{{4}}-\d{{1,2}}-\d{{1,2}})(?: (?P<count>\d{{1,6}}))?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?:\[-\]\s*)?(-|\d{1,7}|\d{1,4}(?:\.\d{1,2})?k)", re.IGNORECASE)
_UPVOTE = re.compile(
    r"upvotes?:?\s*(-|\d[\d.,]{0,8}k?)?|(\d[\d.,]{0,8}k?) upvotes?(?:\s*[·|,]\s*\d{1,7} comments?)?", re.IGNORECASE
)
_CODE = re.compile(
    r"(?:LINK: ?)?(?:github|code)\s*(\d[\d.,]{0,8}k?)?(?: arxiv page)?(?: project page)?|"
    r"arxiv page|project page|view pdf|pdf",
    re.IGNORECASE,
)
_AUTHORS = re.compile(r"\d{1,5} (?:authors?|comments?)", re.IGNORECASE)
_FIELD = re.compile(  # in capitals as we document them: "categories: ..." may begin any line of an abstract
    r"(ar[Xx]iv|ARXIV|Authors?|Upvotes|Comments|URL|Url|Link|Code|DOI|Doi|Date|Published|Categories)\s*:\s*(\S.*)"
)
_FIELD_SHAPES = {
    "arxiv": re.compile(r"[\w.-]+(?:/\d{7})?(?:v\d+)?"),
    "upvotes": re.compile(r"\d{1,9}"),
    "comments": re.compile(r"\d{1,9}"),
    "url": re.compile(r"https?://\S+"),
    "link": re.compile(r"https?://\S+"),
    "code": re.compile(r"https?://\S+"),
    "doi": re.compile(r"(?:https?://\S+/)?10\.\d{4,9}/\S+"),
    "date": re.compile(r"[\w ,.-]{4,30}"),
    "published": re.compile(r"[\w ,.-]{4,30}"),
}
_NO_VOTES = frozenset({"-", "[-] -"})
_LOGIN = re.compile(r"/login\?next=(?:%2F|/)papers(?:%2F|/)([\w.-]+)", re.IGNORECASE)
_ORGANISATION = re.compile(r"https://huggingface\.co/[\w.-]+/?")


def read_lines(text: str) -> list[Line]:
    """Return the lines of a captured page with their kinds, in order.

    Raises ParseError for more than 200,000, and for more than 40,000 that are not blank.
    """
    raw = text.split("\n")
    speaking = len(raw) - raw.count("")
    if len(raw) > MOST_LINES or speaking > _MOST_SPEAKING:
        raise ParseError("", f"the file has {speaking} lines that are not blank; at most {_MOST_SPEAKING} are read")
    has_markup = bool(_HAS_MARKUP.search(text))
    defined = _definitions(raw) if has_markup else {}
    lines = [
        _line(number, line[:_MAX_LINE], defined if has_markup else None) for number, line in enumerate(raw, start=1)
    ]
    return _in_context(lines)


def lines_of(blocks: Iterable[tuple[str, tuple[str, ...], bool]]) -> list[Line]:
    """Return the lines, with their kinds, of a page that is given as blocks: text, links, whether it is a heading."""
    lines: list[Line] = []
    for text, targets, is_heading in blocks:
        links = targets or tuple(_BARE_LINK.findall(text))  # an address may be printed and lead nowhere
        kind = _kind(text, links)
        kind = "heading" if is_heading and kind != "furniture" else kind
        lines += [Line(len(lines) + 1, kind, text, links), Line(len(lines) + 2, "blank")]
    return _in_context(lines)


def _definitions(raw: Sequence[str]) -> dict[str, str]:
    found = (_DEFINED.fullmatch(line) for line in raw)
    return {match[1] or match[2]: match[3] for match in found if match}


def _line(number: int, raw: str, defined: dict[str, str] | None) -> Line:
    if not raw.strip():
        return Line(number, "blank")
    text, links = _BOLD.sub(r"\1", flat(raw)), ()  # type: tuple[str, tuple[str, ...]]
    if defined is not None:
        if _DEFINED.fullmatch(raw):
            return Line(number, "noise", text)
        text, links = _unmarked(raw, defined)
    if not links:
        links = tuple(_BARE_LINK.findall(text))
    heading = _HEADING.match(text)
    plain = text[heading.end() :].strip("# ") if heading else text if text in _SINGLE else _BULLET.sub("", text)
    kind = _kind(plain, links)
    if heading and kind != "furniture":
        return Line(number, "heading", plain, links)
    return Line(number, kind, text if kind == "text" and defined is None else plain, links)


def _kind(text: str, links: tuple[str, ...]) -> Kind:  # noqa: PLR0911  # a table of shapes, read from top to bottom
    if text == "·":
        return "dot"
    if text == "-" and any(_LOGIN.search(link) for link in links):
        return "count"
    if not text or _ONLY_MARKS.fullmatch(text):
        return "link" if links else "noise"
    if len(text) > 200:
        return "text"
    if _FURNITURE.fullmatch(text):
        return "furniture"
    for kind, shape in _SHAPES:
        if shape.fullmatch(text):
            return kind
    field = _FIELD.fullmatch(text.strip("()[]"))
    if field and _FIELD_SHAPES.get(field[1].lower(), _ANYTHING).fullmatch(field[2].strip()):
        return "field"
    is_organisation = len(links) == 1 and text not in links and bool(_ORGANISATION.fullmatch(links[0]))
    return "noise" if is_organisation else "text"


_SINGLE = frozenset({"-", "·"})
_ANYTHING = re.compile(r".+")
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date", _DATE),
    ("count", _COUNT),
    ("upvote", _UPVOTE),
    ("noise", _AUTHORS),
    ("noise", re.compile(r"submitted by", re.IGNORECASE)),
    ("code", _CODE),
    ("link", re.compile(rf"<?{_BARE_LINK.pattern}>?")),
)


def _in_context(lines: list[Line]) -> list[Line]:
    """Return the lines with what only their neighbours tell.

    That is: who submitted a paper, which organisation stands behind it, and that an address or a word such as
    ``models`` is the end of the line before.
    """
    out: list[Line] = []
    after_by_line = False
    speaking = [line for line in lines if line.kind != "blank"]
    following = {line.number: after for line, after in pairwise(speaking)}
    for line in lines:
        kind = line.kind
        if kind == "text" and (after_by_line or _is_organisation(line, following.get(line.number))):
            kind = "noise"
        elif out and out[-1].kind in {"text", "heading"} and _goes_on(out[-1], line):
            kind = "text"
        elif line.text in _NO_VOTES and _is_voted_on(following.get(line.number)):
            kind = "count"
        out.append(replace(line, kind=kind))
        if kind != "blank":
            is_image = kind == "noise" and line.text.startswith("[")
            after_by_line = line.text.lower() == "submitted by" or (after_by_line and is_image)
    return out


def _is_organisation(line: Line, after: Line | None) -> bool:
    if after is None or len(line.text) > 80 or line.text.endswith("."):
        return False
    return after.kind == "dot" or (after.kind == "link" and bool(_ORGANISATION.fullmatch(after.links[0])))


def _is_voted_on(after: Line | None) -> bool:
    return after is not None and (after.kind in {"text", "heading"} or voted_paper(after) is not None)


def _goes_on(line: Line, following: Line) -> bool:
    if line.text.endswith("."):
        return False
    is_address = (
        following.kind == "link" and line.kind == "text" and not any(ids_in_link(url) for url in following.links)
    )
    return is_address or (following.kind == "furniture" and not is_header(following))


# --- values in lines --------------------------------------------------------------------------------------------------


def unglued(text: str) -> str:
    """Return ``text`` without the page furniture that an extractor glued to its beginning."""
    while found := _GLUED.match(text):
        text = text[found.end() :]
    return text


def is_header(line: Line) -> bool:
    """Return whether a line belongs to the head of the page and nowhere else."""
    return line.kind == "furniture" and bool(_HEADER.fullmatch(line.text))


def voted_paper(line: Line) -> str | None:
    """Return the id of the paper that a line's link lets a reader vote for."""
    found = next((match for link in line.links if (match := _LOGIN.search(link))), None)
    return arxiv_id(found[1]) if found else None


def date_in(line: Line) -> tuple[str, int | None]:
    """Return the date in a ``date`` line as it is written, and the count of comments behind it."""
    found = _DATE.fullmatch(line.text)
    return (found["date"], int(found["count"]) if found["count"] else None) if found else ("", None)


def field_in(line: Line) -> tuple[str, str]:
    """Return the name, in lower case, and the value of a ``field`` line."""
    found = _FIELD.fullmatch(line.text.strip("()[]"))
    return (found[1].lower(), found[2].strip()) if found else ("", "")


def number_in(line: Line) -> int | None:
    """Return the count in a ``count``, ``upvote`` or ``code`` line: ``-`` is 0 and ``11.3k`` is 11,300."""
    for shape in (_COUNT, _UPVOTE, _CODE):
        found = shape.fullmatch(line.text)
        written = next((group for group in found.groups() if group), None) if found else None
        if written:
            return 0 if written == "-" else _number(written)
    return None


def _number(text: str) -> int | None:
    try:
        plain = text.lower().replace(",", "")
        return round(float(plain.removesuffix("k")) * (1000 if plain.endswith("k") else 1))
    except ValueError:
        return None
