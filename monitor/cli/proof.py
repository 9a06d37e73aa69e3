"""`monitor proof`: one mail before judges that are not ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told

if TYPE_CHECKING:
    from monitor.jobs.preview import Draft

_SECONDS = 240
_FROM_NPM = "copy tests/judges of the sources, `npm install` in the copy, and set MAIL_JUDGES to it"

Verdict = tuple[str, list[str]]
"""A judge, and what it holds against the mail."""


class _MissingError(Exception):
    """A judge is not on this machine; the text says how to get it."""


@click.command("proof")
@click.argument("profile")
@click.option("--days", default=7, show_default=True, help="How many days the digest covers.")
@click.pass_obj
def command(config: Path, profile: str, *, days: int) -> None:
    """Let validators and a spam filter judge the digest that PROFILE would get; nothing is sent.

    Judges that are not installed are named, with how to get them. Ends with status 1 when one finds something.

    \b
    Example:
      monitor proof ada
    """
    from monitor.cli.preview import drafted

    with errors_told():
        draft = drafted(config, profile, days, None)
    objections = 0
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "mail.html")
        page.write_text(draft.html, encoding="utf-8")
        for names, judge in _JUDGES.items():
            try:
                for name, found in judge(page, draft):
                    objections += len(found)
                    click.echo("\n".join([f"{name}: {'nothing' if not found else ''}".rstrip(), *found]))
            except _MissingError as missing:
                click.echo(f"{names}: not here; {missing}")
            except (subprocess.SubprocessError, OSError, ValueError) as error:
                objections += 1
                click.echo(f"{names}: failed: {error}")
    if objections:
        raise SystemExit(1)


def _spamassassin(_page: Path, draft: Draft) -> Iterator[Verdict]:
    said = _run([_program("spamassassin"), "--local", "--test-mode"], draft.content).stdout.decode("utf-8", "replace")
    found = re.search(r"^X-Spam-Status: \w+, score=(-?[\d.]+)", said, re.MULTILINE)
    if not found:
        raise ValueError("it gave no score")
    yield "SpamAssassin", [f"  score {found[1]}, over 0"] if float(found[1]) > 0 else []


def _node(page: Path, _draft: Draft) -> Iterator[Verdict]:
    folder, node = _from_npm(), _program("node")
    said = _run([node, str(folder / "judge.mjs"), str(folder / "node_modules"), "mail", str(page)]).stdout
    found = json.loads(said)[str(page)]
    allowed = json.loads((folder / "allowed.json").read_text(encoding="utf-8"))
    yield "html-validate", [f"  {one}" for one in found["html_validate"]]
    yield "caniemail", [f"  {one}" for one in found["caniemail"] if one not in allowed]


def _nu(page: Path, _draft: Draft) -> Iterator[Verdict]:
    jar = next(_from_npm().glob("node_modules/vnu-jar/**/vnu.jar"), None)
    if jar is None:
        raise _MissingError(_FROM_NPM)
    said = _run(
        [_program("java"), "-jar", str(jar), "--errors-only", "--format", "json", str(page)], check=False
    ).stderr
    yield "Nu validator", [f"  line {one.get('lastLine')}: {one['message']}" for one in json.loads(said)["messages"]]


_JUDGES: dict[str, Callable[[Path, Draft], Iterator[Verdict]]] = {
    "html-validate and caniemail": _node, "Nu validator": _nu, "SpamAssassin": _spamassassin,
}  # fmt: skip
_PACKAGES = {"spamassassin": "spamassassin", "node": "nodejs", "java": "default-jre-headless"}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise _MissingError(f"there is no `{name}`: on Debian, apt install {_PACKAGES[name]}")
    return found


def _from_npm() -> Path:
    folder = Path(os.environ.get("MAIL_JUDGES", "tests/judges")).absolute()
    if not (folder / "node_modules").is_dir() or not (folder / "judge.mjs").is_file():
        raise _MissingError(_FROM_NPM)
    return folder


def _run(words: Sequence[str], given: bytes = b"", *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, input=given, capture_output=True, check=check, timeout=_SECONDS)  # noqa: S603 - a list
