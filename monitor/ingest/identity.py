"""The names of a paper: what makes two entries one work.

Keys, strongest first: ``arxiv:2303.16203`` (without version), ``doi:10.1000/x`` (lower case; arXiv's own DataCite
DOIs become arXiv ids), ``openreview:...``, ``guid:<source>:...``, ``url:...`` (canonical, without tracking) and
``text:<fingerprint>``.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.text import fingerprint
from monitor.types.listings import Entry

STRONG = ("arxiv:", "doi:", "openreview:")
"""Kinds of key of which a work has one: two different ones are two works."""

_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v(\d{1,3}))?", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|source|rss)$", re.IGNORECASE)
_ARXIV_HOSTS = ("arxiv.org", "huggingface.co", "hf.co", "alphaxiv.org")
_ARXIV_PATHS = ("abs", "pdf", "html", "papers", "format")


def keys(entry: Entry, source: str) -> tuple[str, ...]:
    """Return the keys of ``entry``, strongest first, each once; the text key is always the last."""
    found = [key for printed in entry.ids if (key := _key(printed, source))]
    found += [key for url in (entry.url, entry.pdf_url) if url and (key := _key_of_url(url))]
    found.sort(key=_strength)
    return (*dict.fromkeys(found), f"text:{fingerprint(entry.title, entry.abstract)}")


def version(entry: Entry) -> int | None:
    """Return the version that the source states for ``entry``: the ``v3`` of an arXiv id, or ``None``."""
    for printed in entry.ids:
        if printed.lower().startswith("arxiv:") and (found := _ARXIV.fullmatch(printed[6:].strip())) and found[2]:
            return int(found[2])
    return None


def canonical_url(url: str) -> str | None:
    """Return ``url`` without tracking, fragment, default port and closing slash, or ``None`` when it is not http(s)."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)])
    return urlunsplit(("https", where, parts.path.rstrip("/") or "/", query, ""))


def lookup_keys(name: str) -> tuple[str, ...]:
    """Return the keys that a person may mean by ``name``: an arXiv id, a DOI, a URL or a key as we print it."""
    name = name.strip()
    if name.startswith(("http://", "https://")):
        key = _key_of_url(name)
        return (key,) if key else ()
    if found := _ARXIV.fullmatch(name.removeprefix("arXiv:").removeprefix("arxiv:")):
        return (f"arxiv:{found[1].lower()}",)
    if found := _DOI.fullmatch(name.removeprefix("doi:")):
        return (_doi_key(found[0]),)
    return (name,) if name.startswith((*STRONG, "text:", "guid:", "url:")) else ()


def _strength(key: str) -> int:
    order = (*STRONG, "guid:", "url:")
    return next(place for place, prefix in enumerate(order) if key.startswith(prefix))


def _key(printed: str, source: str) -> str | None:
    scheme, _, value = printed.partition(":")
    value = value.strip()
    match scheme.lower():
        case "arxiv":
            found = _ARXIV.fullmatch(value)
            return f"arxiv:{found[1].lower()}" if found else None
        case "doi":
            doi = _DOI.search(value)
            return _doi_key(doi[0]) if doi else None
        case "openreview":
            return f"openreview:{value}" if value else None
        case "guid":
            return f"guid:{source}:{value[:300]}" if value else None
        case _:
            return None


def _doi_key(doi: str) -> str:
    doi = doi.rstrip(".,;)").lower()
    ours = _ARXIV_DOI.fullmatch(doi)
    found = _ARXIV.fullmatch(ours[1]) if ours else None
    return f"arxiv:{found[1].lower()}" if found else f"doi:{doi}"


def _key_of_url(url: str) -> str | None:
    canonical = canonical_url(url)
    if canonical is None:
        return None
    parts = urlsplit(canonical)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
    first, _, rest = path.partition("/")
    if _is_at(host, _ARXIV_HOSTS) and first in _ARXIV_PATHS and (found := _ARXIV.fullmatch(rest.removesuffix(".pdf"))):
        return f"arxiv:{found[1].lower()}"
    if host in ("doi.org", "dx.doi.org") and _DOI.fullmatch(path):
        return _doi_key(path)
    if host == "openreview.net" and (forum := dict(parse_qsl(parts.query)).get("id")):
        return f"openreview:{forum}"
    return f"url:{canonical}"


def _is_at(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
