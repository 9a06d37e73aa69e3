"""DKIM: two independent programs agree that a mail is signed, and that a touched one is not."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import dkim
import pytest

from monitor.errors import RenderError
from monitor.render.message import Sender, build_message
from monitor.render.signature import SIGNED, SigningKey
from tests.unit.render.test_message import DIGEST, RENDERED, SENDER

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")


def _openssl(*arguments: str, content: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=content, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def keys() -> tuple[SigningKey, SigningKey]:
    rsa = _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048").decode()
    return SigningKey("s1", rsa), SigningKey("s2", _openssl("genpkey", "-algorithm", "ed25519").decode())


@pytest.fixture(scope="module")
def zone(keys: tuple[SigningKey, SigningKey]) -> dict[str, str]:
    """What stands in the DNS."""
    rsa, ed25519 = (_openssl("pkey", "-pubout", "-outform", "DER", content=key.pem.encode()) for key in keys)
    public = {"s1": ("rsa", rsa), "s2": ("ed25519", ed25519[-32:])}
    return {
        f"{selector}._domainkey.example.org": f"v=DKIM1; k={kind}; p={base64.b64encode(key).decode()}"
        for selector, (kind, key) in public.items()
    }


def built(*keys: SigningKey) -> bytes:
    sender = replace(SENDER, keys=keys)
    return build_message(DIGEST, RENDERED, sender, message_id_key="key").content


def verified(content: bytes, zone: dict[str, str]) -> list[bool]:
    def txt(name: bytes, timeout: float = 5) -> bytes:
        return zone[name.decode().rstrip(".")].encode()

    judge = dkim.DKIM(content)
    number = content.lower().count(b"\r\ndkim-signature:") + content.lower().startswith(b"dkim-signature:")
    outcomes = []
    for index in range(number):
        try:
            outcomes.append(bool(judge.verify(idx=index, dnsfunc=txt)))
        except dkim.DKIMException:
            outcomes.append(False)
    return outcomes


def test_m04_both_signatures_verify(keys, zone):
    assert verified(built(*keys), zone) == [True, True]


TOUCHED = [
    (b"Subject: 12", b"Subject: 13"), (b"From: ", b"From: x"), (b"To: ada", b"To: eda"),
    (b"List-Unsubscribe: <mailto:un", b"List-Unsubscribe: <mailto:on"), (b"List-ID: ", b"List-ID: x"),
    (b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"), (b"Message-ID: <", b"Message-ID: <1"),
    (b"Gr=C3=B6", b"Gr=C3=B7"), (b"Subject: 12", b"Subject: Buy\r\nSubject: 12"),
    (b"From: ", b"From: evil@example.com\r\nFrom: "), (b"Content-Type: multipart", b"Content-Type: mulTipart"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), TOUCHED)
def test_m04_s38_a_touched_header_or_body_and_a_second_subject_or_from_break_both(keys, zone, before, after):
    content = built(*keys)
    assert before in content
    assert verified(content.replace(before, after, 1), zone) == [False, False]


def test_m04_both_unsubscribe_headers_are_signed_and_signing_changes_nothing_else(keys):
    content = built(*keys)
    assert {"List-Unsubscribe", "List-Unsubscribe-Post"} <= set(SIGNED)
    assert [SIGNED.count(name) for name in ("From", "Subject")] == [2, 2]
    assert content.endswith(built())
    assert built(*keys) == content  # no clock of the machine, no chance
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()
    assert b"t=1795244402;" in content


@pytest.mark.parametrize("pem", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "ssh-rsa AAAA"])
def test_what_is_no_private_key_is_a_clear_error(pem):
    with pytest.raises(RenderError, match="the DKIM key s1"):
        built(SigningKey("s1", pem))


def test_a_key_is_never_shown(keys):
    assert "PRIVATE" not in repr(Sender("n", "a@example.org", keys=keys))


@pytest.mark.mailauth
@pytest.mark.parametrize("change", [(b"", b""), *TOUCHED[:3], TOUCHED[-3]])
def test_m04_mailauth_agrees(keys, zone, tmp_path: Path, change: tuple[bytes, bytes]):
    mailauth = shutil.which("mailauth")
    if mailauth is None:
        pytest.skip("mailauth is not installed (npm install --global mailauth)")
    before, after = change
    (tmp_path / "dns.json").write_text(json.dumps({name: {"TXT": [[text]]} for name, text in zone.items()}))
    (tmp_path / "mail.eml").write_bytes(built(*keys).replace(before, after, 1))
    command = [mailauth, "report", str(tmp_path / "mail.eml"), "--dns-cache", str(tmp_path / "dns.json")]
    report = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    results = [one["status"]["result"] for one in report["dkim"]["results"]]
    assert (results == ["pass", "pass"]) is (before == after), results
