"""What the pages for people show, YAML and commands, is right as it stands."""

import base64
import re
import shlex
from pathlib import Path

import click
import pytest

from monitor import registry
from monitor.cli import main
from monitor.settings.load import load_all

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CHANGELOG.md",
    "templates/README.md",
    *sorted(f"deploy/{one.name}" for one in ROOT.glob("deploy/*.md")),
]


def test_the_profile_the_channel_and_every_source_of_readme_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, reader, channels = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    sources = re.findall(r"^\| `(\w+)` .*\| `(\{kind: .*\})` \|$", README, re.MULTILINE)
    assert sorted(name for name, _ in sources) == list(registry.kinds("sources"))
    (every, max_age) = re.findall(r"^`(every: \w+)` beside `kind` .* `(max_age: \w+)`", README, re.MULTILINE)[0]
    said = [(name, said.replace("}", f", {every}, {max_age}}}", 1)) for name, said in sources]
    lines = "".join(f"  {name.replace('_', '-')}: {one}\n" for name, one in said)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text(reader)
    (tmp_path / "monitor.yaml").write_text(f"sources:\n{lines}{channel}{channels}")
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    monkeypatch.setenv("CHAT_URL", "ntfy://papers")
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + base64.b64encode(bytes(32)).decode())
    loaded = load_all(tmp_path / "monitor.yaml")
    assert loaded.settings.channel.kind == "email"
    assert set(loaded.settings.channels) == {"team-chat", "hook", "shelf"}
    assert [profile.id for profile in loaded.profiles] == ["ada"]


def _shown(text: str) -> set[str]:
    """Return the commands that a page shows, in blocks and between lines."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    spans = (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose))
    lines = (re.sub(r"\s#.*", "", line.strip()) for line in blocks.splitlines())
    pieces = (piece.strip() for line in [*lines, *spans] for piece in re.split(r"&&|\|", line))
    return {re.sub(r"^\S*monitor ", "", piece) for piece in pieces if re.match(r"(\S*/bin/)?monitor \S", piece)}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_shows_is_there_with_its_options(page: str) -> None:
    for line in _shown((ROOT / page).read_text(encoding="utf-8")):
        command: click.Command = main
        context = click.Context(main)
        for word in shlex.split(line.replace("...", "")):
            if isinstance(command, click.Group) and word in command.list_commands(context):
                command = command.get_command(context, word) or command
            elif word.startswith("-"):
                known = {name for one in command.get_params(context) for name in (*one.opts, *one.secondary_opts)}
                assert re.sub(r"^-(\w)\1+$", r"-\1", word.partition("=")[0]) in known, f"{page}: monitor {line}"
            elif command is main and not word.endswith(".yaml"):
                pytest.fail(f"{page}: there is no `monitor {word}` ({line})")


@pytest.mark.parametrize("page", PAGES)
def test_lines_of_a_page_can_be_read_beside_each_other(page: str) -> None:
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 150 and not line.startswith(("|", "    "))] == []
