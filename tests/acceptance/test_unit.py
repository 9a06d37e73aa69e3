"""The service as deploy/paper-monitor.service confines it."""

import errno
import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.acceptance.installation import LISTING, PROFILE, body, wait_for
from tests.pdf import Line, pdf
from tests.sandbox import UNIT

if not shutil.which("systemd-analyze"):
    pytest.skip("systemd-analyze is not here (Debian: systemd)", allow_module_level=True)


def may_confine():
    """Whether this machine lets us make a file system of our own; not without root, and not in most containers."""
    return os.geteuid() == 0 and not subprocess.run(["unshare", "--mount", "true"], check=False).returncode


needs_root = pytest.mark.skipif(not may_confine(), reason="needs root and a mount namespace of its own")


def confined(folder, *program):
    return [sys.executable, "-m", "tests.sandbox", str(folder), *program]


def test_the_unit_leaves_little_exposed():
    shown = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stdout[-500:]
    assert "Overall exposure level" in shown.stdout


@needs_root
def test_the_confinement_is_real(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    assert subprocess.run(confined(inside, "/usr/bin/touch", str(inside / "file")), check=False).returncode == 0
    assert subprocess.run(confined(inside, "/usr/bin/touch", str(outside)), check=False, stderr=-1).returncode == 1
    for call, number in {
        "os.sched_setaffinity(0, {0})": errno.EPERM,  # a call that anybody may make otherwise
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)": errno.EAFNOSUPPORT,
        "open('/proc/self/status').read().index('CapEff:\\t0000000000000000')": 0,
    }.items():
        program = [sys.executable, "-c", f"import os, socket\ntry: {call}\nexcept OSError as error: exit(error.errno)"]
        assert subprocess.run(confined(inside, *program), check=False).returncode == number, call


@needs_root
def test_a_pdf_is_read_inside_of_it_by_a_process_that_bounds_itself(installation):
    (installation.home / "profiles" / "fog.pdf").write_bytes(pdf((Line("Lanterns in the Fog", 17),)))
    installation.write("profiles/ada.yaml", PROFILE + "    like: [fog.pdf]\n")
    program = confined(installation.home, *installation.program, "check")
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (ended.returncode, "all is right" in ended.stdout) == (0, True), ended.stderr


@needs_root
def test_the_daemon_learns_and_delivers_inside_of_it(installation):
    installation.write("snapshots/one.txt", LISTING)
    installation.write("profiles/ada.yaml", PROFILE + '    unlike: ["arXiv:2603.90002"]\n')
    process = subprocess.Popen(confined(installation.home, *installation.program, "run"), stdout=-1, stderr=-2)
    try:
        (mail,) = wait_for(installation.mails, what="the first digest")
        assert "Know More About Labels" in body(mail)
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=20)[0].decode()
        assert process.returncode == 0, log
    finally:
        process.kill()
        process.communicate()
