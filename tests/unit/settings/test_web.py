"""``web:`` in monitor.yaml, and the key that signs links."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import ConfigError, MonitorError
from monitor.settings.keys import key_file, signing_keys
from monitor.settings.load import Settings, load_settings
from monitor.settings.values import WebSettings

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"


@pytest.fixture
def load(tmp_path: Path):
    def loaded(web: str) -> Settings:
        path = tmp_path / "monitor.yaml"
        path.write_text(f"sources: {{hf: {{kind: hf_daily}}}}\nchannel: {{kind: file, path: outbox}}\nweb: {web}\n")
        return load_settings(path)

    return loaded


def test_w19_pages_are_for_this_machine_alone_unless_the_settings_say_otherwise(load):
    web = load('{base_url: "https://papers.example.org/"}').web
    assert (web.base_url, web.host, web.port) == ("https://papers.example.org", "127.0.0.1", 8000)
    assert load('{base_url: "https://papers.example.org", listen: "0.0.0.0:80"}').web.host == "0.0.0.0"
    assert load('{base_url: "https://papers.example.org", listen: "[::1]:80"}').web.host == "::1"


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ("{base_url: papers.example.org}", "no address that links can start with"),
        ('{base_url: "https://papers.example.org/?q"}', "no address that links can start with"),
        ('{base_url: "https://papers.example.org/sub"}', "no address that links can start with"),
        ('{base_url: "https://a-very-long-name.of-a-machine.example.org"}', "too long for the unsubscribe link"),
        ('{base_url: "https://p.example", listen: "8000"}', "no address and port"),
        ('{base_url: "https://p.example", listen: "1.2.3:80"}', "no address and port"),
        ('{base_url: "https://p.example", listen: "127.0.0.1:70000"}', "no address and port"),
        ('{base_url: "https://p.example", password_hash: secret}', "not the hash of a password"),
        ('{base_url: "https://p.example", user_header: "a b"}', "no name of a header"),
        ("{}", "base_url"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(load, web, said):
    with pytest.raises(ConfigError, match=said):
        load(web)


def test_secrets_come_from_files_and_are_not_shown(load, tmp_path):
    (tmp_path / "key").write_text("k" * 40 + "\n" + "n" * 40 + "\n")
    (tmp_path / "hash").write_text(HASH)
    settings = load('{base_url: "https://p.example", key: "${file:key}", password_hash: "${file:hash}"}')
    assert settings.web.password_hash == HASH
    assert signing_keys(settings) == ("k" * 40, "n" * 40)
    assert "kkkk" not in repr(settings)
    assert "argon2" not in repr(settings)


def test_a_key_is_made_once_beside_the_database_for_its_owner_alone(load):
    settings = load('{base_url: "https://p.example"}')
    keys = signing_keys(settings)
    path = key_file(settings)
    assert path == Path(f"{settings.database}.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_keys(settings) == keys
    assert [file.name for file in path.parent.glob("monitor.db*")] == ["monitor.db.key"]


def test_w07_a_new_last_line_signs_and_the_old_one_stays(load):
    settings = load('{base_url: "https://p.example"}')
    (first,) = signing_keys(settings)
    with key_file(settings).open("a") as file:
        file.write("n" * 43 + "\n\n")
    assert signing_keys(settings) == (first, "n" * 43)


@pytest.mark.parametrize("text", ["", "short\n", "é" * 40])
def test_a_key_that_is_none_is_refused(load, text):
    settings = load('{base_url: "https://p.example"}')
    key_file(settings).write_text(text)
    with pytest.raises(MonitorError, match=r"monitor\.db\.key"):
        signing_keys(settings)


def test_a_database_on_a_server_has_its_key_beside_the_settings(load):
    settings = replace(load('{base_url: "https://p.example"}'), database="postgresql://host/name")
    assert key_file(settings) == settings.folder / "monitor.key"
    assert signing_keys(replace(settings, web=WebSettings("https://p.example", key="q" * 32))) == ("q" * 32,)
