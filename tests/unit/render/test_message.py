"""The bytes of a mail, judged by parsers that are not ours."""

from __future__ import annotations

import base64
import email
import email.header
import email.policy
import quopri
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from monitor.errors import RenderError
from monitor.render.encoding import body, unstructured
from monitor.render.message import Sender, _header, build_message
from monitor.text import one_line
from monitor.types.digests import Digest, Envelope, Receipt, Rendered

SENDER = Sender("Paper Digest", "digest@example.org", "owner@example.org", "unsubscribe@example.org")
RENDERED = Rendered("<!DOCTYPE html><html><body>Größe — 12 €</body></html>\n", "Größe\n\n12 €\n.\nFrom here\n")
DIGEST = Digest(
    profile_id="llm-agents",
    profile_name="LLM agents",
    recipient="ada@example.net",
    local_date=date(2026, 11, 21),
    at=datetime(2026, 11, 21, 8, 0, 2, tzinfo=timezone(timedelta(hours=1))),
    subject="12 new papers for LLM agents, Sat 21 Nov",
    preheader="",
    sections=(),
    receipt=Receipt(()),
    why_sent="",
)
_ENCODED_WORD = re.compile(r"=\?utf-8\?([bq])\?([!-~]*?)\?=", re.IGNORECASE)


def build(sender: Sender = SENDER, rendered: Rendered = RENDERED, key: str = "key", **changes: object) -> Envelope:
    return build_message(replace(DIGEST, **changes), rendered, sender, message_id_key=key)  # type: ignore[arg-type]


def head(envelope: Envelope) -> str:
    return envelope.content.partition(b"\r\n\r\n")[0].decode("ascii")


def raw_value(envelope: Envelope, name: str) -> str:
    [found] = re.findall(rf"^{name}: ((?:[^\r]*)(?:\r\n[ \t][^\r]*)*)", head(envelope), re.MULTILINE)
    return str(found)


def unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def by_hand(value: str) -> str:
    """Decode a header as RFC 2047 says, without Python's email package: each word alone, no blanks between words."""
    joined = re.sub(r"(\?=)\r\n[ \t]+(?==\?)|(\?=)[ \t]+(?==\?)", "?=", value).replace("\r\n", "")
    return _ENCODED_WORD.sub(lambda word: _octets(word[1].lower(), word[2]).decode("utf-8", "strict"), joined)


def _octets(form: str, text: str) -> bytes:
    return (
        base64.b64decode(text, validate=True) if form == "b" else quopri.decodestring(text.replace("_", " ").encode())
    )


def test_m01_s39_s42_every_header_of_a_correct_digest_mail_is_there_once() -> None:
    names = re.findall(r"^([A-Za-z-]+):", head(build()), re.MULTILINE)
    assert names == [
        "Date",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "List-ID",
        "List-Unsubscribe",
        "List-Owner",
        "List-Post",
        "Feedback-ID",
        "Auto-Submitted",
        "Precedence",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ]


def test_the_headers_say_what_they_should() -> None:
    parsed = email.message_from_bytes(build().content, policy=email.policy.default)
    assert parsed["Date"] == "Sat, 21 Nov 2026 08:00:02 +0100"
    assert parsed["From"].addresses[0].display_name == "Paper Digest"
    assert parsed["To"].addresses[0].addr_spec == "ada@example.net"
    assert parsed["Subject"] == DIGEST.subject
    assert parsed["List-ID"] == '"LLM agents" <llm-agents.example.org>'
    assert parsed["List-Unsubscribe"] == "<mailto:unsubscribe@example.org?subject=llm-agents>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "en"
    assert not parsed.defects
    assert not any(header.defects for header in parsed.values())


def test_the_text_comes_first_and_the_page_last_and_both_come_back_whole() -> None:
    parsed = email.message_from_bytes(build().content, policy=email.policy.default)
    assert parsed.get_content_type() == "multipart/alternative"
    text, html = parsed.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert unix(text.get_content()) == RENDERED.text
    assert unix(html.get_content()) == RENDERED.html


def test_m01_s36_all_is_ascii_and_all_lines_end_in_crlf_and_are_short() -> None:
    content = build(subject="Größe 漢字 " * 9, rendered=Rendered("x" * 5000 + "漢" * 900, "y " * 900)).content
    assert content.isascii()
    assert b"\x00" not in content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert content.endswith(b"--\r\n")


def test_m10_the_same_digest_gives_the_same_bytes() -> None:
    assert build() == build()


@pytest.mark.parametrize(
    "changes",
    [
        {"profile_id": "x"},
        {"recipient": "bob@example.net"},
        {"local_date": date(2026, 11, 22)},
        {"kind": "weekly"},
        {"key": "other"},
    ],
)
def test_each_profile_recipient_date_kind_and_key_has_a_message_id_of_its_own(changes: dict[str, object]) -> None:
    assert build(**changes).message_id != build().message_id  # type: ignore[arg-type]


def test_the_message_id_is_the_same_whatever_the_mail_says_and_names_our_domain() -> None:
    envelope = build(subject="another", at=datetime(2026, 11, 22, tzinfo=UTC))
    assert envelope.message_id == build().message_id
    assert re.fullmatch(r"<2026-11-21\.[0-9a-f]{24}@example\.org>", envelope.message_id)
    assert raw_value(envelope, "Message-ID") == envelope.message_id
    assert "ada" not in envelope.message_id


def test_no_body_can_end_its_part() -> None:
    boundary = re.findall(r'boundary="(.*)"', head(build()))[0]
    parsed = email.message_from_bytes(
        build(rendered=Rendered(f"--{boundary}--\n", f"--{boundary}\n")).content, policy=email.policy.default
    )
    assert [unix(part.get_content()) for part in parsed.iter_parts()] == [f"--{boundary}\n", f"--{boundary}--\n"]


def test_each_part_takes_the_shorter_encoding() -> None:
    assert body("漢字" * 90)[0] == "base64"
    assert body("<p>mostly letters é</p>" * 90)[0] == "quoted-printable"
    parsed = email.message_from_bytes(build(rendered=Rendered("<p>latin</p>" * 90, "漢字" * 90)).content)
    encodings = [part["Content-Transfer-Encoding"] for part in parsed.walk() if not part.is_multipart()]
    assert encodings == ["base64", "quoted-printable"]


def test_bodies_of_any_text_come_back_as_they_were() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        text = "".join(chance.choices("ab =.\n\t\r é漢👩\u200d" + "x" * 9, k=chance.randint(0, 300)))
        name, encoded = body(text)
        decoded = (
            base64.b64decode(encoded) if name == "base64" else quopri.decodestring(encoded.replace(b"\r\n", b"\n"))
        )
        wanted = re.sub(r"\r\n|\r|\n", "\n", text)
        assert decoded.decode().replace("\r\n", "\n").removesuffix("\n") == wanted.removesuffix("\n")
        assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))


def test_m03_ten_thousand_random_subjects_come_back_through_three_decoders() -> None:
    chance = random.Random(11)
    pools = [
        'abc XYZ019 ,.:;()<>@"\\=?_-',
        "äöüßéñçøåł ",
        "漢字かなカナ한글",
        "عربי שלום ",
        "∑∇≤ε²‖",
        "👩🔬🧪🇩🇪\u200d",
        "=?utf-8?q?x?= ",
    ]
    for number in range(10_000):
        letters = "".join(chance.sample(pools, chance.randint(1, 4)))
        subject = one_line("".join(chance.choices(letters, k=chance.randint(1, 120))))
        value = unstructured(subject, len("Subject: "))
        assert value.isascii(), number
        lines = f"Subject: {value}".split("\r\n")
        assert all(len(line) <= 78 for line in lines)
        assert all(len(word[0]) <= 75 for word in re.finditer(r"=\?utf-8\?\S+?\?\S*?\?=(?=\s|$)", value))
        assert by_hand(value) == subject
        raw = f"Subject: {value}\r\n\r\n".encode()
        assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject
        assert str(email.header.make_header(email.header.decode_header(value.replace("\r\n", "")))) == subject


@pytest.mark.parametrize(
    "evil", ["\r\nBcc: v@example.org", "\nX: y", "\r", "\x00", "\x85Y: z", "\u2028Z: z", "\x0b", "\x1b[0m"]
)
def test_no_text_can_start_a_header_of_its_own(evil: str) -> None:
    said = f"a{evil}b é"
    envelope = build(
        Sender(said, "digest@example.org"), subject=said, profile_name=said, profile_id=said, language=said, kind=said
    )
    names = re.findall(r"^(\S+):", head(envelope), re.MULTILINE)
    assert names == [
        name for name in re.findall(r"^(\S+):", head(build()), re.MULTILINE) if name not in {"Reply-To", "List-Owner"}
    ]
    assert envelope.content.isascii()
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", envelope.content)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "a b@example.org",
        "a@b@example.org",
        "a@example.org\r\nBcc: x",
        "<a@example.org>",
        "a,b@example.org",
        "ä@example.org",
        "a@exämple.org",
        ".a@example.org",
        "a@-x.org",
        "a" * 250 + "@example.org",
        "a@example.org\n",
    ],
)
def test_an_address_that_no_header_can_hold_is_refused_and_named(address: str) -> None:
    with pytest.raises(RenderError, match="cannot stand in a mail header"):
        build(recipient=address)
    with pytest.raises(RenderError, match="cannot stand in a mail header"):
        build(replace(SENDER, address=address))


@pytest.mark.parametrize(
    "name", ["Paper Digest", 'He said "hi"\\', "Ada, Bob; Co. <x>", "Größe", "論文 監視", "a" * 59, "=?utf-8?q?x?=", ""]
)
def test_the_display_name_comes_back_as_it_was(name: str) -> None:
    parsed = email.message_from_bytes(build(replace(SENDER, name=name)).content, policy=email.policy.default)
    [mailbox] = parsed["From"].addresses
    assert (mailbox.display_name, mailbox.addr_spec) == (name, "digest@example.org")


@pytest.mark.parametrize("profile", ["llm-agents", "A. Profile/Ünïcode", "أوراق", "x" * 300, "a.b", "a-b"])
def test_m02_list_headers_are_never_encoded_and_links_are_never_folded(profile: str) -> None:
    envelope = build(profile_id=profile, profile_name="Größe " * 20)
    for name in ("List-ID", "List-Unsubscribe", "List-Owner", "List-Post"):
        assert "=?" not in raw_value(envelope, name)
    link = raw_value(envelope, "List-Unsubscribe")
    assert re.fullmatch(r"<mailto:[!-~]{1,63}>", link)
    identifier = raw_value(envelope, "List-ID")
    assert re.fullmatch(r"<[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.example\.org>", identifier)


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "a\nb", "a\r", "a\x00", "é", "a\r\n", "a\r\n \r\n b", "\x7f"])
def test_the_last_gate_lets_no_second_header_and_no_other_letters_pass(value: str) -> None:
    with pytest.raises(RenderError, match="X-Test"):
        _header(("X-Test", value))
    assert _header(("X-Test", "one\r\n two")) == b"X-Test: one\r\n two\r\n"


def test_lists_of_different_profiles_have_different_names() -> None:
    names = {raw_value(build(profile_id=profile), "List-ID") for profile in ("a.b", "a-b", "A-B", "a b", "ä-b")}
    assert len(names) == 5


def test_a_long_list_name_folds_before_its_identifier_only() -> None:
    value = raw_value(build(profile_name="Diffusion models and their many uses in all of science"), "List-ID")
    assert value == '"Diffusion models and their many uses in all of science"\r\n <llm-agents.example.org>'


@pytest.mark.parametrize(
    ("sender", "link"),
    [
        (Sender("x", "d@example.org"), "mailto:d@example.org?subject=unsubscribe%20llm-agents"),
        (Sender("x", "d@example.org", "o@example.org"), "mailto:o@example.org?subject=unsubscribe%20llm-agents"),
        (
            replace(SENDER, unsubscribe_mailto="mailto:u@example.org?subject=leave"),
            "mailto:u@example.org?subject=leave",
        ),
        (
            replace(SENDER, unsubscribe_mailto="u@example.org?subject=a>,<http://x"),
            "mailto:u@example.org?subject=a%3E%2C%3Chttp%3A%2F%2Fx",
        ),
        (
            replace(SENDER, unsubscribe_mailto="a-very-long-mailbox-name@lists.example.org"),
            "mailto:a-very-long-mailbox-name@lists.example.org?subject=llm-agents",
        ),
    ],
)
def test_there_is_always_an_address_to_unsubscribe_at(sender: Sender, link: str) -> None:
    assert raw_value(build(sender), "List-Unsubscribe") == f"<{link}>"


def test_the_envelope_keeps_what_a_channel_needs() -> None:
    envelope = build(subject="Two\r\nlines")
    assert (envelope.sender, envelope.recipient, envelope.subject) == (
        "digest@example.org",
        "ada@example.net",
        "Two lines",
    )
    assert envelope.part("html").strip() == RENDERED.html.strip()


def test_m02_one_click_unsubscribes_where_there_is_a_page_for_it_and_no_link_is_encoded_or_folded():
    """RFC 8058, section 3.1: one HTTPS address, and a second header that announces the POST."""
    link = "https://papers.cs.some-university.edu/u/1234567.abcdefghij0123456789"
    envelope = build(unsubscribe=link)
    value = raw_value(envelope, "List-Unsubscribe")
    assert unix(value).split() == [f"<{link}>,", "<mailto:unsubscribe@example.org?subject=llm-agents>"]
    assert raw_value(envelope, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe-Post" not in head(build())
