"""What may stand under ``web:`` in ``monitor.yaml``: the pages, and the links in mails that lead to them."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.settings.fields import Line, Text, Written
from monitor.settings.problems import wrong
from monitor.settings.values import WebSettings
from monitor.settings.words import check_line
from monitor.settings.yaml import shown

_BASE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_LISTEN = re.compile(r"(\[[0-9a-fA-F:]+\]|[0-9.]+|localhost):([0-9]{1,5})")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")


def check_base_url(text: str) -> str:
    """Return ``text`` without a slash at its end when links can start with it."""
    from monitor.links import LONGEST_BASE_URL  # late: what signs links is loaded where there are links

    text = text.removesuffix("/")
    if not _BASE_URL.fullmatch(text):
        raise wrong(f"{shown(text)} is no address that links can start with", "write https://papers.example.org")
    if len(text) > LONGEST_BASE_URL:
        hint = f"use a name of at most {LONGEST_BASE_URL} letters: mail programs hide the button of a longer link"
        raise wrong(f"{shown(text)} is too long for the unsubscribe link of a mail", hint)
    return text


def check_listen(text: str) -> str:
    """Return ``text`` when it is an IP address of this machine with a port."""
    found = _LISTEN.fullmatch(text)
    hint = "write 127.0.0.1:8000, or 0.0.0.0:8000 to be reached from everywhere"
    if not found or not 0 <= int(found[2]) <= 65_535:
        raise wrong(f"{shown(text)} is no address and port to listen at", hint)
    try:
        ipaddress.ip_address("127.0.0.1" if found[1] == "localhost" else found[1].strip("[]"))
    except ValueError:
        raise wrong(f"{shown(text)} is no address and port to listen at", hint) from None
    return text


def check_password(text: str) -> str:
    """Return ``text`` when it is the hash of a password."""
    if not text.startswith("$argon2id$"):
        raise wrong("this is not the hash of a password", "`monitor web --hash-password` makes one from a password")
    return check_line(text)


def check_header(text: str) -> str:
    """Return ``text`` when it is the name of a header."""
    if not _HEADER.fullmatch(text):
        raise wrong(f"{shown(text)} is no name of a header", "write it like X-Remote-User")
    return text


class WrittenWeb(Written):
    """The pages: listings, sign-up, archive, and where the links in mails lead."""

    base_url: Annotated[str, AfterValidator(check_base_url)] = Field(
        description="How the pages are reached from outside, such as https://papers.example.org"
    )
    listen: Annotated[str, AfterValidator(check_listen)] = Field(
        default="127.0.0.1:8000", description="Address and port to listen at; this machine alone when absent"
    )
    key: Text | None = Field(
        default=None,
        description="The secret that signs links, ${file:...}; one is made beside the database when absent",
    )
    password_hash: Annotated[str, AfterValidator(check_password)] | None = Field(
        default=None, description="The argon2 hash that opens the operator's pages; without it and user_header, no one"
    )
    user_header: Annotated[str, AfterValidator(check_header)] | None = Field(
        default=None, description="A header in which a proxy under 'proxies' names the operator, such as X-Remote-User"
    )
    proxies: list[Line] = Field(
        default_factory=list, description="Addresses of proxies that may say who asks: X-Forwarded-For, user_header"
    )
    edit: bool = Field(default=False, description="Whether the operator's pages may write profiles")

    def settings(self) -> WebSettings:
        """Return what this means."""
        host, _, port = self.listen.rpartition(":")
        return WebSettings(
            base_url=self.base_url,
            host=host.strip("[]"),
            port=int(port),
            key=self.key,
            password_hash=self.password_hash,
            user_header=self.user_header,
            proxies=tuple(self.proxies),
            edit=self.edit,
        )
