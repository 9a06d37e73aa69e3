"""What every page has at hand, and how a page becomes an answer."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app import App
from monitor.links import Links, Purpose
from monitor.types.profiles import Profile
from monitor.types.readers import Reader
from monitor.web.language import speaks_like, turned, words_for
from monitor.web.limits import Limits
from monitor.web.look import environment

if TYPE_CHECKING:
    from monitor.matchers.meaning import Meaning

T = TypeVar("T")
Handler = Callable[[Request], Response]

_KEPT = 512
_LARGEST_KEPT = 1_000_000
ARCHIVE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
"""For a digest exactly as it was sent, whose elements carry their style: nothing of it can run or load anything."""


@dataclass(slots=True)
class Site:
    """One installation's pages: the application behind them, their look, and what guards them.

    ``kept`` holds drawn pages until anything in the store changes; ``meaning`` what papers mean, once it was asked.
    """

    app: App
    templates: Path
    links: Links
    limits: Limits
    kept: OrderedDict[tuple[object, ...], Response] = field(default_factory=OrderedDict)
    keeping: Lock = field(default_factory=Lock)
    judging: Lock = field(default_factory=Lock)
    meaning: Meaning | None = None

    @property
    def today(self) -> date:
        """The date in UTC."""
        return self.app.clock.now().date()

    def public_profiles(self) -> list[Profile]:
        """Return the profiles that anybody may see."""
        return [profile for profile in self.app.profiles if profile.public]

    def public_profile(self, profile_id: str) -> Profile:
        """Return a profile that anybody may see; raises what becomes a 404 page."""
        return self.found(next((one for one in self.public_profiles() if one.id == profile_id), None))

    def found(self, thing: T | None) -> T:
        """Return ``thing``; raises what becomes a 404 page when there is none."""
        if thing is None:
            raise HTTPException(404)
        return thing


def site_of(request: Request) -> Site:
    """Return the site that a request is for."""
    return cast("Site", request.app.state.site)


def numbers(request: Request, purpose: Purpose) -> tuple[int, ...]:
    """Return what the token of a request names; raises what becomes a 404 page, the same for every wrong token."""
    site = site_of(request)
    return site.found(site.links.read(purpose, request.path_params["token"]))


def reader_of(request: Request, purpose: Purpose) -> Reader:
    """Return the reader whose link a request carries; raises what becomes a 404 page."""
    from monitor.store import readers

    site, subscription = site_of(request), numbers(request, purpose)[0]
    with site.app.store.read() as session:
        found = site.found(readers.reader(session, subscription))
    profile = site.app.profiles.get(found.profile)
    speaks_like(request, profile.language if profile else "")
    return found


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any
) -> Response:
    """Return a page drawn from ``templates/web/<template>.html.j2``, in the language of who asks."""
    site = site_of(request)
    look = environment(site.templates, words_for(request).language)
    drawn = look.get_template(f"{template}.html.j2").render(
        path=request.url.path, base_url=site.links.base_url, turned=turned(request), **facts
    )
    return Response(drawn, status, headers, media_type="text/html; charset=utf-8")


def moved(path: str) -> Response:
    """Return the answer that leads on to one of our own pages after something was done."""
    return Response(status_code=303, headers={"Location": path})


def kept(handler: Handler) -> Handler:
    """Draw a public page once for each state of the store, and answer with 304 whoever has it already.

    For pages that are the same for everybody: the address and the language say all.
    """

    @wraps(handler)
    def answer(request: Request) -> Response:
        site = site_of(request)
        state = (site.app.store.version(), id(site.app.profiles), site.today)
        key = (request.url.path, request.url.query, words_for(request).language, *state)
        with site.keeping:
            response = site.kept.get(key)
        if response is None:
            response = handler(request)
            _keep(site, key, response)
        return unless_known(request, response)

    return answer


def _keep(site: Site, key: tuple[object, ...], response: Response) -> None:
    response.headers["ETag"] = f'"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
    response.headers["Cache-Control"] = "public, max-age=60"
    if response.status_code != 200 or len(response.body) > _LARGEST_KEPT:
        return
    with site.keeping:
        site.kept[key] = response
        while len(site.kept) > _KEPT:
            site.kept.popitem(last=False)


def unless_known(request: Request, response: Response) -> Response:
    """Return ``response``, or 304 when the asker has those very bytes (RFC 9110, section 13.1.2)."""
    wanted = request.headers.get("if-none-match", "")
    tag = response.headers.get("etag", "")
    known = {one.strip().removeprefix("W/") for one in wanted.split(",")}
    if tag and known & {tag, "*"}:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": response.headers["cache-control"]})
    return response
