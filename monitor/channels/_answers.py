"""What a mail server's answer, or its silence, means for a mail (RFC 5321, 4.2; RFC 3463 for codes such as 5.7.1).

The one question behind every rule: is it this message that is refused, or would the next one be refused too?
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Literal

from monitor.errors import DeliveryError
from monitor.text import one_line

Step = Literal["connect", "hello", "tls", "login", "sender", "recipient", "data", "content"]
"""How far a delivery came; ``content`` begins when the final dot is on its way."""

_SILENT = MappingProxyType({
    "connect": "cannot be reached", "hello": "broke off at the greeting", "tls": "broke off at STARTTLS",
    "login": "broke off at the login",
})  # fmt: skip
_OPENING = _SILENT.keys()
_REFUSED = MappingProxyType({
    "connect": "turned us away", "hello": "rejected our EHLO", "tls": "did not begin TLS", "login": "refused the login",
    "sender": "refused the sender", "recipient": "refused the recipient", "data": "refused to take the message",
    "content": "refused the message",
})  # fmt: skip
_ADVICE = MappingProxyType({
    "connect": "ask its operator why, or set another `host`; all mails are kept",
    "hello": "ask its operator whether it knows the domain of the sender address; all mails are kept",
    "tls": "nothing was sent in clear; if this lasts, ask its operator, or try `tls: implicit` with port 465",
    "login": "check `username` and `password` of the email channel; all mails are kept",
    "sender": "set a sender address that this server may send for; all mails are kept",
    "recipient": "correct or remove the address",
    "data": "see the server's own words",
    "content": "see the server's own words",
})  # fmt: skip
_ADVICE_BY_STATUS = MappingProxyType({
    "5.7.25": "give the sending address a PTR record that points back to it",
    "5.7.26": "publish SPF and DKIM records for the sender's domain, or send through its own mail server",
    "5.7.28": "the server sees too much unwanted mail from here; send less, and check who subscribed",
    "5.7.515": "publish SPF, DKIM and DMARC records for the sender's domain",
})  # fmt: skip

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_WAIT = re.compile(r"(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b", re.IGNORECASE)
_SECONDS = MappingProxyType({"s": 1, "m": 60, "h": 3600})
_LONGEST_WAIT = 4 * 3600.0
_GREYLIST_WAIT = 300.0
_LOGIN_WAIT = 900.0  # faster tries lock accounts
_SPEED = re.compile(r"\brate\b|too (?:fast|many)|\bthrottl|4\.7\.28", re.IGNORECASE)
_ABOUT_US = re.compile(r"\brelay|\bauthenticat|\bSTARTTLS\b", re.IGNORECASE)  # at RCPT, and not about the recipient


def refused(host: str, step: Step, code: int, text: str) -> DeliveryError:
    """Return what a refusal means: ``permanent`` only when it is about this message or its recipient alone."""
    words = one_line(f"{code} {text}", 300)
    if not 400 <= code <= 599:
        reason = f"{host} gave an answer that is not SMTP ({words}); check `host` and `port`"
        return DeliveryError(reason, uncertain=step == "content", channel_wide=step != "content")
    everyone = _meets_everyone(step, code, text)
    full_mailbox = step == "recipient" and code == 552  # to be read as 452: RFC 5321, 4.5.3.1.10
    permanent = code >= 500 and not everyone and not full_mailbox
    return DeliveryError(
        f"{host} {_REFUSED[step]} ({words}); {_advice(step, code, text, everyone=everyone)}",
        permanent=permanent,
        channel_wide=everyone,
        slow_down=code < 500 and _is_about_speed(step, code, text),
        bounced=permanent and _is_about_the_recipient(step, text),
        retry_after=None if permanent else _wait(step, code, text),
    )


def unanswered(host: str, step: Step, cause: str) -> DeliveryError:
    """Return what a time-out or a lost connection means: after the final dot nobody knows (RFC 1047)."""
    why = one_line(cause, 300) or "no answer"
    if step == "content":
        reason = f"{host} took the message and did not say what became of it ({why}); it may have arrived"
        return DeliveryError(reason, uncertain=True)
    if step in _OPENING:
        advice = "check `host`, `port` and `tls`, and that the server runs; all mails are kept"
        return DeliveryError(f"{host} {_SILENT[step]} ({why}); {advice}", channel_wide=True)
    return DeliveryError(f"{host} went silent before the message was sent ({why}); it will be tried again")


def _meets_everyone(step: Step, code: int, text: str) -> bool:
    if step in _OPENING:
        return True
    if step == "sender":
        return code >= 500 and code != 552  # 552: the size of this message (RFC 1870)
    return step == "recipient" and (code in (530, 535) or (code >= 500 and bool(_ABOUT_US.search(text))))


def _is_about_speed(step: Step, code: int, text: str) -> bool:
    return step not in _OPENING and (code == 421 or bool(_SPEED.search(text)))


def _is_about_the_recipient(step: Step, text: str) -> bool:
    """Whether a refusal is about the address: at RCPT unless its code speaks of policy, later if it says so."""
    status = _STATUS.search(text)
    subject = status[0].split(".")[1] if status else ""
    return subject == "1" if step != "recipient" else subject != "7"


def _advice(step: Step, code: int, text: str, *, everyone: bool) -> str:
    if code < 500:  # 4xx: try again
        return "it will be tried again"
    status = _STATUS.search(text)
    if status and status[0] in _ADVICE_BY_STATUS:
        return _ADVICE_BY_STATUS[status[0]]
    if code == 552:  # too large, or no room
        return "the mailbox is full, or the message is too large for it: a smaller `budget` makes smaller mails"
    if step == "recipient" and everyone:
        return "it wants a login or does not forward for us: check `username` and `password`; all mails are kept"
    return _ADVICE[step]


def _wait(step: Step, code: int, text: str) -> float | None:
    """Return the wait in seconds that the server names, else what its refusal calls for."""
    asked = _WAIT.search(text)
    if asked:
        return min(float(asked[1]) * _SECONDS[asked[2][0].lower()], _LONGEST_WAIT)
    if step == "login":
        return _LOGIN_WAIT
    return _GREYLIST_WAIT if step == "recipient" and code in (450, 451) else None
