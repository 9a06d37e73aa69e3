"""What stands in deploy/ names what there is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main

DEPLOY = Path(__file__).parents[3] / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))


def test_the_dockerfile_has_nothing_that_its_judge_minds():
    hadolint = Path(sys.executable).with_name("hadolint")
    judged = subprocess.run(
        [hadolint, "--no-color", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert not judged.stdout + judged.stderr


def test_the_image_runs_commands_that_exist():
    words = dict(re.findall(r"^(?:HEALTHCHECK .*)?(ENTRYPOINT|CMD) (.*)$", DOCKERFILE, re.MULTILINE))
    asked = json.loads(words["ENTRYPOINT"])[1:] + json.loads(words["CMD"])
    (health,) = re.findall(r"^HEALTHCHECK .*CMD (.*)$", DOCKERFILE, re.MULTILINE)
    for arguments in (asked, json.loads(health)[1:]):
        assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0


def test_the_image_does_not_run_as_root():
    user = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert int(user) > 0
    assert f"--uid {user}" in DOCKERFILE


def test_what_reaches_the_image_is_what_its_build_reads():
    lines = (DEPLOY.parent / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = {line[1:] for line in lines if line.startswith("!")}
    assert {name for name in named if not (DEPLOY.parent / name).exists()} == set()
    project = (DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8")
    read = set(re.findall(r'^"(\w+)" = "monitor/_resources', project, re.MULTILINE))
    assert {"monitor", "pyproject.toml", "uv.lock", "README.md", "LICENSE", *read} == named


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_names_what_there_is(path):
    compose = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, service in compose["services"].items():
        assert "build" in service or re.fullmatch(r"[\w./-]+:[\w.-]+", service["image"]), name
        needed = service.get("depends_on", [])
        assert set(needed) <= set(compose["services"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (path.parent / source).exists() if source.startswith(".") else source in compose["volumes"]
        if "build" in service:
            context = path.parent / service["build"]["context"]
            assert (context / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_gives_commands_that_exist_and_leaves_no_role_undone(path):
    services = yaml.safe_load(path.read_text(encoding="utf-8"))["services"].values()
    commands = [service.get("command", ["run"]) for service in services if "build" in service]
    for words in commands:
        assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
    roles = {role for words in commands for role in words[2::2] if words[0] == "worker"}
    assert roles == {"poll", "match", "deliver"} or ["run"] in commands


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*/monitor.yaml")), ids=lambda path: path.parent.name)
def test_an_installation_that_lies_there_is_right(path, monkeypatch):
    for name in re.findall(r"\$\{env:(\w+)\}", path.read_text(encoding="utf-8")):
        monkeypatch.setenv(name, "me@example.org" if name.endswith("USER") else "mail.example.org")
    ended = CliRunner().invoke(main, ["--config", str(path), "check"])
    assert ended.exit_code == 0, ended.output
