"""What receivers of mail look at: the records of the sender's domain, the relay, the links, the postal address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from monitor.channels._dns import DnsSilenceError
from monitor.errors import DeliveryError, RenderError
from monitor.render.message import Sender
from monitor.render.signature import SigningKey, fits
from monitor.text import one_line

State: TypeAlias = Literal["good", "poor", "bad", "unknown"]
Ask: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Returns the TXT records of a name; raises DnsSilenceError."""

_SHOWN = 200
_ANYBODY = re.compile(r"(?:^|\s)\+?all(?:\s|$)", re.IGNORECASE)
_POLICY = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``bad`` loses mails, ``poor`` trust, ``unknown`` is not seen from here."""

    about: str
    state: State
    says: str


class Relay(Protocol):
    """A mail server that can be tried without a mail."""

    async def probe(self, sender: str) -> str:
        """Return what was agreed. Raises DeliveryError."""
        ...


async def run(sender: Sender, postal: str, base_url: str, relays: dict[str, Relay], ask: Ask) -> tuple[Finding, ...]:
    """Return what is good and bad about the mails of ``sender``; ``relays`` are the mail servers by channel."""
    domain = sender.address.rpartition("@")[2]
    found = [of_address(sender.address)]
    if found[0].state == "good":
        found += [await _asked("SPF", domain, lambda texts: spf(domain, texts), ask)]
        found += [await _dkim(key, domain, ask) for key in sender.keys] or [unsigned(bool(relays))]
        found += [await _dmarc(domain, ask)]
    found += [await _relay(name, relay, sender.address) for name, relay in relays.items()]
    return (*found, of_links(base_url), of_postal(postal))


async def _asked(about: str, name: str, judge: Callable[[Sequence[str]], Finding], ask: Ask) -> Finding:
    try:
        return judge(await ask(name))
    except DnsSilenceError as silence:
        return Finding(about, "unknown", one_line(str(silence), _SHOWN))


async def _dkim(key: SigningKey, domain: str, ask: Ask) -> Finding:
    name = f"{key.selector}._domainkey.{domain}"
    return await _asked(f"DKIM {key.selector}", name, lambda texts: dkim(key, domain, texts), ask)


async def _dmarc(domain: str, ask: Ask) -> Finding:
    """Look at the domain, and while nothing is there, at those above it (RFC 7489, 6.6.3)."""
    labels = domain.split(".")
    found = Finding("DMARC", "unknown", f"{domain} has too few parts")
    for start in range(max(len(labels) - 1, 1)):
        name = f"_dmarc.{'.'.join(labels[start:])}"
        found = await _asked("DMARC", name, lambda texts, name=name: dmarc(name, texts), ask)  # type: ignore[misc]
        if found.state != "poor" or "no DMARC record" not in found.says:
            break
    return found


async def _relay(name: str, relay: Relay, sender: str) -> Finding:
    about = f"relay ({name})" if name else "relay"
    try:
        return Finding(about, "good", await relay.probe(sender))
    except DeliveryError as error:
        return Finding(about, "bad", error.reason)


def of_address(address: str) -> Finding:
    """Judge the domain that mails come from: envelope, From and DKIM's d= are one domain, so they are aligned."""
    domain = address.rpartition("@")[2]
    if "." not in domain or domain.endswith((".localhost", ".local", ".invalid", ".test", ".example")):
        says = f"{address} is no address that receivers believe; set `sender: {{address: ...}}` in a domain of yours"
        return Finding("From", "bad", says)
    return Finding("From", "good", f"{address}; the envelope and DKIM use {domain} too, so they are aligned")


def spf(domain: str, texts: Iterable[str]) -> Finding:
    """Judge the TXT records of a domain by RFC 7208."""
    found = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        says = f"{domain} has no SPF record; publish a TXT record such as `v=spf1 mx -all` that names your relay"
        return Finding("SPF", "poor", says)
    if len(found) > 1:
        return Finding("SPF", "bad", f"{domain} has {len(found)} SPF records, which counts as an error; keep one")
    if _ANYBODY.search(found[0]):
        return Finding("SPF", "poor", f"{_shown(found[0])} lets everybody send in your name; end it with `-all`")
    return Finding("SPF", "good", f"{_shown(found[0])}; see that it names your relay")


def dkim(key: SigningKey, domain: str, texts: Sequence[str]) -> Finding:
    """Judge whether what stands in the DNS is the public part of ``key`` (RFC 6376): a signed text must verify."""
    about, name = f"DKIM {key.selector}", f"{key.selector}._domainkey.{domain}"
    if not texts:
        return Finding(about, "bad", f"there is no record at {name}; publish the public part of the key there")
    try:
        good = [text for text in texts if fits(key, domain, text)]
    except RenderError as error:
        return Finding(about, "bad", str(error))
    if len(texts) > 1:
        return Finding(about, "bad", f"there are {len(texts)} records at {name}, and receivers take any; keep one")
    if not good:
        return Finding(about, "bad", f"the record at {name} is not the public part of the key; publish that one")
    return Finding(about, "good", f"{name} holds the public part of the key")


def unsigned(by_mail: bool) -> Finding:  # noqa: FBT001 - there is nothing else to say
    """Judge that there is no key here."""
    if not by_mail:
        return Finding("DKIM", "unknown", "no channel leads to a mail server, so nothing is signed")
    return Finding(
        "DKIM", "unknown", "mails are not signed here; if your relay does not either, add `sender: {dkim: ...}`"
    )


def dmarc(name: str, texts: Iterable[str]) -> Finding:
    """Judge the TXT records at ``_dmarc.DOMAIN`` by RFC 7489."""
    found = [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
    if not found:
        says = f"there is no DMARC record at {name}; large receivers want one: `v=DMARC1; p=none` is enough"
        return Finding("DMARC", "poor", says)
    if len(found) > 1:
        return Finding("DMARC", "bad", f"there are {len(found)} DMARC records at {name}, so none counts; keep one")
    if not _POLICY.search(found[0]):
        return Finding("DMARC", "bad", f"{_shown(found[0])} names no policy; add `p=none`, `quarantine` or `reject`")
    return Finding("DMARC", "good", _shown(found[0]))


def of_links(base_url: str) -> Finding:
    """Judge where the links in mails lead: one click to unsubscribe counts over https only (RFC 8058)."""
    if not base_url:
        says = "there is no `web:`, so mails offer to unsubscribe by mail only; large receivers want a link"
        return Finding("base URL", "poor", says)
    host = urlsplit(base_url).hostname or ""
    if not base_url.startswith("https://"):
        return Finding("base URL", "bad", f"{base_url}: one click to unsubscribe counts over https only")
    if "." not in host:
        return Finding("base URL", "bad", f"{base_url} is reached from this machine alone; readers cannot unsubscribe")
    return Finding("base URL", "good", base_url)


def of_postal(postal: str) -> Finding:
    """Judge the address on paper."""
    if not postal.strip():
        says = "there is none; some countries ask for it in mails to the public: `sender: {postal: ...}`"
        return Finding("postal address", "poor", says)
    return Finding("postal address", "good", one_line(postal, _SHOWN))


def _shown(record: str) -> str:
    return f"`{one_line(record, _SHOWN)}`"
