"""Signing up, confirming, choosing, pausing, moving, leaving: pages that show, and POSTs that act."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.jobs import signup
from monitor.store import readers
from monitor.types.profiles import Profile, Schedule
from monitor.types.readers import Reader
from monitor.web import forms
from monitor.web.forms import FormError
from monitor.web.language import speaks_like, words_for
from monitor.web.limits import place_of
from monitor.web.site import Site, numbers, page, reader_of, site_of

_ONE_CLICK = ("List-Unsubscribe", "One-Click")
_ASKS, _AN_HOUR = 10, 3600.0
_ASKS_OF_ALL = 300
_PRIVATE = {"X-Robots-Tag": "noindex"}


# --- signing up ----------------------------------------------------------------------------------------------------


async def subscribe(request: Request) -> Response:
    """Take a wish. The answer is the same for every address, and what is done for it too."""
    site, form = site_of(request), await forms.read(request)
    profile = site.public_profile(str(form.get("profile", "")))
    try:
        address, schedule = forms.address(form), forms.schedule(form)
    except FormError as error:
        return _profile_page(request, profile, form, error.said(words_for(request)))
    if not _may_ask(site, request):
        raise HTTPException(429, headers={"Retry-After": "3600"})
    await run_in_threadpool(signup.ask, site.app, profile, address, schedule)
    return page(request, "asked", profile=profile, address=address)


def _may_ask(site: Site, request: Request) -> bool:
    place = place_of(request.client.host if request.client else "")
    mine = site.limits.allows("sign up", place, _ASKS, _AN_HOUR)
    return mine and site.limits.allows("sign up", "", _ASKS_OF_ALL, _AN_HOUR)


def _profile_page(request: Request, profile: Profile, form: FormData, said: str) -> Response:
    typed = {name: str(form.get(name, "")) for name in ("address", "at", "timezone")}
    return page(
        request, "subscribe", status=422, profile=profile, said=said, typed=typed, days=form.getlist("day"),
        zones=zones(),
    )  # fmt: skip


def subscribing(request: Request) -> Response:
    """Show the form for one public profile."""
    profile = site_of(request).public_profile(request.path_params["profile"])
    schedule = profile.schedule
    typed = {"address": "", "at": f"{schedule.at[0]:%H:%M}", "timezone": schedule.timezone}
    return page(
        request, "subscribe", profile=profile, said="", typed=typed, days=list(schedule.days), zones=zones()
    )  # fmt: skip


@cache
def zones() -> tuple[str, ...]:
    """Return the time zones that people choose from, looked up among this machine's files once."""
    return tuple(
        sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    )


def confirming(request: Request) -> Response:
    """Show what a confirmation would do."""
    found = signup.waiting(site_of(request).app, numbers(request, "confirm"))
    return _confirmation(request, found, is_done=False)


async def confirm(request: Request) -> Response:
    """Confirm."""
    found = await run_in_threadpool(signup.confirm, site_of(request).app, numbers(request, "confirm"))
    return _confirmation(request, found, is_done=True)


def _confirmation(request: Request, found: signup.Confirmed, *, is_done: bool) -> Response:
    site, wish = site_of(request), found.signup
    profile = site.app.profiles.get(wish.profile) if wish else None
    preferences = site.links.token("preferences", found.subscription) if found.subscription else ""
    speaks_like(request, profile.language if profile else "")
    return page(
        request, "confirm", outcome=found.outcome, wish=wish, name=profile.name if profile else "",
        preferences=preferences, is_done=is_done, headers=_PRIVATE,
    )  # fmt: skip


# --- leaving -------------------------------------------------------------------------------------------------------


def unsubscribing(request: Request) -> Response:
    """Show the button; whoever only looks changes nothing."""
    return _unsubscribe_page(request, reader_of(request, "unsubscribe"))


async def unsubscribe(request: Request) -> Response:
    """Unsubscribe by the button or by RFC 8058's one click; anything else shows the button."""
    reader = await run_in_threadpool(reader_of, request, "unsubscribe")
    app, body = site_of(request).app, await request.body()
    form = await forms.read(request)
    said = form.get("action")
    if form.get(_ONE_CLICK[0]) == _ONE_CLICK[1] or body.strip() == "=".join(_ONE_CLICK).encode() or said == "leave":
        await run_in_threadpool(signup.leave, app, reader)
    elif said == "back":
        await run_in_threadpool(signup.come_back, app, reader)
    back = words_for(request)("done-back") if said == "back" else ""
    return await run_in_threadpool(_unsubscribe_page, request, reader, back)


def _unsubscribe_page(request: Request, reader: Reader, said: str = "") -> Response:
    site = site_of(request)
    with site.app.store.read() as session:
        gone = signup.has_left(session, reader)
    return page(
        request, "unsubscribe", reader=reader, name=_name(site, reader), is_gone=gone, address=masked(reader.recipient),
        said=said, preferences=site.links.token("preferences", reader.id), headers=_PRIVATE,
    )  # fmt: skip


def masked(address: str) -> str:
    """Return an address as its owner knows it again and nobody else: a link may be forwarded."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


# --- preferences ---------------------------------------------------------------------------------------------------


def preferences(request: Request) -> Response:
    """Show what a reader chose."""
    return _preferences_page(request, reader_of(request, "preferences"))


async def prefer(request: Request) -> Response:
    """Do what a reader wants: save, move, leave, come back, be forgotten."""
    reader = await run_in_threadpool(reader_of, request, "preferences")
    form = await forms.read(request)
    try:
        said = await run_in_threadpool(_act, request, reader, form)
    except FormError as error:
        return await run_in_threadpool(
            _preferences_page, request, reader, error.said(words_for(request)), is_wrong=True
        )
    if said is None:
        return page(request, "forgotten", headers=_PRIVATE)
    return await run_in_threadpool(_preferences_page, request, reader_of(request, "preferences"), said)


def _act(request: Request, reader: Reader, form: FormData) -> str | None:
    """Do one thing and return what to say, or ``None`` when nothing is left to say it of."""
    site, say = site_of(request), words_for(request)
    action = form.get("action")
    if action == "save":
        chosen = forms.schedule(form)
        today = site.app.clock.now().astimezone(ZoneInfo(chosen.timezone)).date()
        until = forms.pause(form, today)
        signup.choose(site.app, reader, reader.schedule if chosen == _as_shown(site, reader) else chosen, until)
        return say("done-saved")
    if action == "move":
        return _move(request, reader, form)
    if action == "leave":
        signup.leave(site.app, reader)
        return say("done-left")
    if action == "back":
        signup.come_back(site.app, reader)
        return say("done-back")
    if action == "forget":
        if form.get("sure") != "yes":
            raise FormError("wrong-sure")
        signup.forget(site.app, reader)
        return None
    return ""


def _move(request: Request, reader: Reader, form: FormData) -> str:
    site = site_of(request)
    if not reader.is_ours:
        raise FormError("wrong-not-ours")
    address = forms.address(form)
    if not _may_ask(site, request):
        raise HTTPException(429, headers={"Retry-After": "3600"})
    profile = site.found(site.app.profiles.get(reader.profile))
    signup.ask(site.app, profile, address, reader.schedule, reader.id)
    return words_for(request)("done-move", address=address)


def _preferences_page(request: Request, reader: Reader, said: str = "", *, is_wrong: bool = False) -> Response:
    site = site_of(request)
    with site.app.store.read() as session:
        gone = signup.has_left(session, reader)
        reader = readers.reader(session, reader.id) or reader
    now: datetime = site.app.clock.now()
    return page(
        request, "preferences", status=422 if is_wrong else 200, reader=reader, name=_name(site, reader), said=said,
        is_wrong=is_wrong, is_gone=gone, schedule=_as_shown(site, reader), now=now, zones=zones(),
        address=masked(reader.recipient), archive=site.links.token("archive", reader.id), headers=_PRIVATE,
    )  # fmt: skip


def _as_shown(site: Site, reader: Reader) -> Schedule | None:
    """Return what the page can show of a reader's schedule: one hour of each day.

    Who saves it as it is, to pause for a while, keeps what it does not show: a second hour, the first of a month, the
    source that a profile waits for.
    """
    profile = site.app.profiles.get(reader.profile)
    held = reader.schedule or (profile.schedule if profile else None)
    return held and Schedule(held.days, held.at[:1], held.timezone)


def _name(site: Site, reader: Reader) -> str:
    return next((one.name for one in site.app.profiles if one.id == reader.profile), reader.profile)
