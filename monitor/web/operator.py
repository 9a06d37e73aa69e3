"""The operator's pages: how it fares, what left, who reads, profiles to try, and who did what here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.errors import ConfigError, MonitorError
from monitor.jobs import edit, learn, overview
from monitor.settings.json_schema import keys_of_profiles
from monitor.settings.load import ProfileSet
from monitor.store import feedback, mails, readers, suppressions
from monitor.types.profiles import Profile
from monitor.web import forms, login
from monitor.web.guard import POLICY
from monitor.web.language import speaks_only
from monitor.web.login import COOKIE
from monitor.web.site import moved, page, site_of
from monitor.words import DEFAULT

_MOST = 200
_OWN = {"Referrer-Policy": "same-origin"}
"""Without a referrer browsers do not say either where a form comes from."""
EDITOR_POLICY = f"{POLICY}; script-src 'self'"
"""For the one page with a script: it completes what is typed."""


def routes() -> list[BaseRoute]:
    """Return the routes of the operator's pages."""
    return [
        Route("/operator", _guarded(status)),
        Route("/operator/login", logging_in),
        Route("/operator/login", log_in, methods=["POST"]),
        Route("/operator/logout", _own(log_out), methods=["POST"]),
        Route("/operator/mails", _guarded(outbox)),
        Route("/operator/readers", _guarded(people)),
        Route("/operator/readers", _own(lift), methods=["POST"]),
        Route("/operator/profiles", _guarded(profiles)),
        Route("/operator/profiles/{profile}", _guarded(profile)),
        Route("/operator/profiles/{profile}", _own(change), methods=["POST"]),
        Route("/operator/log", _guarded(actions)),
    ]


def _guarded(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Show a page to the operator, and everybody else where to log in."""

    def answer(request: Request) -> Response:
        return handler(request) if login.who(request) else moved("/operator/login")

    return answer


def _own(handler: Callable[[Request, FormData], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Do what the operator wants when the form is one of ours, drawn for this very session."""

    async def answer(request: Request) -> Response:
        form = await forms.read(request)
        if not await run_in_threadpool(login.who, request):
            return moved("/operator/login")
        if not login.is_own_form(request, str(form.get("key", ""))):
            raise HTTPException(403)
        return await run_in_threadpool(handler, request, form)

    return answer


# --- in and out ----------------------------------------------------------------------------------------------------


def logging_in(request: Request) -> Response:
    """Show the form, or that there is no password yet."""
    speaks_only(request, DEFAULT)
    return page(
        request, "login", headers=_OWN, is_wrong=False, has_password=bool(login.settings(request).password_hash)
    )


async def log_in(request: Request) -> Response:
    """Check the password; a form from another site logs nobody in."""
    form = await forms.read(request)
    if not login.is_own_page(request):
        raise HTTPException(403)
    cookie = await run_in_threadpool(login.log_in, request, str(form.get("password", ""))[:500])
    if cookie is None:
        speaks_only(request, DEFAULT)
        return page(request, "login", status=422, headers=_OWN, is_wrong=True, has_password=True)
    await run_in_threadpool(_note, request, "logged in", "")
    return login.remember(request, moved("/operator"), cookie)


def log_out(_request: Request, _form: FormData) -> Response:
    """End the session."""
    response = moved("/")
    response.delete_cookie(COOKIE)
    return response


# --- pages ---------------------------------------------------------------------------------------------------------


def status(request: Request) -> Response:
    """Show sources and batches, what is due, and what needs a person."""
    return _page(request, "operator", found=overview.run(site_of(request).app))


def outbox(request: Request) -> Response:
    """Show the mails that left last, and what was answered."""
    with site_of(request).app.store.read() as session:
        listed = mails.listed(session, limit=_MOST)
        receipts = {one.id: mails.receipts(session, one.id)[-1:] for one in listed}
    return _page(request, "operator_mails", mails=listed, receipts=receipts)


def people(request: Request) -> Response:
    """Show who subscribes to what, and who gets no mail."""
    with site_of(request).app.store.read() as session:
        listed, unwanted = readers.listed(session, _MOST), suppressions.of_all(session)
    return _page(request, "operator_readers", readers=listed, unwanted=unwanted)


def lift(request: Request, form: FormData) -> Response:
    """Send mail to somebody again; not to who unsubscribed: that is theirs to undo."""
    recipient, scope = forms.text(form, "recipient", 254), forms.text(form, "profile", 64)
    with site_of(request).app.store.write() as session:
        found = suppressions.among(session, [recipient]).get((suppressions.key(recipient), scope))
        if found is None or found.reason == "unsubscribed":
            raise HTTPException(403)
        suppressions.lift(session, recipient, profile=scope)
    _note(request, "lifted", recipient)
    return moved("/operator/readers")


def profiles(request: Request) -> Response:
    """Show all profiles with their report cards in short."""
    app = site_of(request).app
    return _page(request, "operator_profiles", profiles=list(app.profiles), warnings=app.profiles.warnings)


def profile(request: Request) -> Response:
    """Show one profile: its file to try edits on, and its report card."""
    text = edit.text_of(site_of(request).app, _profile(request).id)
    return _profile_page(request, text)


def change(request: Request, form: FormData) -> Response:
    """Try an edit, or save it where the settings allow that."""
    app, found = site_of(request).app, _profile(request)
    text = str(form.get("text", "")).replace("\r\n", "\n")
    try:
        if form.get("action") == "save":
            edit.save(app, found.id, text)
            _note(request, "saved", found.id)
            return _profile_page(request, text, said="Saved; it holds within seconds.")
        return _profile_page(request, text, draft=edit.trial(app, found.id, text))
    except ConfigError as error:
        problems = "\n\n".join(str(one).partition(f"{found.id}.yaml:")[2] for one in error.problems)
        return _profile_page(request, text, said=problems, is_wrong=True)
    except MonitorError as error:
        return _profile_page(request, text, said=str(error), is_wrong=True)


def actions(request: Request) -> Response:
    """Show the audit log."""
    with site_of(request).app.store.read() as session:
        return _page(request, "operator_log", notes=readers.notes(session, _MOST))


def _profile(request: Request) -> Profile:
    found: ProfileSet = site_of(request).app.profiles
    return site_of(request).found(next((one for one in found if one.id == request.path_params["profile"]), None))


def _profile_page(
    request: Request, text: str, *, said: str = "", is_wrong: bool = False, draft: object = None
) -> Response:  # fmt: skip
    app, found = site_of(request).app, _profile(request)
    with app.store.read() as session:
        sent, words = mails.sent(session, found.id), feedback.standing(session, found.id)
    with site_of(request).judging:
        card = learn.learn(app, found.id)[0]
    return _page(
        request, "operator_profile", status=422 if is_wrong else 200, profile=found, text=text, said=said,
        is_wrong=is_wrong, draft=draft, card=card, may_save=login.settings(request).edit, days=edit.DAYS,
        keys=keys_of_profiles(), sent=sent, said_of_it=words, headers={"Content-Security-Policy": EDITOR_POLICY},
    )  # fmt: skip


def _page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any
) -> Response:
    speaks_only(request, DEFAULT)
    return page(
        request, template, status=status, headers=_OWN | dict(headers or {}), key=login.form_key(request), **facts
    )


def _note(request: Request, what: str, of: str) -> None:
    site = site_of(request)
    with site.app.store.write() as session:
        readers.note(session, login.who(request) or "operator", what, of, site.app.clock.now())
