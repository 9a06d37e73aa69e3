"""What the worst queries cost: read, and put to one paper and to a thousand. ``python -m tests.bench.queries``

Each query is as long, as deep or as costly as the language lets it be, or beyond; a query that is refused says so. The
papers are as long as the normaliser leaves them, and made of the very words that the queries ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from time import perf_counter

from monitor.matchers.grammar import MAX_CHARACTERS, MAX_DEPTH, MAX_WORDS
from monitor.matchers.places import GAP
from monitor.matchers.postings import Postings
from monitor.matchers.query import Query, QueryError, matching, parse_query
from monitor.testing import paper
from monitor.types.papers import Paper
from tests.bench.figure import Figure

LIMIT_MS = 50
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STEMS = [one + other for one in LETTERS for other in LETTERS][:MAX_WORDS]


def hostile() -> Iterator[tuple[str, str]]:
    """Yield what each query tries, and the query."""
    yield "nesting 10^5", "(" * 100_000 + "a" + ")" * 100_000
    yield "nesting, as deep as may be", "(" * MAX_DEPTH + "ab" + ")" * MAX_DEPTH
    yield "NOT 10^5", "NOT " * 100_000 + "a"
    yield "NOT, as deep as may be", "NOT " * MAX_DEPTH + "ab"
    yield "fields 10^5", "title:" * 100_000 + "a"
    yield "wildcards of one letter", " ".join(f"{letter}*" for letter in LETTERS)
    yield "wildcards, as many as may be", " OR ".join(f"{stem}*" for stem in STEMS)
    yield "wildcards in phrases", " OR ".join(f'"{stem}* {stem}*"' for stem in STEMS[: MAX_WORDS // 2])
    yield "one phrase of wildcards", f'"{" ".join(["ab*"] * 250)}"'
    yield "one phrase of one word", f'"{" ".join(["ab"] * 333)}"'
    yield "phrases", " OR ".join(f'"ab {stem}"' for stem in STEMS[: MAX_WORDS // 2])
    yield "NEAR, as many as may be", " ".join(f"ab NEAR/{n % GAP + 1} aa" for n in range(MAX_WORDS // 2))
    yield "NEAR over wildcards", " ".join(f"{stem}* NEAR/{GAP} ab*" for stem in STEMS[: MAX_WORDS // 2])
    yield "a chain of NEAR", " NEAR/3 ".join(["ab"] * 300)
    yield "categories", " OR ".join(f"cat:{stem}*" for stem in STEMS)
    yield "authors", " OR ".join(f'author:"{stem}"' for stem in STEMS)
    yield "days", " ".join(f"after:2026-01-{n % 28 + 1:02}" for n in range(MAX_WORDS))
    yield "blanks", "ab" + " " * (MAX_CHARACTERS - 2)
    yield "quotation marks, one too many", '"' * (MAX_CHARACTERS - 1)
    yield "parentheses, one too many", "(ab) " * 400 + "("
    yield "letters of one word", "a" * MAX_CHARACTERS
    yield "characters that are no word", "@" * MAX_CHARACTERS
    yield "LaTeX", "\\{" * (MAX_CHARACTERS // 2)
    yield "dollars", "$a" * (MAX_CHARACTERS // 2)
    yield "ligatures in words", " ".join(["\ufdfa" * 60] * (MAX_CHARACTERS // 61))
    yield "accents on one letter", "a" + "\u0301" * (MAX_CHARACTERS - 1)
    yield "ligatures that unfold", "\ufdfa" * MAX_CHARACTERS
    yield "Chinese without blanks", "漢" * MAX_CHARACTERS
    for name, letter in (("letters", "a"), ("stars", "*"), ("quotation marks", '"'), ("blanks", " "), ("漢", "漢")):
        yield f"1 MB of {name}", letter * (1_000_000 // len(letter.encode()))


def hostile_paper(number: int, abstract: int) -> Paper:
    """Return a paper of ``abstract`` characters made of the words that the queries ask for."""
    draw = Random(number)
    words = " ".join(draw.choice(("ab", "aa", draw.choice(STEMS))) for _ in range(abstract // 3))
    return paper(number, title=words[:90], abstract=words, categories=("ab.CD", "zz"), authors=("Ab Aa", "C. Ba"))


_ONE = [hostile_paper(1, 1_500)]


def figures() -> Iterator[Figure]:
    """The worst of reading a query, and of asking one paper; ``main`` prints each."""
    found = list(rows([_ONE]))
    yield Figure("the dearest query to read", max(read for _, read, _, _ in found), "ms", asked=f"<= {LIMIT_MS}")
    yield Figure(
        "the dearest to ask of one paper",
        max(max(asked, default=0) for _, _, asked, _ in found),
        "ms",
        asked=f"<= {LIMIT_MS}",
    )


def rows(groups: Sequence[Sequence[Paper]]) -> Iterator[tuple[str, float, list[float], str]]:
    """Yield for each query its name, milliseconds to read, milliseconds to ask each group, and why it was refused."""
    for name, text in hostile():
        read, became = min(_read(text) for _ in range(3))
        yield name, read, [] if became else [_asked(parse_query(text), papers) for papers in groups], became


def main() -> None:
    groups = [_ONE, [hostile_paper(2, 20_000)], [hostile_paper(number, 1_500) for number in range(1_000)]]
    print(f"{'query':<34}{'read':>9}{'a paper':>9}{'longest':>9}{'1,000':>9}  milliseconds; what became of it")
    for name, read, asked, became in rows(groups):
        print(f"{name:<34}{read:9.1f}{''.join(f'{one:9.1f}' for one in asked):27}  {became or 'read'}")


def _read(text: str) -> tuple[float, str]:
    parse_query.cache_clear()
    start, became = perf_counter(), ""
    try:
        parse_query(text)
    except QueryError as error:
        became = str(error)
    return (perf_counter() - start) * 1000, became


def _asked(query: Query, papers: Sequence[Paper]) -> float:
    postings = Postings(papers)
    postings.holding((("ab", False),), "abstract")  # folds the texts, which is done once for all queries
    start = perf_counter()
    matching(query.root, postings)
    return (perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
