"""Who may see the operator's pages: a password (argon2), or what a proxy in front says; and that forms are our own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, Signer, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response

from monitor.settings.values import WebSettings
from monitor.web.limits import place_of
from monitor.web.site import site_of

COOKIE = "operator"
_VALID = 12 * 3600
_TRIES, _MINUTES = 5, 300.0
_proven: dict[str, bytes] = {}
"""The last password that was right for a hash, itself hashed: a scraper asks often, argon2 is slow on purpose."""


def who(request: Request) -> str:
    """Return who the operator is that asks, or an empty string when it is somebody else."""
    web = settings(request)
    if web.user_header and request.scope["state"].get("is_proxied"):
        return request.headers.get(web.user_header, "")[:100]
    if not web.password_hash:
        return ""
    if _is_session(request, request.cookies.get(COOKIE, "")):
        return "operator"
    return "operator" if _is_right(request, _basic(request)) else ""


def log_in(request: Request, password: str) -> str | None:
    """Return the value of a new session's cookie, or ``None`` when the password is wrong."""
    return _signer(request).sign(secrets.token_urlsafe(16)).decode() if _is_right(request, password) else None


def settings(request: Request) -> WebSettings:
    """Return the settings of the pages."""
    web = site_of(request).app.settings.web
    assert web is not None
    return web


def remember(request: Request, response: Response, cookie: str) -> Response:
    """Return ``response`` with the session's cookie."""
    is_https = site_of(request).links.base_url.startswith("https:")
    response.set_cookie(
        COOKIE, cookie, max_age=_VALID, path="/", secure=is_https, httponly=True, samesite="strict"
    )  # fmt: skip
    return response


def form_key(request: Request) -> str:
    """Return what a form of this very session carries (OWASP: signed double submit)."""
    return _form_signer(request).get_signature(_bound_to(request).encode()).decode()


def is_own_form(request: Request, key: str) -> bool:
    """Return whether a form was drawn by us for this very session, and sent from one of our pages."""
    return is_own_page(request) and _form_signer(request).verify_signature(_bound_to(request).encode(), key.encode())


def is_own_page(request: Request) -> bool:
    """Return whether a request comes from one of our pages, as browsers say (RFC 6454)."""
    base = urlsplit(site_of(request).links.base_url)
    return request.headers.get("origin", "") == f"{base.scheme}://{base.netloc}"


def may_try(request: Request, *, cost: int = 1) -> bool:
    """Return whether one more password may be tried from there now; what was right before costs nothing."""
    place = place_of(request.client.host if request.client else "")
    return site_of(request).limits.allows("log in", place, _TRIES, _MINUTES, cost=cost)


def _bound_to(request: Request) -> str:
    return request.cookies.get(COOKIE, "") or f"user {who(request)}"


def _is_session(request: Request, cookie: str) -> bool:
    try:
        _signer(request).unsign(cookie, max_age=_VALID)
    except BadSignature:
        return False
    return True


def _is_right(request: Request, password: str) -> bool:
    wanted = settings(request).password_hash
    if not wanted or not password:
        return False
    if not may_try(request, cost=0):
        return False
    digest = hashlib.sha256(f"{wanted} {password}".encode()).digest()
    if hmac.compare_digest(_proven.get(wanted, b""), digest):
        return True
    if not may_try(request):
        return False
    try:
        PasswordHasher().verify(wanted, password)
    except (VerificationError, InvalidHashError):
        return False
    _proven.clear()
    _proven[wanted] = digest
    return True


def _basic(request: Request) -> str:
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return ""
    try:
        return base64.b64decode(said, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _signer(request: Request) -> TimestampSigner:
    """Return what signs sessions; a new password ends all that there are."""
    salt = f"paper-monitor session {settings(request).password_hash}"
    keys = list(site_of(request).links.keys)
    return TimestampSigner(keys, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)


def _form_signer(request: Request) -> Signer:
    keys = list(site_of(request).links.keys)
    return Signer(keys, salt="paper-monitor form", key_derivation="hmac", digest_method=hashlib.sha256)


def hashed(password: str) -> str:
    """Return the argon2 hash of a password, for monitor.yaml."""
    return PasswordHasher().hash(password)
