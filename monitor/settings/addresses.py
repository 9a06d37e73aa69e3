"""Mail addresses: exactly one addr-spec (RFC 5321, section 4.1.2), in ASCII, as every mail server takes it."""

from __future__ import annotations

import re

from monitor.settings.problems import wrong
from monitor.settings.yaml import shown

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAMED = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>\s*")
_MAX_LENGTH, _MAX_LOCAL = 254, 64
_EXAMPLE = "write it like ada@example.org"


def check_address(text: str) -> str:
    """Return ``text`` when it is one address and nothing else; raises what a validator may raise."""
    if not text.isprintable():
        raise wrong(f"{shown(text)} holds a line break or a control character", "an address is on one line")
    if named := _NAMED.fullmatch(text):
        raise wrong(f"{shown(text)} is more than an address", f"write {shown(named[1])} alone")
    several = re.search(r"[,;]", text)
    if several and text.count("@") > 1:
        raise wrong(
            f"{shown(text)} is more than one address",
            "write a list: [ada@example.org, bob@example.org]",
            several.start(),
        )
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise wrong(f"{shown(text)} is no mail address", _EXAMPLE)
    _check_length(text, local)
    _check_local(text, local)
    _check_domain(text, domain, len(local) + 1)
    return text


def _check_length(text: str, local: str) -> None:
    if len(text) > _MAX_LENGTH or len(local) > _MAX_LOCAL:
        limit = f"an address has at most {_MAX_LENGTH} characters, {_MAX_LOCAL} of them before the @ (RFC 5321)"
        raise wrong(f"{shown(text)} is too long", limit)


def _check_local(text: str, local: str) -> None:
    if not local.isascii():
        raise wrong(
            f"{shown(text)} has letters before the @ that not every mail server takes", "use an address in ASCII"
        )
    if "@" in local:
        raise wrong(
            f"{shown(text)} holds more than one @", "write one address for each item of the list", local.find("@")
        )
    if not _LOCAL.fullmatch(local):
        good = _LOCAL.match(local)
        raise wrong(
            f"{shown(text)} is no mail address: see what stands before the @", _EXAMPLE, good.end() if good else 0
        )


def _check_domain(text: str, domain: str, start: int) -> None:
    if not domain.isascii():
        raise wrong(f"{shown(text)} has a domain with letters outside ASCII", _punycode_hint(domain), start)
    if domain.startswith("["):
        raise wrong(f"{shown(text)} names a machine by number", "write a domain's name after the @", start)
    labels = domain.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise wrong(f"{shown(text)} is no mail address: see what stands after the @", _EXAMPLE, start)


def _punycode_hint(domain: str) -> str:
    try:
        return f"write it as {domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return "write the domain in its ASCII form (xn--...)"
