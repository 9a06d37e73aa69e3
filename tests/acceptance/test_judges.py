"""The golden mails before judges that are not ours: validators, an accessibility checker, a spam filter.

The judges from npm are looked for in MAIL_JUDGES, a folder with ``tests/judges/package.json`` installed; a machine
without a judge skips it, and says so.
"""

import json
import os
import re
import runpy
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.judges import MissingError, axe, rspamd_symbols
from monitor.render.mail import render
from monitor.render.message import Sender, build_message
from tests.acceptance.test_look import browser  # noqa: F401 - a fixture

TESTS = Path(__file__).resolve().parent.parent
CASES = sorted(path.parent for path in (TESTS / "golden").glob("*/digest.py"))
PAGES = [case / "expected.html" for case in CASES]
SENDER = Sender("Paper Monitor", "digest@example.org", "owner@example.org", "unsubscribe@example.org")


@pytest.fixture(scope="module")
def modules():
    folder = Path(os.environ.get("MAIL_JUDGES", TESTS / "judges")) / "node_modules"
    if not folder.is_dir() or shutil.which("node") is None:
        pytest.skip("no judges from npm here: npm install --prefix DIR in a copy of tests/judges, then MAIL_JUDGES=DIR")
    return folder


@pytest.fixture(scope="module")
def judged(modules):
    return judgement(modules, "mail", PAGES)


def judgement(modules, kind, files):
    """What html-validate, and for mails caniemail, find in each file."""
    command = ["node", TESTS / "judges" / "judge.mjs", modules, kind, *files]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def test_m07_html_validate_finds_no_error(judged):
    assert {page: one["html_validate"] for page, one in judged.items() if one["html_validate"]} == {}
    assert len(judged) == len(PAGES) >= 12


def test_m07_every_finding_of_caniemail_is_allowed_with_a_reason_and_every_reason_is_needed(judged):
    allowed = json.loads((TESTS / "judges" / "allowed.json").read_text())
    assert {title for one in judged.values() for title in one["caniemail"]} == set(allowed)
    assert all(reason for reason in allowed.values())


def test_m07_the_nu_validator_finds_no_error(modules):
    assert nu_errors(modules, PAGES) == []


def nu_errors(modules, files):
    """The errors that the Nu validator finds in some files."""
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine (Debian: apt install default-jre-headless)")
    jar = next(modules.glob("vnu-jar/**/vnu.jar"))
    command = ["java", "-jar", jar, "--errors-only", "--format", "json", *files]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    return [(one.get("url"), one.get("lastLine"), one["message"]) for one in json.loads(ended.stderr)["messages"]]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_m07_axe_finds_nothing_serious(modules, browser, scheme):  # noqa: F811 - a fixture
    axe = (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    for path in PAGES:
        page = browser.new_page(color_scheme=scheme)
        page.goto(path.as_uri())
        found = serious(page, axe)
        page.close()
        assert found == [], path.parent.name


def serious(page, axe):
    """What axe finds in the page that a browser shows, of what keeps people from using it."""
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


def mail(case):
    """The bytes of a case, as if it left now: filters look at the date."""
    digest = replace(runpy.run_path(str(case / "digest.py"))["DIGEST"], at=datetime.now(UTC))
    return build_message(digest, render(digest, TESTS.parent / "templates"), SENDER, message_id_key="golden").content


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_m09_spamassassin_holds_nothing_against_a_mail(case):
    if shutil.which("spamassassin") is None:
        pytest.skip("no SpamAssassin on this machine (Debian: apt install spamassassin)")
    ended = subprocess.run(
        ["spamassassin", "--local", "--test-mode"], input=mail(case), capture_output=True, check=True, timeout=60
    )
    (score,) = re.findall(rb"^X-Spam-Status: \w+, score=(-?[\d.]+)", ended.stdout, re.MULTILINE)
    assert float(score) <= 0


@pytest.fixture(scope="module")
def rspamd():
    try:
        with rspamd_symbols() as ask:
            yield ask
    except MissingError as missing:
        pytest.skip(str(missing))


def test_m09_rspamd_holds_no_content_against_a_mail_but_what_has_a_reason(rspamd):
    allowed = json.loads((TESTS / "judges" / "rspamd.json").read_text())
    found = {case.name: {name for name, score in rspamd(mail(case)).items() if score > 0.1} for case in CASES}
    assert {case: names for case, names in found.items() if names} == {case: set(why) for case, why in allowed.items()}
    assert all(reason for why in allowed.values() for reason in why.values())


def test_m09_rspamd_holds_against_a_mail_what_is_wrong_with_it(rspamd):
    assert rspamd(mail(CASES[0]).replace(b"Date: ", b"X-Date: ", 1))["MISSING_DATE"] > 0.1


def verdicts_of_axe(page):
    return dict(axe(page, b""))


@pytest.mark.browser
def test_m07_the_command_asks_axe_too(modules, monkeypatch, tmp_path):
    monkeypatch.setenv("MAIL_JUDGES", str(tmp_path))
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "judge.mjs").touch()
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(
        PAGES[0].read_text().replace('<div class="page"', '<img src="data:," width="9" height="9"><div class="page"', 1)
    )
    with ThreadPoolExecutor(1) as apart:  # one thread has one Playwright, and the fixture's is in this one
        asked = [apart.submit(verdicts_of_axe, page) for page in (PAGES[0], spoilt)]
        try:
            good, bad = [one.result(60) for one in asked]
        except MissingError as missing:
            pytest.skip(str(missing))
    assert good == {"axe, light": [], "axe, dark": []}
    assert all("image-alt" in "".join(found) for found in bad.values())
