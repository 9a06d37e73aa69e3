"""The installed program, run as a person runs it: a subprocess in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest

SETTINGS = """\
database: monitor.db
profiles: profiles
sources:
  dropped: {kind: snapshot, path: snapshots}
channel: {kind: file, path: outbox}
sender: {name: Paper Monitor, address: monitor@example.org}
"""
PROFILE = """\
to: [ada@example.org]
schedule: {days: daily, at: "08:00", timezone: UTC}
topics:
  diffusion-classifiers:
    about: Diffusion models used as classifiers or as representation learners.
    query: '("diffusion model*" OR ddpm) AND (classif* OR representation)'
"""

LISTING = """\
# date: 2026-03-04

Diffusion Models Know More About Labels Than They Tell
arXiv: 2603.90001
A diffusion model trained to draw pictures has to know what is in them. We turn a pretrained diffusion model into a
classifier without training anything, by asking which label explains the noise best. On three benchmarks it comes within
1.2 points of a supervised network.

Cooling Towers Under Drought
arXiv: 2603.90002
Power stations need water. We measure how much of it forty cooling towers lose in a dry summer, and find that night-time
operation saves 11% at the same output. The data are public.
"""


@dataclass
class Installation:
    """A folder with a configuration, and the program to run in it."""

    home: Path

    @property
    def program(self) -> list[str]:
        return [str(Path(sys.executable).with_name("monitor")), "--config", str(self.home / "monitor.yaml")]

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.program, *arguments], cwd=self.home, capture_output=True, text=True, timeout=timeout, check=False
        )

    def once(self, at: str, *, status: int = 0) -> subprocess.CompletedProcess[str]:
        ended = self.run("once", "--at", at)
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.program, *arguments],
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def mails(self):
        """The mails in the outbox folder, parsed, in the order of their dates."""
        files = sorted((self.home / "outbox").glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return sorted(mails, key=lambda mail: mail["Date"].datetime)


def installed(home: Path) -> Installation:
    """Return an installation in a folder, before its first start."""
    made = Installation(home)
    made.write("monitor.yaml", SETTINGS)
    made.write("profiles/ada.yaml", PROFILE)
    (home / "snapshots").mkdir()
    return made


def body(mail, kind="plain"):
    return mail.get_body((kind,)).get_content()


def wait_for(condition, seconds=60.0, what="it"):
    """Wait until ``condition`` returns something true, and return that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within {seconds:g} s")
