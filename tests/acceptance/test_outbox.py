"""The outbox through the installed program."""

from __future__ import annotations

from tests.acceptance.installation import LISTING


def test_a_person_looks_into_the_outbox_and_sends_a_mail_again(installation):
    installation.write("snapshots/2026-03-04.txt", LISTING)
    installation.once("2026-03-04T09:00")
    (file,) = (installation.home / "outbox").glob("*.eml")
    content = file.read_bytes()

    listed = installation.run("outbox")
    assert "ada@example.org" in listed.stdout
    assert "sent" in listed.stdout
    assert installation.run("outbox", "--state", "failed").stdout.count("ada@") == 0
    shown = installation.run("outbox", "show", "1")
    assert "Message-ID: <2026-03-04." in shown.stdout
    assert str(file) in shown.stdout.replace("\n", "")
    again = installation.run("replay", "2026-03-04", "--profile", "ada", "--output", str(installation.home / "again"))
    assert again.returncode == 0, again.stdout + again.stderr
    assert (installation.home / "again/1.eml").read_bytes() == content

    file.unlink()
    assert "would send again" in installation.run("resend", "2026-03-04", "--profile", "ada", "--dry-run").stdout
    assert installation.run("resend", "2026-03-04", "--profile", "ada").returncode == 0
    assert installation.run("outbox", "hold", "1").returncode == 0
    installation.run("once")
    assert not file.exists()
    assert installation.run("outbox", "release", "--all").returncode == 0
    installation.run("once")
    assert file.read_bytes() == content
    assert installation.run("outbox", "release", "1").returncode == 1
    assert "no mail named '9'" in installation.run("outbox", "show", "9").stderr


def test_the_yaml_does_not_silently_override_a_suppression(installation):
    assert installation.run("outbox", "suppress", "Ada@Example.org").returncode == 0
    told = "ada@example.org gets no mail, whatever the profiles say (operator on "
    assert told in installation.run("check").stderr
    assert told in installation.run("status").stdout
    installation.write("snapshots/2026-03-04.txt", LISTING)
    installation.once("2026-03-04T09:00")
    assert installation.mails() == []
    assert installation.run("outbox", "lift", "ada@example.org").returncode == 0
    installation.once("2026-03-04T09:30")
    assert len(installation.mails()) == 1
    assert installation.run("outbox", "lift", "ada@example.org").returncode == 3
