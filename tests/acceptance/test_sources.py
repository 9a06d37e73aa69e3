"""Sources by the installed program, from a web server on loopback: ledger, past, reading again, splitting."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.acceptance.installation import PROFILE, Installation, wait_for

TODAY = datetime.now(UTC).date()
SETTINGS = """\
sources:
  hugging-face: {{kind: hf_daily, days: 2, base_url: "http://127.0.0.1:{port}"}}
  dropped: {{kind: jsonl, path: drops}}
channel: {{kind: file, path: outbox}}
sender: {{name: Paper Monitor, address: monitor@example.org}}
allow_hosts: ["127.0.0.1"]
"""


class Site(ThreadingHTTPServer):
    """A site that lists one paper a day, slowly if asked to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.pause = 0.0


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        time.sleep(self.server.pause)
        day = date.fromisoformat(parse_qs(urlsplit(self.path).query)["date"][0])
        number = day.toordinal() % 100_000
        words = " ".join(f"{chr(97 + number * place % 26)}{number + place}ic" for place in range(12))
        paper = {"id": f"2603.{number:05d}", "title": f"Diffusion of day {number}", "summary": f"It says {words}."}
        body = json.dumps([{"paper": paper}] if day.weekday() < 5 else []).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sourced(tmp_path, site) -> Installation:
    made = Installation(tmp_path)
    made.write("monitor.yaml", SETTINGS.format(port=site.server_port))
    made.write("profiles/ada.yaml", PROFILE)
    (tmp_path / "drops").mkdir()
    return made


def workdays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def test_the_ledger_tells_what_each_source_announced(sourced, site):
    ended = sourced.run("once")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = sourced.run("sources")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "hugging-face" in ended.stdout
    assert f"{TODAY:%a} {TODAY}" in ended.stdout
    assert site.asked[0][1]["user-agent"].startswith("paper-monitor/")
    assert "monitor@example.org" in site.asked[0][1]["user-agent"]


def test_a_failing_source_is_named_with_its_reason_and_the_others_are_read(sourced, site):
    sourced.write(
        "drops/one.jsonl", json.dumps({"id": "2603.90001", "title": "A dropped paper", "abstract": "Dropped."})
    )
    site.shutdown()
    site.server_close()
    ended = sourced.run("once")
    assert ended.returncode == 1
    assert "failed: hugging-face: 127.0.0.1" in ended.stderr
    ended = sourced.run("sources", "hugging-face")
    assert ended.returncode == 1
    assert "failing (1 in a row)" in ended.stdout
    assert "A dropped paper" in sourced.run("papers", "show", "2603.90001").stdout


def test_the_past_is_read_goes_on_after_a_kill_and_is_not_announced(sourced, site):
    first, last = TODAY - timedelta(days=60), TODAY - timedelta(days=31)
    days = ("--from", str(first), "--to", str(last))
    site.pause = 0.1
    process = sourced.start("backfill", "hugging-face", *days)
    wait_for(lambda: len(site.asked) >= 8, what="the eighth request")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    before, site.pause = len(site.asked), 0.0
    ended = sourced.run("backfill", "hugging-face", *days)
    assert ended.returncode == 0, ended.stderr
    papers = len(workdays(first, last))
    assert f"{papers} entries read, {papers} papers new to us" in ended.stdout
    assert 30 <= len(site.asked) <= 30 + 2  # at most the page that was being read is asked again
    assert before < 30
    with closing(sqlite3.connect(sourced.home / "monitor.db")) as connection, connection:
        arrivals = connection.execute("SELECT arrival, count(*) FROM verdicts GROUP BY arrival").fetchall()
    assert arrivals == [("past", papers)]


def test_a_kind_without_a_past_and_days_in_the_wrong_order_are_told(sourced):
    ended = sourced.run("backfill", "dropped", "--from", "2026-01-01")
    assert ended.returncode == 3
    assert "shows the present only" in ended.stderr
    ended = sourced.run("backfill", "hugging-face", "--from", "2026-02-01", "--to", "2026-01-01")
    assert ended.returncode == 3
    assert "is after" in ended.stderr
    assert "did you mean 'hugging-face'?" in sourced.run("backfill", "huging-face", "--from", "2026-01-01").stderr


def test_the_kept_answers_are_read_again(sourced):
    sourced.write(
        "drops/one.jsonl", json.dumps({"id": "2603.90001", "title": "A dropped paper", "abstract": "Dropped."})
    )
    assert sourced.run("once").returncode == 0
    ended = sourced.run("replay", "dropped", "--all")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "answers read again: 1; read otherwise than when they came: 0" in ended.stdout


def test_every_kind_has_a_page_of_help(sourced):
    ended = sourced.run("sources", "--kinds")
    for kind in (
        "arxiv",
        "bibtex",
        "biorxiv",
        "crossref",
        "feed",
        "hf_daily",
        "hf_page",
        "jsonl",
        "openreview",
        "scholar_mail",
        "snapshot",
    ):
        assert kind in ended.stdout
    assert "kind: arxiv" in sourced.run("sources", "--kind", "arxiv").stdout


def test_a_source_is_asked_again_when_a_person_says_so(sourced, site):
    assert sourced.run("once").returncode == 0
    asked = len(site.asked)
    assert sourced.run("once").returncode == 0
    assert len(site.asked) == asked
    assert sourced.run("sources", "hugging-face", "--again").returncode == 0
    assert sourced.run("once").returncode == 0
    assert len(site.asked) == asked + 2
