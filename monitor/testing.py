"""Fakes and builders for tests: ours, and those of whoever adds a source, matcher, section or channel.

Builders fill in what a test does not care about, and every argument overrides one field::

    paper(7, title="Denoising with fewer steps")
    profile(topic(query="diffusion"), to=("ada@example.org",))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.clock import Clock, FrozenClock
from monitor.errors import DeliveryError
from monitor.ingest.fetch import Fetched, Validators
from monitor.types.digests import Acceptance, Envelope
from monitor.types.listings import Answer, Request
from monitor.types.papers import Paper
from monitor.types.profiles import Profile, Topic

__all__ = ["NOON", "FakeFetcher", "FrozenClock", "MemoryChannel", "envelope", "paper", "profile", "topic"]

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday: the moment that the builders take for granted."""


class MemoryChannel:
    """A channel that keeps what it is given in ``delivered``, in order.

    ``failures`` are raised by the first deliveries, one each; ``None`` lets one through. ``closed`` counts closings.
    """

    lanes = 1

    def __init__(self, failures: Iterable[DeliveryError | None] = ()) -> None:
        self.delivered: list[Envelope] = []
        self.closed = 0
        self._failures = iter(failures)

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Keep the envelope, or raise the next failure."""
        failure = next(self._failures, None)
        if failure is not None:
            raise failure
        self.delivered.append(envelope)
        return Acceptance("kept", f"message {len(self.delivered)}")

    async def close(self) -> None:
        """Count the closing."""
        self.closed += 1


class FakeFetcher:
    """A fetcher that answers from a function of the URL.

    Bytes, ``None`` for "not changed", a whole ``Fetched``, or an exception to raise.

    ``asked`` keeps the requests in order, as (source, URL, validators).
    """

    def __init__(self, answer: Callable[[str], bytes | Exception | Fetched | None], clock: Clock | None = None) -> None:
        self.asked: list[tuple[str, str, Validators]] = []
        self._answer = answer
        self._clock = clock

    async def fetch(self, source: str, request: Request, validators: Validators) -> Fetched:
        """Return what the function says for the request's URL."""
        self.asked.append((source, request.url, validators))
        answer = self._answer(request.url)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Fetched):
            return answer
        if answer is None:
            return Fetched(None, validators)
        at = self._clock.now() if self._clock else NOON
        return Fetched(Answer(request.url, answer, at), Validators(etag=f'"{len(answer)}"'))

    async def close(self) -> None:
        """Nothing is held open."""


def paper(number: int = 1, **fields: Any) -> Paper:
    """Return a paper whose id, key and URL follow from ``number``, published and first seen on the day before NOON."""
    filled: dict[str, Any] = {
        "id": number,
        "key": f"arxiv:2603.{number:05d}",
        "title": f"Paper {number} on denoising",
        "abstract": "Denoising takes many steps. We propose a sampler with four. It halves the time.",
        "authors": ("Ada Lovelace", "Charles Babbage"),
        "categories": ("cs.LG",),
        "url": f"https://arxiv.org/abs/2603.{number:05d}",
        "published": NOON - timedelta(days=1, hours=18),
        "first_seen": NOON - timedelta(days=1),
        "sources": ("arxiv",),
    }
    return Paper(**filled | fields)


def topic(name: str = "diffusion", **fields: Any) -> Topic:
    """Return a topic; one with nothing to look for asks for its own name."""
    return Topic(name=name, **fields or {"query": name})


def profile(*topics: Topic, **fields: Any) -> Profile:
    """Return a profile of one reader, Ada, with the topics given or one about diffusion."""
    filled: dict[str, Any] = {"id": "ada", "name": "Ada's papers", "to": ("ada@example.org",)}
    return Profile(**filled | {"topics": topics or (topic(),)} | fields)


def envelope(number: int = 1, **fields: Any) -> Envelope:
    """Return a finished message to Ada whose Message-ID and body follow from ``number``."""
    message_id = f"<d.{number}.2026-03-04.5eed@digest.example.org>"
    lines = (
        "From: Paper Monitor <digest@example.org>",
        "To: ada@example.org",
        f"Subject: Digest {number}",
        f"Message-ID: {message_id}",
        "Date: Wed, 04 Mar 2026 12:00:00 +0000",
        "MIME-Version: 1.0",
        "Content-Type: text/html; charset=utf-8",
        "",
        f"<!doctype html><title>Digest {number}</title>",
        "",
    )
    filled: dict[str, Any] = {
        "message_id": message_id,
        "sender": "bounce@digest.example.org",
        "recipient": "ada@example.org",
        "subject": f"Digest {number}",
        "content": "\r\n".join(lines).encode(),
    }
    return Envelope(**filled | fields)
