"""What README shows in YAML is right as it stands."""

import base64
import re
from pathlib import Path

import pytest

from monitor import registry
from monitor.settings.load import load_all

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")


def test_the_profile_the_channel_and_every_source_of_readme_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, reader, channels = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    sources = re.findall(r"^\| `(\w+)` .*\| `(\{kind: .*\})` \|$", README, re.MULTILINE)
    assert sorted(name for name, _ in sources) == list(registry.kinds("sources"))
    lines = "".join(f"  {name.replace('_', '-')}: {said}\n" for name, said in sources)
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
