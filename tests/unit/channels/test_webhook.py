"""Signed JSON: what is posted, who may get it, and what an answer means."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from monitor.channels.webhook import Options, WebhookChannel, payload, signed_headers
from monitor.errors import DeliveryError
from monitor.testing import NOON, envelope
from monitor.types.digests import Acceptance
from tests.contract.test_channels import SECRET, posted


def attempt(answer: bytes, **options: Any) -> Acceptance | DeliveryError:
    async def scenario() -> Acceptance | DeliveryError:
        async with posted(answer) as port:
            wanted = {"url": f"http://127.0.0.1:{port}/hook", "secret": SECRET, "private": True, "seconds": 5} | options
            channel = WebhookChannel(Options.model_validate(wanted))
            try:
                return await channel.deliver(envelope())
            except DeliveryError as error:
                return error
            finally:
                await channel.close()

    return asyncio.run(scenario())


def answer(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", *headers, "", ""]).encode()


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification: https://www.standardwebhooks.com, with its own key and words."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(envelope(), b'{"test": 2432232314}', key, NOON)
    name, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    expected = hmac.new(key, f'{name}.{stamp}.{{"test": 2432232314}}'.encode(), hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert stamp == str(int(NOON.timestamp()))


def test_a_later_attempt_is_the_same_digest_with_a_new_time() -> None:
    body = payload(envelope())
    first, second = (signed_headers(envelope(), body, b"k" * 24, NOON + timedelta(hours=hour)) for hour in (0, 1))
    assert first["webhook-id"] == second["webhook-id"] != signed_headers(envelope(2), body, b"k", NOON)["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_the_body_says_what_the_mail_says() -> None:
    event = json.loads(payload(envelope(7)))
    assert event["type"] == "digest.sent"
    assert event["timestamp"] == "2026-03-04T12:00:00+00:00"
    assert event["data"]["recipient"] == "ada@example.org"
    assert event["data"]["html"] == envelope(7).part("html")


@pytest.mark.parametrize(
    ("status", "flags"),
    [
        ("301 Moved", {"channel_wide"}), ("401 No", {"channel_wide"}), ("404 Not Found", {"channel_wide"}),
        ("410 Gone", {"channel_wide"}), ("413 Too Large", {"permanent"}), ("429 Slow", {"slow_down"}),
        ("500 Oops", set()), ("503 Busy", set()),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: str, flags: set[str]) -> None:
    error = attempt(answer(status, "Retry-After: 120", "Location: http://127.0.0.1/elsewhere"))
    assert isinstance(error, DeliveryError)
    assert {name for name in ("permanent", "uncertain", "channel_wide", "slow_down") if getattr(error, name)} == flags
    assert error.retry_after == (120 if flags in ({"slow_down"}, set()) else None)


def test_no_address_inside_is_posted_to_unless_that_is_meant() -> None:
    error = attempt(answer("204 No Content"), private=False)
    assert isinstance(error, DeliveryError)
    assert error.channel_wide
    assert "private network" in error.reason


def test_a_receiver_that_says_nothing_is_left_and_tried_again() -> None:
    error = attempt(b"", seconds=0.2)
    assert isinstance(error, DeliveryError)
    assert not error.channel_wide
    assert not error.uncertain  # the id lets it drop what comes twice


@pytest.mark.parametrize(
    "given",
    [
        {"url": "ftp://example.org"}, {"url": "https://user:pw@example.org/"}, {"url": "https://ex ample.org/"},
        {"secret": "whsec_c2hvcnQ="}, {"secret": "not base64!"}, {"url": "https:///nowhere"},
    ],
)  # fmt: skip
def test_options_that_would_not_do_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"write|no user"):
        Options.model_validate({"url": "https://hooks.example.org/", "secret": SECRET} | given)


def test_the_secret_is_never_shown() -> None:
    options = Options(url="https://hooks.example.org/", secret=SecretStr(SECRET))
    assert SECRET not in repr(options)
