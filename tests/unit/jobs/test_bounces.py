"""Bounces and complaints, read from what servers write."""

import asyncio
import mailbox
import random
import socketserver
import threading
from typing import ClassVar

import pytest

from monitor.channels._mailbox import reports_in
from monitor.channels._reports import MailReport, read_report
from monitor.errors import DeliveryError
from monitor.jobs import bounces, cycle, overview
from tests.unit.jobs.conftest import listing

OURS = "<2026-03-04.abc@example.org>"


def dsn(status="5.1.1", action="failed", message_id=OURS, returned="text/rfc822-headers"):
    return f"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="B"
MIME-Version: 1.0

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; somebody.else@example.net
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <ada@example.org>: no such
    user

--B
Content-Type: {returned}

From: digest@example.org
Message-ID: {message_id}
Subject: 3 new

--B--
""".replace("\n", "\r\n").encode()


ARF = dsn().replace(b"message/delivery-status", b"message/feedback-report").replace(
    b"Reporting-MTA: dns; mx.example.net\r\n\r\nFinal", b"Feedback-Type: abuse\r\nUser-Agent: Yahoo/1\r\nFinal"
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", "hard"), ("5.0.0", "failed", "hard"), ("5.2.1", "failed", "hard"),
        ("5.2.2", "failed", "soft"), ("5.3.4", "failed", "soft"), ("5.7.1", "failed", "soft"),
        ("4.4.7", "failed", "soft"), ("4.4.1", "delayed", "soft"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_s41_a_bounce_is_hard_only_when_the_mailbox_is_gone(status, action, kind, returned):
    (found,) = read_report(dsn(status, action, returned=returned))
    assert (found.message_id, found.kind) == (OURS, kind)
    assert status in found.text


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "", "nonsense"])
def test_s41_what_was_delivered_is_no_bounce(action):
    assert read_report(dsn(action=action)) == ()


def test_s41_a_complaint_is_read():
    assert read_report(ARF) == (MailReport(OURS, "complaint", "the reader marked it as unwanted (Yahoo/1)"),)
    assert read_report(ARF.replace(b"abuse", b"not-spam")) == ()


def test_a_report_that_does_not_return_our_mail_says_nothing():
    assert read_report(dsn(message_id="")) == ()
    assert read_report(b"Subject: out of office\r\n\r\nI am away.\r\n") == ()


def test_no_report_however_mutated_raises_or_hangs():
    chance = random.Random(7)
    for _ in range(2000):
        content = bytearray(chance.choice((dsn(), ARF)))
        for _ in range(chance.randint(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        read_report(bytes(content))
    read_report(
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 3000
    )


def three_days(world):
    """Three digests leave for Ada."""
    world.open()
    for day in range(3):
        world.pages["hf"] = listing(*range(1, day + 2))
        asyncio.run(cycle.run(world.app))
        world.later(days=1)


@pytest.fixture
def three(world):
    """An installation that sent Ada three digests."""
    return world.after(three_days)


def reports(world):
    return [dsn(message_id=mail.message_id) for mail in world.channel.delivered]


def test_s41_three_hard_bounces_suspend_the_recipient_that_we_wrote_to_and_nobody_else(three):
    report = bounces.run(three.app, reports(three))
    assert report.counts["hard bounces"] == 3
    (suppressed,) = overview.run(three.app).suppressed
    assert (suppressed.recipient, suppressed.reason) == ("ada@example.org", "bounced")


def test_s41_the_same_bounce_read_again_and_again_counts_once(three):
    assert not bounces.run(three.app, reports(three)[:2] * 5).notes
    assert overview.run(three.app).suppressed == ()


def test_a_forged_bounce_about_a_mail_that_is_not_ours_suspends_nobody(three):
    assert bounces.run(three.app, [dsn()] * 9).counts["reports on mails that are not ours"] == 9


def test_a_complaint_ends_it_at_once(three):
    bounces.run(three.app, [ARF.replace(OURS.encode(), three.channel.delivered[0].message_id.encode())])
    assert [one.reason for one in overview.run(three.app).suppressed] == ["complained"]


# --- where they are read -------------------------------------------------------------------------------------------


def test_reports_are_read_from_a_message_an_mbox_and_a_maildir(tmp_path):
    (tmp_path / "one.eml").write_bytes(dsn())
    mbox = mailbox.mbox(tmp_path / "mbox")
    maildir = mailbox.Maildir(tmp_path / "maildir")
    for box in (mbox, maildir):
        box.add(dsn())
        box.add(ARF)
        box.close()
    for place, number in (("one.eml", 1), ("mbox", 2), ("maildir", 2)):
        with reports_in(str(tmp_path / place)) as messages:
            assert sum(len(read_report(message)) for message in messages) == number
    with pytest.raises(DeliveryError, match="there is no"), reports_in(str(tmp_path / "nowhere")) as messages:
        list(messages)


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server as reading two unread messages takes."""

    said: ClassVar[list[str]] = []

    def handle(self):
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, _, command = line.partition(" ")
            self.said.append(command)
            verb = command.split(" ")[0].upper()
            if verb == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif verb == "LOGIN" and "s3cret" not in command:
                self.wfile.write(f"{tag} NO wrong password\r\n".encode())
                continue
            elif verb == "SELECT":
                self.wfile.write(b"* 2 EXISTS\r\n")
            elif command.startswith("UID SEARCH"):
                self.wfile.write(b"* SEARCH 4 7\r\n")
            elif command.startswith("UID FETCH"):
                self.wfile.write(b"* 1 FETCH (UID 4 BODY[]<0> {%d}\r\n" % len(dsn()) + dsn() + b")\r\n")
            self.wfile.write(f"{tag} OK done\r\n".encode())
            if verb == "LOGOUT":
                return


@pytest.fixture
def imap():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Imap.said = []
        yield f"imap://bounce@127.0.0.1:{server.server_address[1]}/INBOX"
        server.shutdown()


def test_unread_reports_on_an_imap_server_are_marked_only_when_they_were_taken_in(imap):
    with reports_in(imap, "s3cret") as messages:
        assert [len(read_report(message)) for message in messages] == [1, 1]
        assert not any("STORE" in command for command in Imap.said)
    assert [command for command in Imap.said if "STORE" in command] == [
        "UID STORE 4 +FLAGS.SILENT (\\Seen)",
        "UID STORE 7 +FLAGS.SILENT (\\Seen)",
    ]
    with pytest.raises(KeyError), reports_in(imap, "s3cret"):
        raise KeyError  # what went wrong is read again next time
    assert sum("STORE" in command for command in Imap.said) == 2


def test_a_wrong_password_and_a_mailbox_in_clear_are_clear_errors(imap):
    with pytest.raises(DeliveryError, match="MONITOR_IMAP_PASSWORD"), reports_in(imap, "guess"):
        pass
    with pytest.raises(DeliveryError, match="in clear"), reports_in("imap://bounce@imap.example.org/INBOX", "s"):
        pass
