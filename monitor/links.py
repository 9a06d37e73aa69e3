"""Links that only we can make: signed, good for one purpose and one person, short enough for a mail header.

A token is numbers and a signature, ``42-317.kJ0...``: HMAC-SHA-256 (RFC 2104) cut to 120 bits, which is 20 letters
without spare bits, so that no second spelling of a token is valid. Each purpose signs with a key of its own. What is
in a token is no secret; only the signature is hard to make. Tokens do not expire: the store says what is over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

Purpose = Literal["unsubscribe", "preferences", "view", "archive", "more", "less", "mute", "follow", "confirm"]
PATHS: dict[Purpose, str] = {
    "unsubscribe": "u", "preferences": "p", "view": "d", "archive": "a", "more": "more", "less": "less",
    "mute": "mute", "follow": "follow", "confirm": "c",
}  # fmt: skip
"""Under which path of the site each purpose has its pages."""

LONGEST_UNSUBSCRIBE = 70
"""Some mail programs hide the button of a longer one."""
LONGEST_BASE_URL = LONGEST_UNSUBSCRIBE - len("/u/1234567.") - 20

_TOKEN = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:-(?:0|[1-9][0-9]{0,17})){0,3}\.[A-Za-z0-9_-]{20}")


class _Short(HMACAlgorithm):
    """HMAC-SHA-256, cut to 15 bytes."""

    def __init__(self) -> None:
        super().__init__(sha256)

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:15]


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one installation under ``base_url`` (no slash at its end).

    The last of ``keys`` signs; links signed with the ones before it stay good.
    """

    base_url: str
    keys: tuple[str, ...] = field(repr=False)

    def url(self, purpose: Purpose, *numbers: int) -> str:
        """Return the address of ``purpose`` for the person or thing that ``numbers`` name."""
        return f"{self.base_url}/{PATHS[purpose]}/{self.token(purpose, *numbers)}"

    def token(self, purpose: Purpose, *numbers: int) -> str:
        """Return the last part of that address."""
        return _signer(self.keys, purpose).sign("-".join(map(str, numbers))).decode("ascii")

    def read(self, purpose: Purpose, token: str) -> tuple[int, ...] | None:
        """Return the numbers of a token that was made here for ``purpose``, else ``None``, in constant time."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            numbers = _signer(self.keys, purpose).unsign(token)
        except BadSignature:
            return None
        return tuple(int(number) for number in numbers.split(b"-"))

    def of_reader(self, subscription: int, at: datetime) -> ReaderLinks:
        """Return the links of the digest that a subscription gets at a moment."""
        return ReaderLinks(self, subscription, int(at.timestamp()))


@lru_cache(maxsize=64)
def _signer(keys: tuple[str, ...], purpose: Purpose) -> Signer:
    """Return what signs for one purpose; its keys are derived once, and not for each of a mail's fifty links."""
    signer = Signer(list(keys), salt=f"paper-monitor {purpose}", key_derivation="hmac")
    derived = [signer.derive_key(key) for key in keys]
    return Signer(derived, key_derivation="none", algorithm=_Short())


@dataclass(frozen=True, slots=True)
class ReaderLinks:
    """The links in one reader's digest; ``at`` is when it was composed, in seconds since 1970."""

    links: Links
    subscription: int
    at: int

    @property
    def unsubscribe(self) -> str:
        """Where this subscription ends: a page for people, and RFC 8058's one click for mail programs."""
        return self.links.url("unsubscribe", self.subscription)

    @property
    def preferences(self) -> str:
        """Where the reader chooses hour and days, pauses, or moves to another address."""
        return self.links.url("preferences", self.subscription)

    @property
    def view(self) -> str:
        """Where this digest can be read in a browser, exactly as it was sent."""
        return self.links.url("view", self.subscription, self.at)

    def feedback(self, kind: Literal["more", "less", "mute", "follow"], paper_id: int) -> str:
        """Return where the reader says ``kind`` of a paper; nothing is said before a button is pressed there."""
        return self.links.url(kind, self.subscription, paper_id)
