"""One paper: its texts and what changed between them, copies, sightings, papers like it, and how it is cited."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from monitor.digest.cards import changed
from monitor.store import alike, joins, listing, papers, verdicts
from monitor.store.engine import Session
from monitor.types.papers import Paper
from monitor.web.cards import cards
from monitor.web.feeds import cited
from monitor.web.language import words_for
from monitor.web.site import Site, kept, moved, page, site_of

_LARGEST = 2**53


@kept
def paper(request: Request) -> Response:
    """Show one paper; one that turned out to be another leads there."""
    site, wanted = site_of(request), request.path_params["number"]
    with site.app.store.glance() as session:
        found = _found(site, session, wanted)
        if found.id != wanted:
            return moved(f"/paper/{found.id}")
        said = verdicts.of_paper(session, found.id)
        standing = {found.id: (said[-1].kind, said[-1].arrival)} if said else {}
        originals = papers.by_ids(session, {one.of for one in said if one.of})
        return page(
            request, "paper", card=cards(session, [found], site.public_profiles(), standing)[0],
            revisions=[(one, changed(one.change, words_for(request))) for one in said if one.change],
            originals=[(one, originals[one.of]) for one in said if one.of and originals[one.of].id != found.id],
            copies=listing.copies_of(session, found.id), keys=joins.keys_of(session, found.id),
            similar=alike.of(session, found.id),
        )  # fmt: skip


@kept
def reference(request: Request) -> Response:
    """Show one paper as BibTeX; one that turned out to be another as that one."""
    site = site_of(request)
    with site.app.store.glance() as session:
        return cited([_found(site, session, request.path_params["number"])])


def _found(site: Site, session: Session, number: int) -> Paper:
    return site.found(papers.by_ids(session, {number}).get(number) if number <= _LARGEST else None)
