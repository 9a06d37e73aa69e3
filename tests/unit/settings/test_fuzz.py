"""Whatever stands in a file, loading gives a configuration or a ConfigError."""

from __future__ import annotations

import random
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.load import load_all

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Folder

_PROFILE = dedent("""\
    name: Ada's papers
    to: [ada@example.org, "bob@example.org"]
    schedule: {days: [mon, wed], at: "08:00", timezone: Europe/Berlin}
    budget: 12
    topics:
      diffusion:
        about: >
          Diffusion models used as classifiers
          or as representation learners.
        query: '("diffusion model*" OR ddpm) AND NOT medical'
        keywords: {score match*: 2, ddpm: 0.5}
        like: ["arXiv:2303.16203", 2105.05233]
        precision: 0.7
    trends: {in: digest}
""")
_SETTINGS = dedent("""\
    database: monitor.db
    sources:
      hf: {kind: probe_source, limit: 5, path: "${env:PATH}"}
      cv: {kind: probe_source, categories: [cs.CV], every: 2h}
    channel: {kind: probe_channel, host: localhost, password: "${env:PATH}"}
    sender: {name: Our papers, address: papers@example.org}
""")
_SIGNS = [
    *"\t\n\r\0 \"'[]{}:,-#&*!|>%@`~?\\$<()",
    *("\u00a0", "\u2028", "\ufeff", "\ud7ff", "\U0001f600", "\u202e"),
    *("- ", ": ", " #", "---\n", "...\n", "<<: ", "*a ", "&a ", "!!int ", "!!python/name:x ", "? ", "${", "${env:X}"),
    *("null", "true", "1e999", "nan", "-0", "0x1F", "\\u0000", "[" * 30, "  " * 30, "9" * 5000, "a: " * 50),
]


def mutate(text: str, dice: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(lines))
        change = dice.randrange(6)
        if change == 0:
            del lines[place]
            lines = lines or ["\n"]
        elif change == 1:
            lines.insert(place, dice.choice(lines))
        elif change == 2:
            lines[place] = lines[place].replace("  ", dice.choice(["", "\t", "    "]), 1)
        else:
            cut = dice.randrange(len(lines[place]) + 1)
            skip = dice.choice([0, 0, 1, 5])
            lines[place] = lines[place][:cut] + dice.choice(_SIGNS) + lines[place][cut + skip :]
    data = "".join(lines).encode()
    if dice.random() < 0.1:
        cut = dice.randrange(len(data) + 1)
        data = data[:cut] + bytes(dice.choices(range(256), k=3)) + data[cut:]
    return data[: dice.randrange(len(data) + 1)] if dice.random() < 0.1 else data


@pytest.mark.parametrize("half", [0, 1])
def test_k01_five_hundred_broken_files_raise_nothing_but_config_error(folder: Folder, half: int) -> None:
    refused: list[ConfigProblem] = []
    taken = 0
    for seed in range(half * 250, half * 250 + 250):
        dice = random.Random(seed)
        folder.settings.write_bytes(mutate(_SETTINGS, dice) if seed % 2 else _SETTINGS.encode())
        (folder.profiles / "ada.yaml").write_bytes(mutate(_PROFILE, dice))
        try:
            taken += len(load_all(folder.settings).profiles)
        except ConfigError as caught:
            refused.extend(caught.problems)
    assert taken > 5
    assert len(refused) > 200
    for problem in refused:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert str(problem).replace("\n", "").isprintable()
