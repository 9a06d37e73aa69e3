"""A preview that follows the files it is made of."""

import os
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.cli import preview as command
from monitor.cli.serving import serve

PROFILE = 'to: [ada@example.org]\ntopics: {{{topic}: {{query: "lantern*"}}}}\n'


@pytest.fixture
def installation(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text(PROFILE.format(topic="lamps"))
    config = tmp_path / "monitor.yaml"
    config.write_text("sources: {drop: {kind: snapshot, path: drops}}\nchannel: {kind: file, path: outbox}\n")
    (tmp_path / "drops").mkdir()
    return config


def run(config, *arguments):
    return CliRunner().invoke(main, ["--config", str(config), "preview", "ada", *arguments], catch_exceptions=False)


def test_page_text_and_headers_are_written_side_by_side_with_the_size(installation, tmp_path):
    said = run(installation, "--to", str(tmp_path / "mail.html"))
    assert "KB on the wire, of 90" in said.output
    assert "Lamps" in (tmp_path / "mail.html").read_text()
    assert "Lamps" in (tmp_path / "mail.txt").read_text()
    assert "List-Unsubscribe: <mailto:" in (tmp_path / "mail.headers").read_text()


@pytest.mark.parametrize(("option", "said"), [("--text", "- Lamps: quiet"), ("--headers", "MIME-Version: 1.0")])
def test_a_part_alone_is_printed(installation, option, said):
    assert said in run(installation, option).output


def drawn(config):
    return command._Drawn(config, "ada", 7, None, command.drafted(config, "ada", 7, None))


def test_an_edited_profile_is_drawn_again_and_a_broken_one_is_told(installation, tmp_path):
    now = drawn(installation)
    assert not now.changed()
    profile = tmp_path / "profiles" / "ada.yaml"
    profile.write_text(PROFILE.format(topic="torches"))
    os.utime(profile, (1, 1))
    assert now.changed()
    assert "Torches" in now.draft.html
    profile.write_text("to: nobody\n")
    assert now.changed()
    assert "Torches" in now.draft.html
    assert "topics" in now.draft.problem
    assert not now.changed()


def test_a_browser_gets_every_part_and_a_new_stamp_after_an_edit(installation, tmp_path):
    now = drawn(installation)
    port = serve(0, now)

    def get(path):
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()

    assert get("/page") == now.draft.html
    assert get("/text") == now.draft.text
    assert get("/headers") == now.draft.headers
    assert now.draft.subject in get("/")
    before = get("/stamp")
    (tmp_path / "profiles" / "ada.yaml").write_text(PROFILE.format(topic="torches"))
    assert now.changed()
    assert get("/stamp") != before
    with pytest.raises(HTTPError) as refused:
        get("/etc/passwd")
    refused.value.close()
