"""DKIM signatures (RFC 6376; Ed25519: RFC 8463), made before the mail is stored, so that all attempts carry the same.

The list of signed headers is our own: the library's leaves out List-Unsubscribe-Post, without which one-click
unsubscribing does not count (RFC 8058). From and Subject stand in it once more than in the mail, so that nobody can
add a second one.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.errors import RenderError

SIGNED = (
    "From", "From", "To", "Subject", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
    "Content-Language", "List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "Auto-Submitted",
    "Feedback-ID",
)  # fmt: skip
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(.+?)-----END", re.DOTALL)
_ED25519 = bytes.fromhex("06032b6570")  # its object identifier (RFC 8410); the seed is the last 32 bytes
_SEED = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key under ``selector._domainkey`` of the sender's domain: PEM, RSA or Ed25519."""

    selector: str
    pem: str = field(repr=False)

    @property
    def seed(self) -> bytes | None:
        """The seed of an Ed25519 key in base64, or ``None`` when it is an RSA key. Raises RenderError for neither."""
        found = _PEM.search(self.pem)
        try:
            content = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
        except binascii.Error:
            content = b""
        if not content:
            raise RenderError(f"the DKIM key {self.selector} is no private key in PEM; `openssl genrsa 2048` makes one")
        return base64.b64encode(content[-_SEED:]) if _ED25519 in content[:_SEED] else None


def signed(content: bytes, keys: tuple[SigningKey, ...], domain: str, at: datetime) -> bytes:
    """Return ``content`` with one DKIM-Signature for each key, the first one on top. Same content, same signatures.

    Raises RenderError when a key cannot be used, or when the extra ``dkim`` is not installed.
    """
    for key in reversed(keys):
        content = _signature(content, key, domain, int(at.timestamp())) + content
    return content


def fits(key: SigningKey, domain: str, record: str) -> bool:
    """Return whether a TXT record is the public part of ``key``: a text signed with the one verifies with the other.

    Raises RenderError when the key cannot sign.
    """
    sample = f"From: a@{domain}\r\nSubject: a sample\r\n\r\nA text.\r\n".encode()
    signature = signed(sample, (key,), domain, datetime(2026, 1, 1, tzinfo=UTC))
    import dkim

    try:
        return bool(dkim.verify(signature, dnsfunc=lambda _name, timeout=0: record.encode()))  # noqa: ARG005 - its way
    except (dkim.DKIMException, ValueError):
        return False


def _signature(content: bytes, key: SigningKey, domain: str, at: int) -> bytes:
    try:
        import dkim
    except ImportError as error:
        raise RenderError("to sign mails, install the extra: pip install 'paper-monitor[dkim]'") from error

    class Signer(dkim.DKIM):  # type: ignore[misc]
        def gen_header(self, fields: list[tuple[bytes, bytes]], *others: Any, **more: Any) -> bytes:
            """Sign with the time of the digest where the library takes that of the machine."""
            dated = [(name, str(at).encode() if name == b"t" else value) for name, value in fields]
            fields[:] = dated
            written: bytes = super().gen_header(fields, *others, **more)
            return written

    seed = key.seed
    algorithm, secret = (b"rsa-sha256", key.pem.encode()) if seed is None else (b"ed25519-sha256", seed)
    try:
        header: bytes = Signer(content, linesep=b"\r\n").sign(
            key.selector.encode("ascii"), domain.encode("ascii"), secret, signature_algorithm=algorithm,
            canonicalize=(b"relaxed", b"relaxed"), include_headers=[name.encode() for name in SIGNED],
        )  # fmt: skip
    except (dkim.DKIMException, ValueError) as error:
        raise RenderError(
            f"the DKIM key {key.selector} cannot sign: {error}; check that it is a private key"
        ) from error
    return header
