"""The names of a paper: what makes two entries one work.

Keys, strongest first: ``arxiv:2303.16203`` (without version), ``doi:10.1000/x`` (lower case; arXiv's own DataCite
DOIs become arXiv ids), ``openreview:...``, ``guid:<source>:...``, ``url:...`` (canonical, without tracking) and
``text:<fingerprint>``.
"""

from __future__ import annotations

import re

from monitor.ingest.addresses import arxiv_id, canonical_url, doi, id_in, of_arxiv
from monitor.text import fingerprint
from monitor.types.listings import Entry

STRONG = ("arxiv:", "doi:", "openreview:")
"""Kinds of key of which a work has one: two different ones are two works."""
_ORDER = {prefix: place for place, prefix in enumerate((*STRONG, "guid:", "url:"))}

_OAI = re.compile(r"oai:arxiv\.org:", re.IGNORECASE)
_ADDRESS_WITHOUT_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+", re.IGNORECASE)


def keys(entry: Entry, source: str) -> tuple[str, ...]:
    """Return the keys of ``entry``, strongest first, each once; the text key is always the last.

    The text is title and abstract. Where there is no abstract, authors, day and link stand for it, because a title
    alone (``Editorial``) is that of many papers.
    """
    found = [key for printed in entry.ids if (key := _key(printed, source))]
    found += [key for url in (entry.url, entry.pdf_url) if url and (key := _key_of_url(url))]
    found.sort(key=_strength)
    return (*dict.fromkeys(found), f"text:{fingerprint(entry.title, entry.abstract or _without_abstract(entry))}")


def version(entry: Entry) -> int | None:
    """Return the version that the source states for ``entry``, ``v3`` of an arXiv id or preprint's DOI, or ``None``."""
    for printed in entry.ids:
        scheme, _, value = printed.partition(":")
        found = {"arxiv": arxiv_id, "doi": doi}.get(scheme.lower(), lambda _: None)(value)
        if found and found[1]:
            return found[1]
    links = (id_in(url) for url in (entry.url, entry.pdf_url) if url)
    return next((found[2] for found in links if found and found[2]), None)


def lookup_keys(name: str) -> tuple[str, ...]:
    """Return the keys that a person may mean by ``name``: an arXiv id, a DOI, a URL or a key as we print it."""
    name = name.strip()
    if found := arxiv_id(re.sub(r"^arxiv:\s*", "", name, flags=re.IGNORECASE)):
        return (f"arxiv:{found[0]}",)
    if name.lower().startswith(("10.", "doi:")) and (found := doi(name)):
        return (_doi_key(found[0]),)
    if name.lower().startswith(("http://", "https://")) or _ADDRESS_WITHOUT_SCHEME.fullmatch(name):
        key = _key_of_url(name if "://" in name else f"https://{name}")
        return (key,) if key else ()
    return (name,) if name.startswith((*STRONG, "text:", "guid:", "url:")) else ()


def _without_abstract(entry: Entry) -> str:
    day = f"{entry.published:%Y-%m-%d}" if entry.published else ""
    link = canonical_url(entry.url) if entry.url else None
    return " ".join(filter(None, (*entry.authors, day, link)))


def _strength(key: str) -> int:
    return _ORDER[key[: key.index(":") + 1]]


def _key(printed: str, source: str) -> str | None:
    scheme, _, value = printed.partition(":")
    value = value.strip()
    match scheme.lower():
        case "arxiv":
            found = arxiv_id(value)
            return f"arxiv:{found[0]}" if found else None
        case "doi":
            found = doi(value)
            return _doi_key(found[0]) if found else None
        case "openreview":
            return f"openreview:{value}" if value else None
        case "guid":
            return _guid_key(value, source) if value else None
        case _:
            return None


def _guid_key(value: str, source: str) -> str:
    """A GUID that is an address or an id names the paper itself; any other is compared without case.

    No source tells two papers apart by the case of their GUIDs, but some change the case of all of them at once.
    """
    if found := arxiv_id(_OAI.sub("", value)):
        return f"arxiv:{found[0]}"
    canonical = canonical_url(value)
    key = _key_of_url(value) if canonical else None
    if key and key.startswith(STRONG):
        return key
    return f"guid:{source}:{(canonical or value).casefold()[:300]}"


def _doi_key(name: str) -> str:
    ours = of_arxiv(name)
    return f"arxiv:{ours[0]}" if ours else f"doi:{name}"


def _key_of_url(url: str) -> str | None:
    found = id_in(url)
    if found is None:
        canonical = canonical_url(url)
        return f"url:{canonical}" if canonical else None
    kind, name, _ = found
    return _doi_key(name) if kind == "doi" else f"{kind}:{name}"
