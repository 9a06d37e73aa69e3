"""Where reports on mails are read: a file, an mbox, a Maildir, or a mailbox on an IMAP server (RFC 3501)."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.channels._reports import LARGEST
from monitor.errors import DeliveryError

_PATIENCE = 60.0
_MOST = 10_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@contextmanager
def reports_in(place: str, password: str = "") -> Iterator[Iterator[bytes]]:
    """Give the messages at ``place``: a path, or ``imaps://user@host/INBOX``.

    Of a mailbox on a server only what is unread comes, and it counts as read when the block ends without an error.
    Raises DeliveryError when the place cannot be read.
    """
    if "://" not in place:
        yield _local(Path(place))
        return
    try:
        with _on_server(place, password) as messages:
            yield messages
    except (imaplib.IMAP4.error, OSError) as error:
        reason = f"{urlsplit(place).hostname}: {error}; check the address, the user and MONITOR_IMAP_PASSWORD"
        raise DeliveryError(reason, channel_wide=True) from error


def _local(path: Path) -> Iterator[bytes]:
    if not path.exists():
        raise DeliveryError(f"there is no {path}; name a message, an mbox or a Maildir")
    if path.is_dir():
        yield from (file.read_bytes()[:LARGEST] for file in sorted(path.rglob("*")) if file.is_file())
        return
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        with path.open("rb") as file:
            yield file.read(LARGEST)
        return
    with closing(mailbox.mbox(path, create=False)) as kept:
        for message in kept:
            yield message.as_bytes()[:LARGEST]


@contextmanager
def _on_server(place: str, password: str) -> Iterator[Iterator[bytes]]:
    url = urlsplit(place)
    host = url.hostname or ""
    if url.scheme not in ("imap", "imaps") or not host:
        raise DeliveryError(f"{url.scheme}://{host} is no mailbox; write imaps://user@imap.example.org/INBOX")
    if url.scheme == "imap" and host not in _LOOPBACK:
        raise DeliveryError(f"imap:// would send the password to {host} in clear; write imaps://")
    client: imaplib.IMAP4
    if url.scheme == "imaps":
        client = imaplib.IMAP4_SSL(host, url.port or 993, ssl_context=ssl.create_default_context(), timeout=_PATIENCE)
    else:
        client = imaplib.IMAP4(host, url.port or 143, timeout=_PATIENCE)
    with client:
        client.login(unquote(url.username or ""), password)
        status, answer = client.select(unquote(url.path.strip("/")) or "INBOX")
        if status != "OK":
            raise imaplib.IMAP4.error(f"the folder cannot be opened: {answer!r}")
        _, found = client.uid("SEARCH", "UNSEEN")
        uids = (found[0] or b"").decode("ascii").split()[:_MOST]
        yield (_fetched(client, uid) for uid in uids)
        for uid in uids:
            client.uid("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")


def _fetched(client: imaplib.IMAP4, uid: str) -> bytes:
    _, answer = client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
    return b"".join(bytes(part[1]) for part in answer if isinstance(part, tuple))
