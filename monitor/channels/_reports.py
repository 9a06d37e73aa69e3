"""What mail servers say later: bounces (RFC 3464, RFC 3462) and complaints of readers (RFC 5965).

Only reports that return our own Message-ID count, because anybody can write the rest. So the many private forms that
other servers once used are not guessed at.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from monitor.text import one_line
from monitor.types.ledger import BounceKind

LARGEST = 2_000_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NOT_THE_MAILBOX = frozenset({("2", "2"), ("2", "3"), ("3", "4")})  # full, or this message is too large for it
_MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class MailReport:
    """What was said of the mail with ``message_id``: what became of it, and the words."""

    message_id: str
    kind: BounceKind
    text: str


def read_report(content: bytes) -> tuple[MailReport, ...]:
    """Return what a message says of mails of ours; nothing when it is no report, whatever else it is. Never raises."""
    try:
        message = email.message_from_bytes(content[:LARGEST], policy=policy.compat32)
        if message.get_content_type() != "multipart/report":
            return ()
        parts = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False)]
        message_id = _returned_id(parts)
        return tuple(dict.fromkeys(_verdicts(parts, message_id))) if message_id else ()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what mutated mails do to the parser
        return ()


def _verdicts(parts: list[Message], message_id: str) -> Iterator[MailReport]:
    for part in parts:
        payload = part.get_payload()
        groups = [group for group in payload if isinstance(group, Message)] if isinstance(payload, list) else []
        if part.get_content_type() == "message/delivery-status":
            for group in groups:
                if kind := _kind(group):
                    words = f"{group.get('Status', '')} {group.get('Diagnostic-Code', '')}"
                    yield MailReport(message_id, kind, one_line(words, 300))
        if part.get_content_type() == "message/feedback-report":
            for group in groups:
                if str(group.get("Feedback-Type", "")).strip().lower() in ("abuse", "fraud", "opt-out"):
                    words = f"the reader marked it as unwanted ({group.get('User-Agent', 'no program named')})"
                    yield MailReport(message_id, "complaint", one_line(words, 300))


def _kind(group: Message) -> BounceKind | None:
    """Return what a recipient's group of fields means: only a mailbox that is gone for good is a hard bounce."""
    action = str(group.get("Action", "")).strip().lower()
    if action == "delayed":
        return "soft"
    if action != "failed":
        return None
    status = _STATUS.search(str(group.get("Status", ""))) or _STATUS.search(str(group.get("Diagnostic-Code", "")))
    if status is None or status[1] != "5" or status[2] == "7" or (status[2], status[3]) in _NOT_THE_MAILBOX:
        return "soft"
    return "hard"


def _returned_id(parts: list[Message]) -> str:
    """Return the Message-ID of the mail that the report is about, from the headers that it returns."""
    inside = False
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            returned = email.message_from_string(str(part.get_payload()))
        elif inside:
            returned = part
        else:
            inside = part.get_content_type() == "message/rfc822"
            continue
        found = _MESSAGE_ID.search(str(returned.get("Message-ID", "")))
        return found[0] if found else ""
    return ""
