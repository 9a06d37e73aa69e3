"""Broken monitor.yaml and profiles: ``python -m tests.mangled [--files 100000] [--seed 0]`` loads so many.

Whatever stands in them, loading gives a configuration or a ConfigError whose every problem has a place and can be printed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.load import load_all

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
      hf: {kind: snapshot, every: 2h, path: "${env:PATH}"}
      cv: {kind: arxiv, categories: [cs.CV], every: 2h}
    channel: {kind: email, host: localhost, username: papers, password: "${env:PATH}"}
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


def load(folder: Path, seeds: Iterable[int]) -> tuple[int, list[ConfigProblem]]:
    """Load a pair of files for each seed; returns how many could be used, and what was said of the others."""
    taken, refused = 0, list[ConfigProblem]()
    (folder / "profiles").mkdir(exist_ok=True)
    for seed in seeds:
        dice = random.Random(seed)
        (folder / "monitor.yaml").write_bytes(mutate(_SETTINGS, dice) if seed % 2 else _SETTINGS.encode())
        (folder / "profiles" / "ada.yaml").write_bytes(mutate(_PROFILE, dice))
        try:
            taken += len(load_all(folder / "monitor.yaml").profiles)
        except ConfigError as caught:
            refused += caught.problems
        except BaseException as error:
            error.add_note(f"the files of seed {seed}")
            raise
    return taken, refused


def main() -> None:
    """Load as many files as asked, and print how many could be used; another error than ConfigError ends it."""
    asked = argparse.ArgumentParser(description=main.__doc__)
    asked.add_argument("--files", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken, refused = load(Path(folder), range(given.seed, given.seed + given.files))
    print(f"{given.files:,} pairs of files: {taken:,} could be used, {len(refused):,} problems were told")


if __name__ == "__main__":
    main()
