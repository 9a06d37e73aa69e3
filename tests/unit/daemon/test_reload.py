"""What people edit is taken over whole, or not at all."""

import asyncio
from functools import partial

import pytest

from monitor.app import open_app
from monitor.daemon import service
from monitor.errors import DeliveryError
from monitor.settings.load import load_all
from monitor.settings.watch import Watcher
from monitor.store import marks

OLD = """\
database: monitor.db
profiles: profiles
sources: {dropped: {kind: snapshot, path: snapshots}}
channel: {kind: file, path: outbox}
sender: {address: monitor@example.org}
"""
NEW = OLD.replace("path: outbox", "path: elsewhere") + 'web: {base_url: "https://papers.example.org"}\n'


@pytest.fixture
def reloader(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/ada.yaml").write_text("to: [ada@example.org]\ntopics: {lamps: {query: lanterns}}\n")
    path = tmp_path / "monitor.yaml"
    path.write_text(OLD)
    loaded = load_all(path)
    app = open_app(loaded.settings, loaded.profiles)
    path.write_text(NEW)
    yield service.Reloader(app, partial(load_all, path), Watcher(path), loaded)
    asyncio.run(app.close())


def test_c20_an_edit_that_cannot_be_opened_leaves_the_old_configuration_whole(reloader, monkeypatch):
    app = reloader._app
    before = app.settings, app.profiles, app.links, app.channel, app.channels

    def broken(_settings):
        raise DeliveryError("the channel cannot be opened")

    monkeypatch.setattr(service, "open_channels", broken)
    monkeypatch.setattr(service, "open_channel", broken)
    assert not reloader.now()
    assert (app.settings, app.profiles, app.links, app.channel, app.channels) == before
    with app.store.read() as session:
        found = marks.get(session, "configuration")
    assert found is not None
    assert "cannot be opened" in found[1]


def test_c20_an_edit_that_can_be_opened_is_taken_over_whole(reloader):
    app = reloader._app
    channel = app.channel
    assert reloader.now()
    assert app.links is not None
    assert app.channel is not channel
    assert app.settings.web


def test_a_warning_is_told_once_as_long_as_it_holds(reloader, tmp_path, caplog):
    file = tmp_path / "profiles/ada.yaml"

    def told(text):
        caplog.clear()
        file.write_text(text)
        assert reloader.now()
        return [one.message.splitlines()[0].rpartition(": ")[2] for one in caplog.records if one.levelname == "WARNING"]

    one_example = "to: [ada@example.org]\ntopics:\n  lamps:\n    like: [arXiv:2303.16203]\n"
    assert told(one_example) == ["one paper is not enough to be sure of a topic"]
    assert told("# of Ada\n" + one_example) == []
    assert told("to: [ada@example.org]\ntopics: {lamps: {query: lanterns}}\n") == []
    assert told(one_example) == ["one paper is not enough to be sure of a topic"]


def test_who_asks_gets_one_reload_whether_or_not_a_file_changed_too(reloader, tmp_path, caplog):
    caplog.set_level("INFO", logger="monitor.daemon.service")

    def looks(times):
        caplog.clear()
        for _ in range(times):
            reloader.if_changed()
        return [one.levelname for one in caplog.records]

    assert looks(4) == []
    reloader.ask()
    assert looks(4) == ["INFO"]
    (tmp_path / "profiles/ada.yaml").write_text("tp: [ada@example.org]\n")
    reloader.ask()
    assert looks(4) == ["ERROR"]
