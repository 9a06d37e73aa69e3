"""Digests of the past: a reader's own exactly as they were sent, and those of public profiles without their reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

from starlette.requests import Request
from starlette.responses import Response

from monitor.app import App
from monitor.errors import RenderError
from monitor.jobs.draw import draw
from monitor.links import PATHS
from monitor.render.tree import unpacked
from monitor.store import archive
from monitor.store.archive import Kept
from monitor.types.digests import Digest
from monitor.web.language import words_for
from monitor.web.site import ARCHIVE_POLICY, kept, numbers, page, reader_of, site_of
from monitor.words import speak

_MOST = 500


def view(request: Request) -> Response:
    """Show one digest as it was sent."""
    site = site_of(request)
    subscription, at = site.found(_two(numbers(request, "view")))
    with site.app.store.read() as session:
        found = site.found(archive.composed(session, subscription, datetime.fromtimestamp(at, UTC)))
    return _as_sent(site.found(_html(site.app, found)))


def of_reader(request: Request) -> Response:
    """List the digests that one reader got."""
    site, reader = site_of(request), reader_of(request, "archive")
    with site.app.store.read() as session:
        issues = archive.of_reader(session, reader.id, _MOST)
    tokens = [site.links.token("view", reader.id, int(one.composed_at.timestamp())) for one in issues]
    told = [(one, f"/{PATHS['view']}/{token}") for one, token in zip(issues, tokens, strict=True)]
    name = next((one.name for one in site.app.profiles if one.id == reader.profile), reader.profile)
    return page(request, "archive", title=words_for(request)("digests-yours", name=name), issues=told, is_private=True)


@kept
def of_profile(request: Request) -> Response:
    """List the digests of a public profile."""
    site = site_of(request)
    profile = site.public_profile(request.path_params["profile"])
    with site.app.store.read() as session:
        issues = archive.of_profile(session, profile.id, _MOST)
    told = [(one, f"/archive/{profile.id}/{one.local_date.isoformat()}") for one in issues]
    return page(
        request, "archive", title=words_for(request)("digests-of", name=profile.name), issues=told, is_private=False
    )


@kept
def public_issue(request: Request) -> Response:
    """Show one digest of a public profile, without its reader."""
    site = site_of(request)
    profile = site.public_profile(request.path_params["profile"])
    wanted: date = request.path_params["day"]
    with site.app.store.read() as session:
        issues = archive.of_profile(session, profile.id, _MOST)
        issue = site.found(next((one for one in issues if one.local_date == wanted), None))
        found = site.found(archive.of_digest(session, issue.id))
    try:
        digest = unpacked(site.found(found.tree))
    except RenderError:
        return site.found(None)
    return _as_sent(
        draw(site.app, without_reader(digest, speak(digest.language)("digest-of", name=profile.name)))[0].html
    )


def without_reader(digest: Digest, why_sent: str) -> Digest:
    """Return a digest as anybody may see it: no address, and no link that is somebody's own."""
    return replace(digest, recipient="", own=(), links=(), unsubscribe="", why_sent=why_sent)


def _html(app: App, found: Kept) -> str | None:
    if found.content is not None:
        message = message_from_bytes(found.content, policy=default)
        body = message.get_body(("html",))
        return str(body.get_content()) if body else None
    return draw(app, unpacked(found.tree))[0].html if found.tree else None


def _as_sent(html: str) -> Response:
    headers = {"Content-Security-Policy": ARCHIVE_POLICY, "X-Robots-Tag": "noindex"}
    return Response(html, headers=headers, media_type="text/html; charset=utf-8")


def _two(found: tuple[int, ...]) -> tuple[int, int] | None:
    return (found[0], found[1]) if len(found) == 2 else None
