"""What a web address says of the paper behind it: one spelling per address, and the id that it carries.

Where an address carries an id, its form is the site's own and fixed: https://info.arxiv.org/help/arxiv_identifier.html,
https://www.doi.org/doi-handbook, https://aclanthology.org/info/ids, and DOIs in the paths of publishers that do so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|hsa_|__s$|_hs|at_)\w*|(?:fb|g|dc|gb|wb|msc|yc|twc|ttc|rb_c)(?:l|ra)?(?:id|clid|lkid|lickid)|"
    r"mc_[ce]id|mkt_tok|vero_id|oly_(?:anon|enc)_id|igshid|igsh|xtor|dgcid|ncid|cmpid|wt\.mc_id|spm|_?rss|af|"
    r"ref|ref_(?:src|url)|referrer|referer|source",
    re.IGNORECASE,
)
_OTHER_FRONT = re.compile(r"(?:(?:www\d?|m|mobile|amp)\.(?=[^.]+\.))+")
_IN_PATH = "/:@!$&'()*+,;=~-._"

_ORDINARY = re.compile(r"https?://(?![\d.])([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9._~-]*)*)")
"""Of these only the front of the host and a closing slash may have to go."""

_ARXIV = r"(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[a-z]{2})?/\d{7})(?:v(\d{1,3}))?"
_ARXIV_ID = re.compile(_ARXIV, re.IGNORECASE)
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|papers|format|ps|src|e-print|arxiv|overview)/{_ARXIV}(?:\.pdf|\.ps\.gz)?", re.IGNORECASE
)
_USUAL = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v(\d{1,3}))?", re.ASCII)
"""Nine in ten of all addresses of papers."""
_ARXIV_SITES = ("arxiv.org", "huggingface.co", "hf.co", "alphaxiv.org", "ar5iv.org", "scirate.com", "arxiv-vanity.com")
_OPENREVIEW_SITES = ("openreview.net",)
_NATURE_SITES = ("nature.com",)
_BIORXIV_SITES = ("biorxiv.org", "medrxiv.org")
_ACL_SITES = ("aclanthology.org", "aclweb.org")
_SITES = (*_ARXIV_SITES, *_OPENREVIEW_SITES, *_NATURE_SITES, *_BIORXIV_SITES, *_ACL_SITES)
_MAY_NAME = re.compile("|".join((r"10\.\d{4}", *map(re.escape, _SITES))))
"""What an address holds in which an id can be."""
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+")
_BESIDE_DOI = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|epub|html|meta|summary|references|fulltext|full-text|citations?|figures?|metrics))?"
    r"(?:\.(?:full|abstract|short|pdf|epub|html|full-text)|\+html)*/?",
    re.IGNORECASE,
)
_VERSIONED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(10\.(?:1101|64898)/[\d.]+\d)v(\d{1,3})",  # bioRxiv, medRxiv
        r"(10\.21203/rs\.\d+\.[a-z]+-?\d+)/v(\d{1,3})",  # Research Square
        r"(10\.20944/preprints\d{6}\.\d{4})\.v(\d{1,3})",  # Preprints.org
        r"(10\.26434/chemrxiv[-\w.]*?)[-.]v(\d{1,3})",  # ChemRxiv
    )
)
_NATURE = re.compile(r"/articles/([a-z][a-z0-9]*[-a-z0-9]*\d[-a-z0-9]*)(?:[./_].*)?")
_BIORXIV_EARLY = re.compile(
    r"/early/\d{4}/\d\d/\d\d/((?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})(?:v(\d{1,3}))?(?:\.\d)?(?:[./].*)?$"
)
_ACL = re.compile(r"/(?:anthology/)?((?:\d{4}\.[a-z0-9]+-[a-z0-9]+|[A-Z]\d\d-)\.?\d+)(?:v\d+)?(?:\.pdf|\.bib)?")
_ACL_WITH_DOI = re.compile(
    r"20[2-9]\d\.(?:(?:acl|emnlp|naacl|eacl)-(?:long|short|main|industry|demos?|srw|tutorials?)|"
    r"findings-(?:acl|emnlp|naacl|eacl))\.\d+"
)
"""Main conferences since 2020: other venues of the Anthology register DOIs under other prefixes, or none."""


@lru_cache(maxsize=4096)  # one address is looked at for its key, its version and its seal
def canonical_url(url: str) -> str | None:
    """Return one spelling of ``url``, or ``None`` when it is not http(s).

    It is https, its host in lower case and Punycode without ``www.`` or ``m.``; tracking, fragment, default port and
    closing slash are gone, escapes are written one way and the query is sorted. Fit to compare, not to open.
    """
    if ordinary := _ORDINARY.fullmatch(url):
        return f"https://{_OTHER_FRONT.sub('', ordinary[1], count=1)}{ordinary[2].rstrip('/') or '/'}"
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts.hostname or ""), parts.port
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    host = f"[{host}]" if ":" in host else host
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    query = urlencode(sorted((name, value) for name, value in asked if not _TRACKING.fullmatch(name)), errors="replace")
    path = quote(unquote(parts.path), safe=_IN_PATH, errors="replace").rstrip("/") or "/"
    return urlunsplit(("https", where, path if path.startswith("/") else f"/{path}", query, ""))


def arxiv_id(text: str) -> tuple[str, int | None] | None:
    """Return number and version of an arXiv id that stands alone: ``math.GT/0309136v2`` is ``math/0309136`` and 2."""
    found = _ARXIV_ID.fullmatch(text.strip())
    if not found:
        return None
    archive, slash, number = found[1].lower().partition("/")
    return (archive.partition(".")[0] + slash + number if slash else archive), int(found[2]) if found[2] else None


def doi(text: str) -> tuple[str, int | None] | None:
    """Return the DOI in ``text`` in lower case, without the version that preprint servers put into it, and that."""
    found = _DOI.search(unquote(text[:2000]))
    if not found:
        return None
    name = _without_closing_marks(found[0].lower())
    for pattern in _VERSIONED:
        if version := pattern.fullmatch(name):
            return version[1], int(version[2])
    return name, None


@lru_cache(maxsize=4096)
def id_in(url: str) -> tuple[str, str, int | None] | None:
    """Return the kind of id that an address carries, the id and the version it names; ``None`` when it carries none.

    Kinds are ``arxiv``, ``doi`` and ``openreview``; a DOI may be one of arXiv's own.
    """
    if usual := _USUAL.fullmatch(url):
        return "arxiv", usual[1], int(usual[2]) if usual[2] else None
    canonical = canonical_url(url)
    return _id_at(canonical) if canonical else None


def _id_at(canonical: str) -> tuple[str, str, int | None] | None:
    if not _MAY_NAME.search(canonical):
        return None  # to take it to pieces would be most of the work
    parts = urlsplit(canonical)
    host, path, query = parts.hostname or "", unquote(parts.path), dict(parse_qsl(parts.query))
    if _is_at(host, _ARXIV_SITES) and (found := _ARXIV_PATH.fullmatch(path)):
        return _named("arxiv", arxiv_id(path[found.start(1) :].removesuffix(".pdf").removesuffix(".ps.gz")))
    if _is_at(host, _OPENREVIEW_SITES):
        forum = query.get("id", "") if path in ("/forum", "/pdf", "/attachment", "/revisions") else ""
        return ("openreview", forum, None) if forum else None
    if name := _publishers_own(host, path):
        return _named("doi", doi(name))
    for place in (path, query.get("id", ""), query.get("doi", "")):
        if found := re.search(r"(?:^|/)(?:doi:)?(10\.\d{4,9}(?:\.\d+)*/.+)", place):
            return _named("doi", doi(_bare_doi(found[1])))
    return None


def _named(kind: str, found: tuple[str, int | None] | None) -> tuple[str, str, int | None] | None:
    return (kind, *found) if found else None


def of_arxiv(name: str) -> tuple[str, int | None] | None:
    """Return the arXiv id in one of arXiv's own DOIs (``10.48550/arxiv.2303.16203``), or ``None``."""
    found = _ARXIV_DOI.fullmatch(name)
    return arxiv_id(found[1]) if found else None


def _host(host: str) -> str:
    try:
        ascii_host = host.encode("idna").decode().lower()
    except UnicodeError:  # not a name that can be registered, hence no reason to lose the address
        ascii_host = host.lower()
    return _OTHER_FRONT.sub("", ascii_host.rstrip("."), count=1) if not ascii_host[:1].isdigit() else ascii_host


def _publishers_own(host: str, path: str) -> str:
    """Return the DOI that a publisher's own name for a paper stands for, or an empty string."""
    if _is_at(host, _NATURE_SITES) and (found := _NATURE.fullmatch(path)):
        return f"10.1038/{found[1]}"
    if _is_at(host, _BIORXIV_SITES) and (found := _BIORXIV_EARLY.search(path)):
        return f"10.1101/{found[1]}" + (f"v{found[2]}" if found[2] else "")
    if _is_at(host, _ACL_SITES) and (found := _ACL.fullmatch(path)):
        return f"10.18653/v1/{found[1]}" if _ACL_WITH_DOI.fullmatch(found[1]) else ""
    return ""


def _bare_doi(text: str) -> str:
    """Take from a path what follows a DOI: ``/full``, ``.full.pdf``, ``.pdf+html``."""
    for start in range(len("10.1000/x"), len(text)):
        if text[start] in "/.+" and _BESIDE_DOI.fullmatch(text, start):
            return text[:start]
    return text


def _without_closing_marks(name: str) -> str:
    while name[-1] in ".,;:'\"]}" or (name[-1] == ")" and name.count(")") > name.count("(")):
        name = name[:-1]
    return name


def _is_at(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
