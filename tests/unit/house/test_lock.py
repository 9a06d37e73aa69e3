"""What uv.lock pins is pinned by its bytes, from one registry."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCKED = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]


def test_every_package_comes_from_the_registry_with_the_hash_of_each_file():
    ours = [one for one in LOCKED if one["source"] == {"editable": "."}]
    others = [one for one in LOCKED if one not in ours]
    assert [one["name"] for one in ours] == ["paper-monitor"]
    assert {one["source"].get("registry") for one in others} == {"https://pypi.org/simple"}
    files = [(one["name"], file) for one in others for file in (one.get("sdist"), *one.get("wheels", ())) if file]
    assert {name for name, _ in files} == {one["name"] for one in others}
    assert [name for name, file in files if not file.get("hash", "").startswith("sha256:")] == []
