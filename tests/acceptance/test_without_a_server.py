"""The workflow of deploy/github, its steps run as GitHub runs them: in a clone, one after the other, twice and more."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller

from tests.acceptance.installation import LISTING, PROFILE

GITHUB = Path(__file__).parents[2] / "deploy" / "github"
WORKFLOW = yaml.load((GITHUB / "workflow.yml").read_text(), yaml.BaseLoader)
READ = "Read what was announced and send what is due"
OF_GITHUB = ("actions/checkout@v5", "actions/setup-python@v6")


class Mailbox:
    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - the server's own name
        self.got.append(envelope.original_content)
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    held = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(held, hostname="127.0.0.1", port=port)
    controller.start()
    yield held, port
    controller.stop()


class Repository:
    """A bare repository in the place of GitHub's, and a runner for its workflow, new for each run."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.bare = folder / "origin.git"
        self.ran = 0
        self.programs = folder / "bin"
        self.programs.mkdir()
        (self.programs / "monitor").symlink_to(Path(sys.executable).with_name("monitor"))
        (self.programs / "pip").write_text('#!/bin/sh\ntest -f "$3" || exit 9\n')  # the program is installed already
        (self.programs / "pip").chmod(0o755)
        (self.programs / "sleep").symlink_to("/bin/true")
        settings = (GITHUB / "monitor.yaml").read_text()
        settings = re.sub(
            r"sources:\n(?:  .*\n)+", "sources:\n  dropped: {kind: snapshot, path: snapshots}\n", settings
        )
        channel = f"channel: {{kind: email, host: 127.0.0.1, port: {port}, tls: none}}"
        self.write("monitor.yaml", re.sub(r"channel: .*", channel, settings))
        self.write("profiles/me.yaml", PROFILE.replace('"08:00"', '"00:00"') + "empty: skip\n")
        self.write("snapshots/one.txt", LISTING.replace("2026-03-04", datetime.now(UTC).date().isoformat()))
        self.write("paper_monitor-1.0.0-py3-none-any.whl", "")
        self.git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(self.bare))
        self.git(folder / "mine", "init", "--quiet", "--initial-branch", "main")
        self.push()

    def write(self, name: str, text: str) -> None:
        path = self.folder / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def push(self) -> None:
        mine = self.folder / "mine"
        self.git(mine, "add", "--all")
        self.git(mine, "-c", "user.name=me", "-c", "user.email=me@example.org", "commit", "--quiet", "-m", "mine")
        self.git(mine, "push", "--quiet", str(self.bare), "main")

    def git(self, folder: Path, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout

    def run(self, path: str = "") -> dict[str, int]:
        """Run the steps of one run and return how each ended, by its name; after a failure those alone that `always` run."""
        self.ran += 1
        clone = self.folder / f"run{self.ran}"
        self.git(self.folder, "clone", "--quiet", "--depth", "1", f"file://{self.bare}", str(clone))
        ended: dict[str, int] = {}
        known = {
            "SMTP_USER": "me@example.org",
            "SMTP_HOST": "",
            "SMTP_PASSWORD": "",
            "GITHUB_RUN_NUMBER": str(self.ran),
        }
        environment = {**os.environ, **known, "PATH": f"{path}:{self.programs}:{os.environ['PATH']}"}
        for step in WORKFLOW["jobs"]["once"]["steps"]:
            if "run" not in step or (any(ended.values()) and not self.is_always(step, ended)):
                continue
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)
            print(step["name"], done.stdout, done.stderr)
            ended[step.get("id", step["name"])] = done.returncode
        shutil.rmtree(clone)
        return ended

    @staticmethod
    def is_always(step: dict[str, str], ended: dict[str, int]) -> bool:
        return step.get("if", "") == "${{ always() && steps.fetched.outcome == 'success' }}" and ended["fetched"] == 0


@pytest.fixture
def repository(tmp_path: Path, mailbox: tuple[Mailbox, int]) -> Repository:
    return Repository(tmp_path, mailbox[1])


def test_the_workflow_is_one_that_github_takes() -> None:
    (job,) = WORKFLOW["jobs"].values()
    assert tuple(step["uses"] for step in job["steps"] if "uses" in step) == OF_GITHUB
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert all(len(one["cron"].split()) == 5 for one in WORKFLOW["on"]["schedule"])
    assert (WORKFLOW["permissions"], WORKFLOW["concurrency"]["group"]) == ({"contents": "write"}, "paper-monitor")
    assert "cancel-in-progress" not in WORKFLOW["concurrency"], (
        "a run that is stopped may have sent what it does not keep"
    )
    wanted = set(re.findall(r"\$\{env:(\w+)\}", (GITHUB / "monitor.yaml").read_text()))
    assert wanted == set(job["env"])
    assert job["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in wanted}


def test_a_second_run_sends_nothing_twice_because_the_store_is_kept_on_a_branch(
    repository: Repository, mailbox: tuple[Mailbox, int]
) -> None:
    held, _ = mailbox
    repository.write("snapshots/two.txt", "\0" * 50)
    repository.push()
    assert [name for name, status in repository.run().items() if status] == [READ], "a part failed, and it is kept"
    assert [b"More About Labels" in mail for mail in held.got] == [True]
    assert set(repository.run().values()) == {0}
    assert len(held.got) == 1
    assert repository.git(repository.bare, "rev-list", "--count", "store").strip() == "1"
    assert repository.git(repository.bare, "ls-tree", "--name-only", "store").split() == ["monitor.db.gz"]
    repository.git(repository.bare, "update-ref", "-d", "refs/heads/store")
    repository.run()
    assert len(held.got) == 2, "without the branch it is a first run"


def test_nothing_is_sent_while_the_store_cannot_be_asked_for(
    repository: Repository, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "git").write_text("#!/bin/sh\nexit 128\n")
    (broken / "git").chmod(0o755)
    ended = repository.run(str(broken))
    assert ended == {"Install the program that lies in this repository": 0, "fetched": 1}
    assert mailbox[0].got == []
