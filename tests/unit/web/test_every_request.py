"""Requests of every kind to every route: nothing breaks, nothing is told apart, nothing is changed by looking."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from urllib.parse import quote, urlencode

import pytest
from starlette.routing import Route

from monitor.links import PATHS
from monitor.web.guard import LARGEST_BODY, POLICY
from monitor.web.operator import EDITOR_POLICY
from monitor.web.routes import routes
from monitor.web.site import ARCHIVE_POLICY
from tests.unit.web.conftest import OPEN, Place, listing
from tests.unit.web.test_signup import FORM, ask, joined

ROUTES = [one for one in routes() if isinstance(one, Route)]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
ODD = [
    "", "0", "-1", "1", "9" * 40, "2026-03-04", "2026-02-30", "2026-W10", "2026-03", "open", "diffusion", "atom", "x" * 900,
    "%00", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "' OR 1=1 --", "{{7*7}}", "<script>", "\u202e\U0001f9ea", "a\r\nX-Evil: 1", "(((",
    '"', "NOT", "1.kJ0", "\udcff", "None", "[]", "on", "UTC", "Europe/Berlin", "save", "move", "leave", "forget", "undo", "yes",
]  # fmt: skip
FIELDS = ["profile", "address", "at", "timezone", "day", "action", "until", "sure", "what", "id", "key", "text", "password",
          "recipient", "List-Unsubscribe"]  # fmt: skip
ASKED = ["page", "before", "q", "from", "to", "topic", "what", "x"]
KINDS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "",
]
SENT = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin", "strict-transport-security": "max-age=31536000",
}  # fmt: skip


def address(route, draw, value):
    """A path of a route: its parameters replaced, and sometimes a query."""
    tokens = {path: purpose for purpose, path in PATHS.items()}
    parts = []
    for part in route.path.split("/"):
        filled = part
        while "{" in filled:
            before, _, rest = filled.partition("{")
            name, _, after = rest.partition("}")
            good = value(tokens.get(route.path.split("/")[1], "view")) if name == "token" else ""
            said = good if good and draw.random() < 0.5 else quote(draw.choice(ODD), safe="%", errors="surrogatepass")
            filled = f"{before}{said}{after}"
        parts.append(filled)
    query = urlencode({draw.choice(ASKED): draw.choice(ODD) for _ in range(draw.randrange(4))}, errors="surrogatepass")
    return "/".join(parts) + (f"?{query}" if query else "")


def body(draw):
    """What a form could hold, in one way or another, whole or cut."""
    fields = [(draw.choice(FIELDS), draw.choice(ODD)) for _ in range(draw.randrange(9))]
    lines = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    said = draw.choice([urlencode(fields, errors="surrogatepass"), lines + "--x--\r\n", "{", "\x00", lines])
    return said.encode("utf-8", "surrogatepass")[: draw.choice([20, 10_000])]


def wrong_in(answer, method, path):
    """What is wrong with an answer, if anything."""
    policy = answer.headers.get("content-security-policy")
    found = [f"{name}: {answer.headers.get(name)}" for name, value in SENT.items() if answer.headers.get(name) != value]
    if path.startswith("/operator") and answer.headers.get("referrer-policy") == "same-origin":
        found = [one for one in found if not one.startswith("referrer")]
    if policy == EDITOR_POLICY:
        assert path.startswith("/operator/profiles/")
    elif policy != POLICY and not (policy == ARCHIVE_POLICY and path.startswith(("/d/", "/archive/"))):
        found.append(f"policy: {policy}")
    if answer.status >= 500 or "x-evil" in answer.headers:
        found.append(f"status: {answer.status}")
    if method not in ("GET", "HEAD", "POST") and answer.status not in (404, 405, 414):
        found.append(f"{method} was not refused: {answer.status}")
    if answer.status == 405 and not {"GET", "POST"} & set(answer.headers.get("allow", "").split(", ")):
        found.append("405 without what is allowed")
    return found


@pytest.mark.parametrize("seed", range(3))
def test_w16_no_request_breaks_a_page_and_every_answer_is_guarded(place, seed):
    draw, wrong = random.Random(seed), []

    def value(purpose):
        return place.link(purpose, *((1, 1) if purpose in ("more", "less", "mute", "follow") else (1,))).rpartition(
            "/"
        )[2]

    for number in range(12):
        for route in ROUTES:
            for method in METHODS if number == 0 else ("GET", "POST"):
                path = address(route, draw, value)
                place.client.host = f"203.0.113.{draw.randrange(255)}"
                answer = place.client.send(method, path, body(draw), {"content-type": draw.choice(KINDS)})
                wrong += [(method, path, one) for one in wrong_in(answer, method, path)]
    assert wrong == []


@pytest.mark.parametrize("route", [one for one in ROUTES if "POST" in (one.methods or ())], ids=lambda one: one.path)
def test_w17_too_much_is_refused_by_every_form(place, route):
    path = route.path.replace("{token}", "1.x").replace("{profile}", "ada")
    kind = {"content-type": KINDS[0]}
    assert place.client.send("POST", path, b"x" * (LARGEST_BODY + 1), kind).status == 413
    assert place.client.send("POST", path + "?" + "x" * 4_000, b"", kind).status == 414


def test_head_says_what_get_says_without_a_body(place):
    for path in ("/", "/paper/1", "/day.atom", "/search?q=diffusion", "/nowhere", place.link("preferences", 1)):
        whole, head = place.client.get(path), place.client.get(path, method="HEAD")
        assert (head.status, head.headers) == (whole.status, whole.headers)


# --- what takes how long -------------------------------------------------------------------------------------------


@pytest.fixture
def patient(tmp_path):
    made = Place(tmp_path, profiles=(OPEN,))
    made.pages["date=2026-03-04"] = listing(1)
    made.cycle()
    yield made
    asyncio.run(made.app.close())


def medians(calls, rounds=31):
    """The median of each call, in milliseconds of the processor, which a busy machine does not change."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name, call in calls.items():
            start = time.process_time()
            call(number)
            took[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(times[1:]) for name, times in took.items()}


def test_w13_an_address_that_is_known_takes_as_long_as_one_that_is_not(patient):
    joined(patient, address="eve@example.net")
    ask(patient, address="waiting@example.net")

    def asking(name):
        def call(number):
            patient.client.host = f"198.51.{name.__hash__() % 200}.{number}"
            assert ask(patient, address=name.format(number)).status == 200

        return call

    took = medians({name: asking(name) for name in ("eve@example.net", "waiting@example.net", "new{}@example.net")})
    assert max(took.values()) - min(took.values()) <= 5, took
    assert FORM["profile"] == "open"


@pytest.mark.parametrize("purpose", ["unsubscribe", "confirm", "archive", "view"])
def test_w13_a_link_to_somebody_takes_as_long_as_a_link_to_nobody(patient, purpose):
    real, nobody = patient.link(purpose, 1), patient.link(purpose, 987_654)
    forged = real[:-1] + ("A" if real[-1] != "A" else "B")
    paths = {"real": real, "nobody": nobody, "forged": forged}
    took = medians({name: lambda _, path=path: patient.client.get(path) for name, path in paths.items()})
    assert max(took.values()) - min(took.values()) <= 5, took
