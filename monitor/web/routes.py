"""Every address of the site, on one page."""

from __future__ import annotations

from datetime import date

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from monitor import resources
from monitor.app import App
from monitor.errors import MonitorError
from monitor.links import PATHS
from monitor.web import archive, feedback, health, listings, operator, papers, search, subscriptions
from monitor.web.feeds import FeedForm
from monitor.web.guard import Guard
from monitor.web.language import Remembering
from monitor.web.limits import Limits
from monitor.web.look import part_of_look
from monitor.web.site import Site, page

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_A_DAY = {"Cache-Control": "public, max-age=86400"}
_ERRORS = frozenset({400, 403, 404, 405, 408, 413, 429, 503})


class _Day(Convertor[date]):
    regex = r"\d{4}-\d{2}-\d{2}"

    def convert(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return date.min

    def to_string(self, value: date) -> str:
        return value.isoformat()


def site(app: App) -> ASGIApp:
    """Return the pages of an installation. Raises MonitorError when monitor.yaml has no ``web:``."""
    web = app.settings.web
    if web is None or app.links is None:
        raise MonitorError("there are no pages without 'web: {base_url: https://...}' in monitor.yaml; add it")
    starlette = Starlette(
        routes=routes(),
        exception_handlers={
            HTTPException: _error,
            FileNotFoundError: _error,
            MonitorError: _trouble,
            Exception: _broken,
        },
    )
    starlette.router.redirect_slashes = False  # it would lead to whatever host the request names
    starlette.state.site = Site(app, resources.folder("templates"), app.links, Limits(app.clock))
    is_https = web.base_url.startswith("https:")
    return Guard(Remembering(starlette, is_https=is_https), is_https=is_https, proxies=web.proxies)


def routes() -> list[BaseRoute]:
    """Return all routes. Without ``methods``, GET and HEAD."""
    register_url_convertor("form", FeedForm())
    register_url_convertor("day", _Day())
    return [
        *_public(),
        *_of_readers(),
        *operator.routes(),
        Route("/healthz", health.healthz),
        Route("/metrics", health.metrics),
        Route("/style.css", _style),
        Route("/editor.js", _script),
        Route("/icon.svg", _icon),
        Route("/robots.txt", _robots),
    ]


def _public() -> list[BaseRoute]:
    spans = [
        route
        for kind in ("day", "week", "month")
        for route in (
            Route(f"/{kind}.{{form:form}}", listings.spans(kind)),
            Route(f"/{kind}", listings.spans(kind)),
            Route(f"/{kind}/{{name}}.{{form:form}}", listings.spans(kind)),
            Route(f"/{kind}/{{name}}", listings.spans(kind)),
        )
    ]
    return [
        Route("/", listings.spans("day")),
        *spans,
        Route("/trending.{form:form}", listings.rising),
        Route("/trending", listings.rising),
        Route("/paper/{number:int}.bib", papers.reference),
        Route("/paper/{number:int}", papers.paper),
        Route("/search.{form:form}", search.search),
        Route("/search", search.search),
        Route("/topics", listings.topics),
        Route("/profile/{profile}.{form:form}", listings.of_profile),
        Route("/profile/{profile}", listings.of_profile),
        Route("/topic/{profile}/{topic:path}.{form:form}", listings.of_topic),
        Route("/topic/{profile}/{topic:path}", listings.of_topic),
        Route("/archive/{profile}", archive.of_profile),
        Route("/archive/{profile}/{day:day}", archive.public_issue),
        Route("/subscribe/{profile}", subscriptions.subscribing),
        Route("/subscribe", subscriptions.subscribe, methods=["POST"]),
    ]


def _of_readers() -> list[BaseRoute]:
    pairs = {
        "confirm": (subscriptions.confirming, subscriptions.confirm),
        "unsubscribe": (subscriptions.unsubscribing, subscriptions.unsubscribe),
        "preferences": (subscriptions.preferences, subscriptions.prefer),
        **dict.fromkeys(("more", "less", "mute", "follow"), (feedback.asking, feedback.saying)),
    }
    both = [
        route
        for purpose, (shows, acts) in pairs.items()
        for route in (
            Route(f"/{PATHS[purpose]}/{{token}}", shows),  # type: ignore[index]  # each is a purpose
            Route(f"/{PATHS[purpose]}/{{token}}", acts, methods=["POST"]),  # type: ignore[index]
        )
    ]
    return [
        *both,
        Route(f"/{PATHS['view']}/{{token}}", archive.view),
        Route(f"/{PATHS['archive']}/{{token}}", archive.of_reader),
    ]


def _error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    told = f"error-{status if status in _ERRORS else 404}"
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return page(request, "error", status=status, told=told, headers=headers)


def _trouble(request: Request, _problem: Exception) -> Response:
    """Answer when the store or a job cannot do what was asked; what exactly is for the log, not for strangers."""
    return page(request, "error", status=503, told="error-503", headers={"Retry-After": "30"})


def _broken(request: Request, _error: Exception) -> Response:
    """Answer when one of our own faults stopped a page; the guard notes it."""
    return page(request, "error", status=500, told="error-500")


def _style(_request: Request) -> Response:
    content = part_of_look(resources.folder("templates"), "style.css")
    return Response(content, headers=_FOR_EVER, media_type="text/css; charset=utf-8")


def _script(_request: Request) -> Response:
    content = part_of_look(resources.folder("templates"), "editor.js")
    return Response(content, headers=_FOR_EVER, media_type="text/javascript; charset=utf-8")


def _icon(_request: Request) -> Response:
    content = (resources.folder("templates") / "web" / "icon.svg").read_bytes()
    return Response(content, headers=_A_DAY, media_type="image/svg+xml")


def _robots(_request: Request) -> Response:
    private = [f"/{PATHS[purpose]}/" for purpose in PATHS]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in [*private, "/operator", "/search"])]
    return PlainTextResponse("\n".join(lines) + "\n", headers=_A_DAY)
