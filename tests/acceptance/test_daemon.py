"""The daemon with real signals, real edits and a real SMTP server."""

import json
import signal
import threading
import time

import pytest
from aiosmtpd.controller import Controller

from tests.acceptance.installation import LISTING, PROFILE, body, wait_for


def told(process, words, seconds=60):
    """Read the daemon's log until a line with ``words`` comes; returns that line."""
    found = []

    def read():
        for line in process.stdout:
            if words in line:
                found.append(line)
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(seconds)
    if not found:
        pytest.fail(f"the daemon never said {words!r}")
    return found[0]


def stop(process):
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert time.monotonic() - start < 10
    assert process.returncode == 0


def test_it_sends_the_first_digest_takes_over_an_edit_and_stops_on_sigterm(installation, daemon):
    installation.write("snapshots/one.txt", LISTING)
    process = daemon()
    (mail,) = wait_for(installation.mails, what="the first digest")
    assert "Know More About Labels" in body(mail)
    installation.write("profiles/bea.yaml", 'to: [bea@example.org]\ntopics: {cooling: {query: "cooling tower*"}}\n')
    wait_for(lambda: len(installation.mails()) == 2, what="the digest of the profile that was added")
    assert "Cooling Towers" in body(next(mail for mail in installation.mails() if mail["To"] == "bea@example.org"))
    stop(process)


def test_a_wrong_edit_leaves_the_last_good_configuration_at_work(installation, daemon):
    process = daemon()
    told(process, "watching 1 source ")
    installation.write("profiles/ada.yaml", "to: [nobody]\n")
    told(process, "the last good one holds")
    said = installation.run("status", "--alive")
    assert (said.returncode, said.stdout) == (0, "the daemon is at work\n")
    installation.write("snapshots/one.txt", LISTING)
    process.send_signal(signal.SIGHUP)
    told(process, "the last good one holds")
    assert process.poll() is None
    installation.write("profiles/ada.yaml", PROFILE)
    told(process, "was read again")
    stop(process)
    said = installation.run("status", "--alive")
    assert (said.returncode, said.stdout) == (1, "no daemon is at work\n")
    assert not json.loads(installation.run("status", "--json").stdout)["needs_a_person"]


def test_c25_a_second_daemon_names_the_first_and_ends(installation, daemon):
    first = daemon()
    told(first, "watching 1 source ")
    second = installation.run("run")
    assert second.returncode == 3
    assert str(first.pid) in second.stderr
    stop(first)


def test_c26_the_lock_of_a_killed_daemon_is_free_again(installation, daemon):
    first = daemon()
    told(first, "watching 1 source ")
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=20)
    second = daemon()
    told(second, "watching 1 source ")
    stop(second)


class Mailbox:
    """What an SMTP server got."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the server's own name
        self.got.append((envelope.rcpt_tos, envelope.original_content))
        return "250 kept"


@pytest.fixture
def mail_server():
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=0)
    controller.port = free_port()
    yield mailbox, controller
    if controller._thread is not None:
        controller.stop()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_a_server_mails_stay_queued_and_leave_when_it_is_back(installation, mail_server):
    mailbox, controller = mail_server
    settings = (installation.home / "monitor.yaml").read_text()
    channel = f"{{kind: email, host: 127.0.0.1, port: {controller.port}, tls: none}}"
    installation.write("monitor.yaml", settings.replace("{kind: file, path: outbox}", channel))
    installation.write("snapshots/one.txt", LISTING)
    ended = installation.once("2026-03-04T09:00", status=1)
    assert "cannot be reached" in ended.stderr
    assert "1 queued" in installation.run("status", "--at", "2026-03-04T09:00").stdout
    controller.start()
    installation.once("2026-03-04T09:10")
    ((recipients, content),) = mailbox.got
    assert recipients == ["ada@example.org"]
    assert b"List-Id: " in content or b"List-ID: " in content
    installation.once("2026-03-04T09:20")
    assert len(mailbox.got) == 1
