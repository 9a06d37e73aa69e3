"""One paper: its texts and what changed between them, copies, sightings, and papers like it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from monitor.digest.cards import changed
from monitor.store import alike, joins, listing, papers, verdicts
from monitor.web.cards import cards
from monitor.web.site import kept, moved, page, site_of
from monitor.words import speak


@kept
def paper(request: Request) -> Response:
    """Show one paper; one that turned out to be another leads there."""
    site, wanted = site_of(request), request.path_params["number"]
    if wanted > 2**53:
        return site.found(None)
    with site.app.store.read() as session:
        found = site.found(papers.by_ids(session, {wanted}).get(wanted))
        if found.id != wanted:
            return moved(f"/paper/{found.id}")
        said = verdicts.of_paper(session, found.id)
        originals = papers.by_ids(session, {one.of for one in said if one.of})
        return page(
            request, "paper", card=cards(session, [found], site.public_profiles())[0],
            revisions=[(one, changed(one.change, speak("en"))) for one in said if one.change],
            originals=[(one, originals[one.of]) for one in said if one.of and originals[one.of].id != found.id],
            copies=listing.copies_of(session, found.id), keys=joins.keys_of(session, found.id),
            similar=alike.of(session, found.id),
        )  # fmt: skip
