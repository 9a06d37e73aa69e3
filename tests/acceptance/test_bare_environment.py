"""The program where nothing is set: as some containers and service managers start it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.acceptance.installation import LISTING, PROFILE, SETTINGS, Installation, body


def test_k20_without_home_zone_or_language_a_digest_leaves_in_all_its_letters(tmp_path: Path) -> None:
    home = Installation(tmp_path)
    home.write("monitor.yaml", SETTINGS)
    home.write("profiles/ada.yaml", PROFILE.replace("UTC", "Europe/Berlin") + "name: Adas Übersicht\n")
    home.write("snapshots/one.txt", LISTING.replace("Know More", "Know Märchen"))
    for arguments in (("check",), ("once", "--at", "2026-03-04T09:00")):
        ended = subprocess.run(
            [*home.program, *arguments], cwd=tmp_path, env={}, capture_output=True, check=False, timeout=120
        )
        assert ended.returncode == 0, ended.stderr
    (mail,) = home.mails()
    assert "Märchen" in body(mail)
    assert "Adas Übersicht" in body(mail)
