"""Records without an abstract: whether two of them name one work, from title, authors, year and DOI alone.

Without an abstract nobody can be sure: the best rules that carry over from one collection to the next are right about
nine times in ten. What is said here is therefore only ever a reason to show two records as related. Weights learned on
one collection were tried and lose to this rule on the next.
"""

from __future__ import annotations

import re

from rapidfuzz.fuzz import token_sort_ratio

from monitor.novelty.pairs import Print, jaccard, overlap

_NUMERAL = re.compile(r"\d+|[ivx]{1,4}")
_SHARED_AUTHORS = 0.3
_TELLING_TITLE = 4
"""Words from which on a title is rarely shared by two works."""
_PREPRINTS = (
    "10.1101/", "10.2139/", "10.5281/", "10.12688/", "10.20944/", "10.21203/", "10.26434/", "10.31219/", "10.31234/",
    "10.36227/", "10.48550/", "10.64898/",
)  # fmt: skip
"""Registrants of preprints and deposits: bioRxiv and medRxiv, SSRN, Zenodo, F1000, Preprints.org, Research Square,
ChemRxiv, OSF, PsyArXiv, TechRxiv, arXiv, openRxiv. The same work has another DOI where it was published."""


def are_other_works(one: Print, two: Print) -> bool:
    """Whether the two carry different DOIs of publications: then no likeness makes them one."""
    if not one.doi or not two.doi or one.doi == two.doi:
        return False
    return not one.doi.startswith(_PREPRINTS) and not two.doi.startswith(_PREPRINTS)


def probability(one: Print, two: Print) -> float:
    """Return how likely the two records are one work: 0, or the share of such pairs that are in libraries of records.

    .95 for like titles by common authors in one year (or where a year is not told), .5 when the years differ by one:
    half of these are a talk and the article that followed. .6 for equal long titles where a record names no authors.
    """
    if are_other_works(one, two) or not _can_be_one_title(one.title, two.title):
        return 0.0
    apart = abs(one.year - two.year) if one.year and two.year else 0
    if apart > 1:
        return 0.0
    if not (one.surnames and two.surnames):
        return 0.6 if one.title == two.title and len(one.title) >= _TELLING_TITLE else 0.0
    if overlap(one.surnames, two.surnames) < _SHARED_AUTHORS or not _are_like(one.title, two.title):
        return 0.0
    if not apart:
        return 0.95
    return 0.5 if jaccard(one.surnames, two.surnames) >= 0.5 else 0.0


def _are_like(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether two titles are one with other spelling or order, or one of them is cut short or has a supplement."""
    alike = token_sort_ratio(" ".join(one), " ".join(two)) / 100
    shorter, longer = sorted((one, two), key=len)
    if alike >= 0.8 or (alike >= 0.6 and overlap({*one}, {*two}) >= 0.85):
        return True
    return len(shorter) >= _TELLING_TITLE and longer[: len(shorter)] == shorter


def _can_be_one_title(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Not where both count something and the counts differ: ``Part I`` and ``Part II``, two years of a survey."""
    ours, theirs = ({word for word in title if _NUMERAL.fullmatch(word)} for title in (one, two))
    return not (ours and theirs) or bool(ours & theirs)
