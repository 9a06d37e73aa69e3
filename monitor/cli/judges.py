"""The judges of a mail that are not ours: validators, an accessibility checker, spam filters.

Each takes the mail as a page and as bytes and gives what it holds against it. One that is not on this machine raises
``MissingError`` with how to get it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Found = Iterator[tuple[str, list[str]]]
"""Judges, each with its objections."""

_SECONDS = 240
_FROM_NPM = "copy tests/judges of the sources, `npm install` in the copy, and set MAIL_JUDGES to it"
_PACKAGES = {"spamassassin": "spamassassin", "node": "nodejs", "java": "default-jre-headless"}
_MOST_SYMBOL = 0.1
_RSPAMD_RULES = Path("/etc/rspamd/rspamd.conf")
_OF_SENDING = (
    "arc", "asn", "dkim", "dmarc", "fuzzy_check", "greylist", "hfilter", "history_redis", "mx_check", "neural", "p0f",
    "phishing", "ratelimit", "rbl", "replies", "reputation", "spf", "surbl", "url_redirector", "whitelist",
)  # fmt: skip
"""Parts of rspamd that judge a sending host, its domain's records, or what others report: none of it is the mail's."""


class MissingError(Exception):
    """A judge is not on this machine; the text says how to get it."""


def spamassassin(_page: Path, content: bytes) -> Found:
    """Ask SpamAssassin's rules, without network; a score over 0 is an objection."""
    said = _run([_program("spamassassin"), "--local", "--test-mode"], content).stdout.decode("utf-8", "replace")
    found = re.search(r"^X-Spam-Status: \w+, score=(-?[\d.]+)", said, re.MULTILINE)
    if not found:
        raise ValueError("it gave no score")
    yield "SpamAssassin", [f"  score {found[1]}, over 0"] if float(found[1]) > 0 else []


def rspamd(_page: Path, content: bytes) -> Found:
    """Ask rspamd what it holds against the content; a symbol over 0.1 is an objection."""
    with rspamd_symbols() as ask:
        found = ask(content)
    yield (
        "rspamd",
        [f"  {name} {score:g}, over {_MOST_SYMBOL}" for name, score in found.items() if score > _MOST_SYMBOL],
    )


@contextmanager
def rspamd_symbols() -> Iterator[Callable[[bytes], dict[str, float]]]:
    """Give a function that returns the symbols of a message with their scores, from an rspamd that runs meanwhile.

    It has the rules of the package and nothing of the machine's own settings, and asks nobody.
    """
    program, client = _program("rspamd"), _program("rspamc")
    with tempfile.TemporaryDirectory() as folder:
        port = _configure_rspamd(Path(folder, "local.d"))
        folders = [f"--var={name}={folder}" for name in ("LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")]
        command = [program, "--no-fork", "--insecure", "--config", str(_RSPAMD_RULES), *folders]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - a list
        try:
            _await(server, port)
            yield lambda content: _symbols(_run([client, "--connect", f"127.0.0.1:{port}", "--json"], content).stdout)
        finally:
            server.terminate()
            server.wait(_SECONDS)


def _configure_rspamd(local: Path) -> int:
    """Write the settings of an rspamd on a free port, which is returned."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    off = "enabled = false;"
    settings = {
        "worker-normal.inc": f'bind_socket = "127.0.0.1:{port}"; count = 1;',
        "worker-controller.inc": off, "worker-proxy.inc": off, "worker-fuzzy.inc": off,
        "options.inc": 'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 0; }',
        "logging.inc": 'type = "console"; level = "error";',
    } | {f"{part}.conf": off for part in _OF_SENDING}  # fmt: skip
    local.mkdir()
    for name, text in settings.items():
        (local / name).write_text(f"{text}\n", encoding="ascii")
    return port


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise OSError("rspamd does not start: `rspamadm configtest` tells why")


def _symbols(said: bytes) -> dict[str, float]:
    return {name: float(one["score"]) for name, one in json.loads(said)["symbols"].items()}


def from_npm(page: Path, _content: bytes) -> Found:
    """Ask html-validate, and caniemail but for what tests/judges/allowed.json gives a reason for."""
    folder, node = _folder(), _program("node")
    said = _run([node, str(folder / "judge.mjs"), str(folder / "node_modules"), "mail", str(page)]).stdout
    found = json.loads(said)[str(page)]
    allowed = json.loads((folder / "allowed.json").read_text(encoding="utf-8"))
    yield "html-validate", [f"  {one}" for one in found["html_validate"]]
    yield "caniemail", [f"  {one}" for one in found["caniemail"] if one not in allowed]


def nu(page: Path, _content: bytes) -> Found:
    """Ask the Nu validator of the W3C for errors."""
    jar = next(_folder().glob("node_modules/vnu-jar/**/vnu.jar"), None)
    if jar is None:
        raise MissingError(_FROM_NPM)
    command = [_program("java"), "-jar", str(jar), "--errors-only", "--format", "json", str(page)]
    found = json.loads(_run(command, check=False).stderr)["messages"]
    yield "Nu validator", [f"  line {one.get('lastLine')}: {one['message']}" for one in found]


def axe(page: Path, _content: bytes) -> Found:
    """Ask axe in a browser without network, on light and dark screens, for what is serious or critical."""
    script, chromium = _folder() / "node_modules" / "axe-core" / "axe.min.js", _chromium()
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise MissingError("there is no playwright: pip install playwright") from error
    if not script.is_file():
        raise MissingError(_FROM_NPM)
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to guard itself from root
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*alone, "--disable-gpu"])
            for scheme in ("light", "dark"):
                opened = browser.new_context(color_scheme=scheme, offline=True).new_page()
                opened.goto(page.as_uri())
                opened.evaluate(script.read_text(encoding="utf-8"))
                yield f"axe, {scheme}", _serious(opened.evaluate("axe.run().then(result => result.violations)"))
            browser.close()
    except Error as error:
        raise OSError(str(error).partition("\n")[0]) from error


def _serious(violations: Sequence[dict[str, Any]]) -> list[str]:
    serious = [one for one in violations if one["impact"] in ("serious", "critical")]
    return [f"  {one['id']}: {one['help']} ({len(one['nodes'])} times)" for one in serious]


JUDGES: dict[str, Callable[[Path, bytes], Found]] = {
    "html-validate and caniemail": from_npm, "Nu validator": nu, "axe": axe, "SpamAssassin": spamassassin,
    "rspamd": rspamd,
}  # fmt: skip
"""Every judge by what it is called when it is missing."""


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return _program("chromium")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        package = _PACKAGES.get(name, name.replace("rspamc", "rspamd"))
        raise MissingError(f"there is no `{name}`: on Debian, apt install {package}")
    return found


def _folder() -> Path:
    folder = Path(os.environ.get("MAIL_JUDGES", "tests/judges")).absolute()
    if not (folder / "node_modules").is_dir() or not (folder / "judge.mjs").is_file():
        raise MissingError(_FROM_NPM)
    return folder


def _run(words: Sequence[str], given: bytes = b"", *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, input=given, capture_output=True, check=check, timeout=_SECONDS)  # noqa: S603 - a list
