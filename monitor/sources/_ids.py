"""Names of papers inside links and free text: arXiv ids, DOIs and OpenReview's forums."""

from __future__ import annotations

import re
from urllib.parse import unquote

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN(N) since April 2007, archive.XX/YYMMNNN before.
_NUMBER = r"\d{2}(?:0[1-9]|1[0-2])"
_ARXIV = rf"(?:{_NUMBER}\.\d{{4,5}}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{{2}})?/{_NUMBER}\d{{3}})(?:v[1-9]\d{{0,2}})?"
_NAMED_ARXIV = re.compile(rf"(?:oai:arxiv\.org:|arxiv:\s*)?({_ARXIV})", re.IGNORECASE)
_ARXIV_LINK = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html|ps|format)/|huggingface\.co/papers/|alphaxiv\.org/abs/|10\.48550/arxiv\.)"
    rf"({_ARXIV})(?![\w/])",
    re.IGNORECASE,
)
_PREPRINT_LINK = re.compile(
    r"(?:biorxiv|medrxiv)\.org/content/(?:early/\d{4}/\d\d/\d\d/)?(10\.\d{4,9}/\d[\d.]{0,40}\d)(?!\d)", re.IGNORECASE
)
_FORUM_LINK = re.compile(r"openreview\.net/(?:forum|pdf)\?(?:[^#]{0,200}&)?id=([\w-]{1,60})(?![\w-])", re.ASCII)
_DOI = re.compile(r"(?:doi\.org/|\bdoi:\s*|^)(10\.\d{4,9}/[^\s\"<>?#]{1,200})", re.IGNORECASE)


def arxiv_id(text: str) -> str | None:
    """Return ``arxiv:2203.01250v3`` for an arXiv id that stands alone, also behind ``arXiv:`` or ``oai:arXiv.org:``."""
    found = _NAMED_ARXIV.fullmatch(text.strip())
    return f"arxiv:{found[1]}" if found else None


def ids_in_link(url: str) -> tuple[str, ...]:
    """Return the id that a link to a paper carries: of arXiv, of OpenReview, or a DOI in lower case; else nothing."""
    if not url:
        return ()
    plain = unquote(url[:2000])
    arxiv = _ARXIV_LINK.search(plain)
    if arxiv:
        return (f"arxiv:{arxiv[1]}",)
    forum = _FORUM_LINK.search(plain)
    if forum:
        return (f"openreview:{forum[1]}",)
    doi = _PREPRINT_LINK.search(plain) or _DOI.search(plain)
    return (f"doi:{doi[1].rstrip('.,;:)]}').lower()}",) if doi else ()


def doi_id(text: str) -> str | None:
    """Return ``doi:10.1000/x`` for a DOI that stands alone or in a link; ``None`` for anything else."""
    found = _DOI.search(text.strip())
    return f"doi:{found[1].rstrip('.,;:)]}').lower()}" if found else None


def pdf_of(ids: tuple[str, ...]) -> str | None:
    """Return the address of the PDF at arXiv when one of ``ids`` is an arXiv id."""
    return next((f"https://arxiv.org/pdf/{name[6:]}" for name in ids if name.startswith("arxiv:")), None)
