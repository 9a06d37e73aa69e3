"""Which language a page speaks: the one chosen, else that of the reader's profile, else what the browser asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.words import DEFAULT, Words, languages, speak

COOKIE = "lang"
_A_YEAR = 365 * 24 * 3600
_MOST_ASKED = 20
_WISH = re.compile(r"([a-z]{1,8})(?:-[a-z0-9-]{1,30})?(?:;q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)


class Remembering:
    """Remembers the language that a page was asked in by ``?lang=``: in a cookie that says nothing else."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._kept = f"; Max-Age={_A_YEAR}; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_https else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        said = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=None).get("lang", [""])[-1]
        wanted = said if said in languages() else ""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Accept-Language, Cookie")
                if wanted:
                    headers.append("Set-Cookie", f"{COOKIE}={wanted}{self._kept}")
            await send(message)

        scope.setdefault("state", {})["chosen"] = wanted or _remembered(scope)
        await self._app(scope, receive, sending)


def _remembered(scope: Scope) -> str:
    try:
        cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    found = cookies[COOKIE].value if COOKIE in cookies else ""
    return found if found in languages() else ""


def words_for(request: Request) -> Words:
    """Return the words in which a request is answered."""
    state = request.scope["state"]
    return speak(
        state.get("chosen") or state.get("of_profile") or asked_for(request.headers.get("accept-language", ""))
    )


def speaks_like(request: Request, language: str) -> None:
    """Let a page speak the language of a profile, unless its reader chose one on our pages."""
    request.scope["state"]["of_profile"] = language


def speaks_only(request: Request, language: str) -> None:
    """Let a page speak one language, whatever was chosen: it has no other words."""
    request.scope["state"] |= {"chosen": language, "has_no_other": True}


def asked_for(header: str) -> str:
    """Return the language that a browser likes best of those that we speak (RFC 9110, section 12.5.4)."""
    wishes = [
        found for part in header[:500].split(",")[:_MOST_ASKED] if (found := _WISH.fullmatch(part.replace(" ", "")))
    ]
    known = [(float(wish[2] or 1), wish[1].lower()) for wish in wishes if wish[1].lower() in languages()]
    best = max(known, key=lambda wish: wish[0], default=(0.0, DEFAULT))
    return best[1] if best[0] else DEFAULT


def turned(request: Request) -> Iterable[tuple[str, str, str]]:
    """Return each language, how it calls itself, and where the same page speaks it; none where there is no choice."""
    if request.method not in ("GET", "HEAD") or request.scope["state"].get("has_no_other"):
        return []
    rest = [pair for pair in parse_qsl(request.url.query) if pair[0] != "lang"]
    return [(code, speak(code)("language-name"), "?" + urlencode([*rest, ("lang", code)])) for code in languages()]
