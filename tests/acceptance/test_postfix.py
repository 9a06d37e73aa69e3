"""A real Postfix on loopback, with a configuration and ports of its own, takes our mail and relays it to a Maildir."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from monitor.channels.email import Options, open_channel
from monitor.errors import DeliveryError
from monitor.render.message import build_message
from monitor.types.digests import Rendered
from tests.acceptance.installation import wait_for
from tests.unit.render.test_message import DIGEST, SENDER

POSTFIX = Path("/usr/sbin/postfix")
pytestmark = [
    pytest.mark.skipif(not POSTFIX.exists(), reason="Postfix is not installed (apt-get install postfix)"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix wants to be started by root"),
]
SERVICES = """\
{address} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def postfix(tmp_path: Path):
    """A Postfix that delivers mail for example.net into ``tmp_path/mail``; gives its port and that folder."""
    home, port = Path("/tmp") / f"postfix-{os.getpid()}", _free_port()  # short: socket paths
    config, queue, data, boxes = (home / name for name in ("config", "queue", "data", "mail"))
    for folder in (config, queue, data, boxes):
        folder.mkdir(parents=True)
    home.chmod(0o755)
    owner = pwd.getpwnam("postfix")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    os.chown(boxes, owner.pw_uid, owner.pw_gid)
    (config / "master.cf").write_text(SERVICES.format(address=f"127.0.0.1:{port}"))
    (config / "main.cf").write_text(f"""\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {home}/log
maillog_file_prefixes = /tmp
myhostname = mx.example.net
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
virtual_mailbox_domains = example.net
virtual_mailbox_base = {boxes}
virtual_mailbox_maps = static:ada/
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_minimum_uid = 1
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 200000
alias_maps =
""")
    command = [str(POSTFIX), "-c", str(config)]
    subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
    try:
        wait_for(lambda: _listens(port), what="Postfix")
        yield port, boxes, home / "log"
    finally:
        subprocess.run([*command, "stop"], check=False, capture_output=True, timeout=60)
        shutil.rmtree(home, ignore_errors=True)


def deliver(port: int, *mails):
    async def scenario():
        channel = open_channel(Options(host="127.0.0.1", port=port, connections=4))
        outcomes = await asyncio.gather(*map(channel.deliver, mails), return_exceptions=True)
        await channel.close()
        return outcomes

    return asyncio.run(scenario())


def mail(text: str = "Größe\n\n.\n..\nFrom here\n" + "a line of text\n" * 200):
    html = f"<!doctype html><html><body><p>{text}</p></body></html>\n"
    return build_message(DIGEST, Rendered(html, text), SENDER, message_id_key="key")


def test_m13_what_a_real_postfix_puts_into_the_mailbox_is_what_we_stored(postfix):
    port, boxes, log = postfix
    (taken,) = deliver(port, mail())
    assert taken.code == "250", taken
    (kept,) = wait_for(lambda: list(boxes.glob("ada/new/*")), what=f"the mail: {log.read_text()}")
    stored = mail().content.replace(b"\r\n", b"\n")  # a Maildir has the line ends of the machine
    delivered = kept.read_bytes()
    assert delivered.endswith(stored)
    added = delivered.removesuffix(stored).decode()
    names = [line.partition(":")[0] for line in added.splitlines() if line[0] not in " \t"]
    assert names == [
        "Return-Path",
        "X-Original-To",
        "Delivered-To",
        "Received",
    ]  # s39: nothing was missing that it had to add


def test_s23_s39_a_real_postfix_says_how_much_it_takes_and_no_larger_mail_is_sent(postfix):
    port, boxes, _ = postfix
    large, small = deliver(port, mail("x y z\n" * 60_000), mail())
    assert isinstance(large, DeliveryError)
    assert large.permanent
    assert "smaller `budget`" in large.reason
    assert small.code == "250"
    wait_for(lambda: list(boxes.glob("ada/new/*")), what="the small mail")
