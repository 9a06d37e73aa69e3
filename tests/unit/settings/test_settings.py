"""monitor.yaml: what it says, where its paths lie, where its secrets are, and what is wrong with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from monitor.settings.load import (
    EmbeddingsSettings,
    SenderSettings,
    Settings,
    SummariesSettings,
    load_all,
    load_settings,
)
from monitor.settings.yaml import Document
from tests import model_folder

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Fails, Folder, Problems

WHOLE = """
    database: data/monitor.db
    profiles: readers
    sources:
      hf: {kind: probe_source, limit: 5, order: rising, quick: no}
      arxiv-cv: {kind: probe_source, categories: [cs.CV, cs.LG], every: 2h}
      dropped: {kind: probe_source, path: snapshots, every: 5m}
    channel:
      {kind: probe_channel, host: smtp.example.org, port: 587, limits: {seconds: 2}, a_minute: 600, domains: {a.org: 60}}
    sender: {name: Our papers, address: papers@example.org, reply_to: ada@example.org, postal: "Street 1\\nTown"}
    snapshots_keep_days: 30
    spread: 10m
"""
REST = "channel: {kind: probe_channel, host: h}\nsender: {address: a@example.org}\n"


@pytest.fixture
def load(folder: Folder) -> Callable[[str], Settings]:
    def load(text: str) -> Settings:
        return load_settings(folder.write(text))

    return load


@pytest.fixture
def fails(folder: Folder, problems: Problems) -> Fails:
    """Return the problems of a monitor.yaml, as (line, column, message, hint)."""

    def fails(text: str) -> list[tuple[int, int, str, str]]:
        path = folder.write(text)
        found = problems(lambda: load_settings(path))
        assert {problem.path for problem in found} == {path}
        return [(problem.line, problem.column, problem.message, problem.hint) for problem in found]

    return fails


def with_source(rest: str) -> str:
    return f"sources:\n  hf: {rest}\n{REST}"


def with_channel(rest: str) -> str:
    return f"sources: {{hf: {{kind: probe_source}}}}\nchannel: {rest}\nsender: {{address: a@example.org}}\n"


def test_everything_is_read(load: Callable[[str], Settings], folder: Folder) -> None:
    settings = load(WHOLE)
    assert (settings.path, settings.folder) == (folder.settings, folder.path)
    assert settings.database == str(folder.path / "data/monitor.db")
    assert settings.profiles == folder.path / "readers"
    assert settings.snapshots_keep_days == 30
    assert settings.spread == timedelta(minutes=10)
    assert settings.sender == SenderSettings("Our papers", "papers@example.org", "ada@example.org", "Street 1\nTown")
    assert [(source.name, source.kind, source.every) for source in settings.sources] == [
        ("hf", "probe_source", timedelta(minutes=45)),
        ("arxiv-cv", "probe_source", timedelta(hours=2)),
        ("dropped", "probe_source", timedelta(minutes=5)),
    ]
    hf, arxiv, dropped = (source.options.model_dump() for source in settings.sources)
    assert (hf["limit"], hf["order"], hf["quick"], hf["path"]) == (5, "rising", False, None)
    assert arxiv["categories"] == ("cs.CV", "cs.LG")
    assert dropped["path"] == folder.path / "snapshots"
    assert settings.channel.kind == "probe_channel"
    assert settings.channel.limits == {"": 600, "a.org": 60}
    assert settings.channel.options.model_dump()["port"] == 587
    assert settings.channel.options.model_dump()["limits"] == {"seconds": 2.0}


def test_what_is_left_out_has_a_default(load: Callable[[str], Settings], folder: Folder) -> None:
    settings = load("sources: {hf: {kind: probe_source}}\nchannel: {kind: file, path: outbox}\n")
    assert settings.database == str(folder.path / "monitor.db")
    assert settings.profiles == folder.path / "profiles"
    assert settings.sender == SenderSettings()
    assert settings.snapshots_keep_days == 90
    assert settings.spread == timedelta()
    assert settings.channel.options.model_dump() == {"path": folder.path / "outbox", "maildir": False}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/var/lib/monitor.db", "/var/lib/monitor.db"),
        ("sqlite:///monitor.db", "sqlite:///{folder}/monitor.db"),
        ("sqlite:////var/lib/monitor.db", "sqlite:////var/lib/monitor.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql+psycopg://u@db/papers", "postgresql+psycopg://u@db/papers"),
    ],
)
def test_a_database_is_a_path_from_the_folder_or_a_url(
    load: Callable[[str], Settings], folder: Folder, written: str, meant: str
) -> None:
    assert load(f"database: {written}\n{with_source('{kind: probe_source}')}").database == meant.format(
        folder=folder.path
    )


def test_absolute_paths_and_the_home_folder_stay(
    load: Callable[[str], Settings], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    sources = "sources:\n  a: {kind: probe_source, path: /srv/x}\n  b: {kind: probe_source, path: ~/x}\n"
    settings = load(sources + REST)
    assert [source.options.model_dump()["path"] for source in settings.sources] == [Path("/srv/x"), Path("/home/ada/x")]


def test_paths_count_from_a_symlink_and_not_from_its_target(folder: Folder, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    (mount / "monitor.yaml").symlink_to(folder.settings)
    assert load_settings(mount / "monitor.yaml").folder == mount


@pytest.mark.parametrize(
    ("text", "place", "says", "hint"),
    [
        (with_source("{kind: probe_surce}"), (2, 14), "no kind of source is named", "'probe_source'"),
        (with_source("{every: 5m}"), (2, 3), "'kind' is missing", "kind"),
        (with_source("{kind: probe_source, every: 5}"), (2, 35), "'5' is no length of time", "30m"),
        (with_source("{kind: probe_source, every: 0m}"), (2, 35), "out of range", "31d"),
        (with_source("{kind: probe_source, every: 99d}"), (2, 35), "out of range", "31d"),
        (with_source("{kind: probe_source, evry: 5m}"), (2, 28), "unknown key 'evry'", "did you mean 'every'?"),
        (with_source("{kind: probe_source, limt: 5}"), (2, 28), "unknown key 'limt'", "did you mean 'limit'?"),
        (with_source("{kind: probe_source, limit: many}"), (2, 35), "limit: should be a whole number", ""),
        (with_source("{kind: probe_source, limit: 500}"), (2, 35), "limit: should be less than", ""),
        (with_source("{kind: probe_source, order: risin}"), (2, 35), "not one of rising, newest", "'rising'"),
        (with_source("probe_source"), (2, 7), "should be a map", ""),
        (with_source(""), (2, 3), "nothing stands here", ""),
        ("sources: {}\n" + REST, (1, 1), "no source", "hf_daily"),
        ("sources: [a]\n" + REST, (1, 10), "should be a map", ""),
        (REST, (1, 1), "'sources' is missing", "sources"),
        ("sources: {A b: {kind: probe_source}}\n" + REST, (1, 11), "cannot be a name", "small letters"),
        (with_channel("{kind: probe_chanel, host: h}"), (2, 17), "no kind of channel", "'probe_channel'"),
        (with_channel("{host: h}"), (2, 1), "'kind' is missing", ""),
        (with_channel("file"), (2, 10), "should be a map", ""),
        (with_channel("{kind: probe_channel}"), (2, 1), "'host' is missing", "host"),
        (with_channel("{kind: probe_channel, host: h, hosst: h}"), (2, 41), "unknown key", "'host'"),
        (with_channel("{kind: probe_channel, host: h, limits: {secnds: 1}}"), (2, 50), "unknown key", "'seconds'"),
        (with_source("{kind: probe_source}") + "databse: x\n", (5, 1), "unknown key", "'database'"),
        (
            with_source("{kind: probe_source}") + "database: mysql://x/y\n",
            (5, 11),
            "'mysql' is no database",
            "monitor.db",
        ),
        (with_source("{kind: probe_source}") + "database: postgres://x/y\n", (5, 11), "no database", "postgresql://"),
        (with_source("{kind: probe_source}") + "snapshots_keep_days: 0\n", (5, 22), "greater than", ""),
        (with_channel("{kind: probe_channel, host: h, a_minute: 0}"), (2, 51), "greater than", ""),
        (with_channel("{kind: probe_channel, host: h, domains: {A.org: 6}}"), (2, 58), "match", ""),
        (with_source("{kind: probe_source}") + "spread: 7h\n", (5, 9), "so long after their hour", "at most 6h"),
    ],
)
def test_k03_mistakes_are_placed_and_the_right_word_is_named(
    fails: Fails, text: str, place: tuple[int, int], says: str, hint: str
) -> None:
    ((line, column, message, proposed),) = fails(text)
    assert (line, column) == place
    assert says in message
    assert hint in proposed


def test_digests_that_leave_the_house_need_a_sender(fails: Fails) -> None:
    ((line, _, message, hint),) = fails(
        "sources: {hf: {kind: probe_source}}\nchannel: {kind: probe_channel, host: h}\n"
    )
    assert (line, message) == (1, "'sender' is missing")
    assert "address" in hint


def test_all_problems_of_all_files_come_in_one_error(folder: Folder, problems: Problems) -> None:
    folder.write("""
        databse: x
        sources:
          a: {kind: nothing}
          b: {kind: probe_source, limit: x, every: y}
        channel: {kind: probe_channel}
        sender: {address: a b}
        sender: {address: c}
    """)
    folder.profile("to: x\n")
    folder.profile("to: [\n", "bob.yaml")
    found = problems(lambda: load_all(folder.settings))
    assert [(problem.path.name, problem.line) for problem in found] == [
        *[("monitor.yaml", line) for line in (1, 3, 4, 4, 5, 6, 7)],
        *[("ada.yaml", 1), ("ada.yaml", 1), ("bob.yaml", 2)],
    ]


def test_k01_broken_settings_do_not_hide_the_problems_of_profiles(folder: Folder, problems: Problems) -> None:
    folder.write("sources: [\n")
    folder.profile("to: x\n")
    assert {problem.path.name for problem in problems(lambda: load_all(folder.settings))} == {
        "monitor.yaml",
        "ada.yaml",
    }


def test_a_profile_that_waits_for_an_unknown_source_is_told_the_nearest(folder: Folder, problems: Problems) -> None:
    folder.profile("to: ada@example.org\nschedule: daily after axriv\ntopics: {t: {about: Diffusion models.}}\n")
    folder.write("sources: {arxiv: {kind: probe_source}}\n" + REST)
    (found,) = problems(lambda: load_all(folder.settings))
    assert (found.path.name, found.line, found.hint) == ("ada.yaml", 2, "did you mean 'arxiv'?")


CHANNELS = """
channels:
  hook: {kind: probe_channel, host: hooks.example.org, password: "${file:hook}"}
  shelf: {kind: file, path: shelf, maildir: true}
"""


def test_channels_have_names_beside_the_one_by_default(load: Callable[[str], Settings], folder: Folder) -> None:
    (folder.path / "hook").write_text("open sesame\n")
    settings = load(with_channel("{kind: file, path: out}") + CHANNELS)
    hook, shelf = (settings.channels[name] for name in ("hook", "shelf"))
    assert (settings.channel.kind, hook.kind, shelf.kind) == ("file", "probe_channel", "file")
    assert hook.options.model_dump()["password"] == SecretStr("open sesame")
    assert shelf.options.model_dump() == {"path": folder.path / "shelf", "maildir": True}


def test_each_problem_of_a_named_channel_has_its_place(folder: Folder, problems: Problems) -> None:
    folder.write(with_channel("{kind: file, path: out}") + "channels:\n  a: {kind: fiel, path: x}\n  b: {kind: file}\n")
    found = problems(lambda: load_settings(folder.settings))
    assert [(one.line, one.hint) for one in found if "kind" in one.message] == [(5, "did you mean 'file'?")]
    assert [one.line for one in found] == [5, 6]


def test_a_profile_that_names_an_unknown_channel_is_told_the_nearest(folder: Folder, problems: Problems) -> None:
    folder.profile("to: ada@example.org\nchannel: shlef\ntopics: {t: {about: Diffusion models.}}\n")
    folder.write(with_channel("{kind: file, path: out}") + "channels: {shelf: {kind: file, path: shelf}}\n")
    (found,) = problems(lambda: load_all(folder.settings))
    assert (found.path.name, found.line, found.hint) == ("ada.yaml", 2, "did you mean 'shelf'?")


def test_a_profile_names_a_channel_and_there_is_none(folder: Folder, problems: Problems) -> None:
    folder.profile("to: ada@example.org\nchannel: shelf\ntopics: {t: {about: Diffusion models.}}\n")
    (found,) = problems(lambda: load_all(folder.settings))
    assert (found.message, found.hint) == (
        "no channel is named 'shelf'", "add it under 'channels:' in monitor.yaml"
    )  # fmt: skip


def test_an_alert_that_names_an_unknown_channel_is_told_the_nearest(folder: Folder, problems: Problems) -> None:
    def written(alert: str) -> None:
        folder.profile(
            f"to: ada@example.org\ntrends: {{alert: {alert}}}\ntopics: {{t: {{about: Diffusion models.}}}}\n"
        )

    folder.write(with_channel("{kind: file, path: out}") + "channels: {shelf: {kind: file, path: shelf}}\n")
    for alert, hint in (("shlef", "did you mean 'shelf'?"), ("webhook", "known: email, shelf")):
        written(alert)
        (found,) = problems(lambda: load_all(folder.settings))
        assert (found.line, found.column, found.hint) == (2, 17, hint)
    for alert in ("shelf", "email", "file", "none"):
        written(alert)
        assert load_all(folder.settings).warnings == ()


def test_settings_and_profiles_come_together(folder: Folder) -> None:
    loaded = load_all(folder.settings)
    assert loaded.settings.path == folder.settings
    assert [profile.id for profile in loaded.profiles] == ["ada"]
    assert loaded.warnings == ()


def test_no_settings_are_an_error(folder: Folder, problems: Problems) -> None:
    (problem,) = problems(lambda: load_settings(folder.path / "none.yaml"))
    assert "no such file" in problem.message


def test_k15_secrets_come_from_the_environment_and_from_files(
    load: Callable[[str], Settings], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_HOST", "smtp.example.org")
    (folder.path / "smtp").write_text("open sesame\n")
    settings = load(with_channel('{kind: probe_channel, host: "${env:SMTP_HOST}", password: "${file:smtp}"}'))
    assert settings.channel.options.model_dump() == {
        "host": "smtp.example.org",
        "password": SecretStr("open sesame"),
        "port": 25,
        "limits": {"seconds": 1.0},
    }
    assert "sesame" not in repr(settings)


def test_k15_a_database_url_takes_its_password_from_the_environment(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "sesame")
    folder.write("database: postgresql://u:${env:DB_PASSWORD}@db/x\n" + with_source("{kind: probe_source}"))
    loaded = load_all(folder.settings)
    assert loaded.settings.database == "postgresql://u:sesame@db/x"
    assert "sesame" not in repr(loaded)
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("${env:NOT_SET_ANYWHERE}", "'NOT_SET_ANYWHERE' is not set"),
        ("${file:none}", "there is no file 'none'"),
        ("${file:profiles}", "there is no file 'profiles'"),
        ("${evn:X}", "'evn' is no place"),
        ("${X}", "'X' is no place"),
    ],
)
def test_k15_a_secret_that_is_not_there_is_a_problem_with_its_place(fails: Fails, written: str, says: str) -> None:
    ((line, column, message, hint),) = fails(with_channel(f'{{kind: probe_channel, host: h, password: "x{written}"}}'))
    assert (line, column) == (2, 53)
    assert says in message
    assert hint


@pytest.mark.parametrize("content", ["x" * 10, "587"])
def test_k15_what_was_looked_up_is_never_in_a_message(
    folder: Folder, problems: Problems, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("LOOKED_UP", f"sesame{content}")
    path = folder.write(with_channel('{kind: probe_channel, host: h, port: "${env:LOOKED_UP}"}'))
    (problem,) = problems(lambda: load_settings(path))
    assert "whole number" in problem.message
    assert "sesame" not in str(problem)


def test_k15_a_value_that_is_not_there_is_complained_of_once(fails: Fails) -> None:
    ((_, _, message, _),) = fails(with_channel('{kind: probe_channel, host: h, port: "${env:NOT_SET_ANYWHERE}"}'))
    assert "is not set" in message


def test_k15_a_check_of_our_own_does_not_show_what_was_looked_up(
    folder: Folder, problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOKED_UP", "sesame\nopen")
    path = folder.write('database: "${env:LOOKED_UP}"\n' + with_source("{kind: probe_source}"))
    (problem,) = problems(lambda: load_settings(path))
    assert problem.message == "database: this value does not fit here"


@pytest.mark.parametrize(
    ("line", "is_shown"),
    [
        ("smtp_password: hunter2", False),
        ("{token: 'hunter2', x: 1}", False),
        ("tokenization: hunter2", True),
        ("password: ${env:hunter2}", True),
        ("url: https://u:hunter2@host/", False),
        ("url: https://host:80/hunter2", True),
    ],
)
def test_k15_only_secrets_are_left_out_of_shown_lines(folder: Folder, line: str, *, is_shown: bool) -> None:
    document = Document(folder.settings, [line])
    assert ("hunter2" in document.problem_at(1, 1, "x").source_line) is is_shown


def test_k15_a_secret_in_the_file_is_warned_of_and_never_shown(folder: Folder) -> None:
    folder.write(
        "database: postgresql://u:open@db/x\n" + with_channel("{kind: probe_channel, host: h, password: hunter2}")
    )
    warnings = load_all(folder.settings).warnings
    assert [(warning.line, warning.column) for warning in warnings] == [(1, 11), (3, 51)]
    assert "${env:NAME}" in warnings[0].hint
    assert "hunter2" not in str(warnings)
    assert ":open@" not in str(warnings)


def test_k15_a_broken_line_with_a_secret_does_not_show_it(folder: Folder, problems: Problems) -> None:
    path = folder.write("channel:\n  kind: probe_channel\n  password: 'hunter2\n")
    (problem,) = problems(lambda: load_settings(path))
    assert problem.line == 3
    assert "hunter2" not in str(problem)


def test_check_loads_neither_scikit_learn_nor_sqlmodel(folder: Folder) -> None:
    code = (
        "import sys; from pathlib import Path; import monitor.settings.load as room;"
        f"room.load_profiles(Path({str(folder.profiles)!r}));"
        "print(sorted({'sklearn', 'sqlmodel', 'sqlalchemy', 'scipy', 'numpy', 'jinja2'}.intersection(sys.modules)))"
    )
    folder.profile("to: a@example.org\ntopics: {t: {query: diffusion AND noise}}\n")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_settings_that_we_ship_are_good(root: Path) -> None:
    settings = load_settings(root / "config" / "monitor.yaml")
    assert {source.kind for source in settings.sources} == {"hf_daily", "arxiv", "snapshot"}
    lines = (root / "config" / "monitor.yaml").read_text().splitlines()
    assert sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines) <= 11


# --- a model of one's own -------------------------------------------------------------------------------------------

MODEL = """
sources:
  hf: {kind: probe_source}
channel: {kind: probe_channel, host: localhost}
sender: {address: monitor@example.org}
embeddings: {folder: model, minutes: 5}
"""


def test_a_model_of_ones_own_is_named_by_its_folder(folder: Folder) -> None:
    made = model_folder.make(folder.path / "model", ("diffusion",))
    folder.write(MODEL)
    assert load_all(folder.settings).settings.embeddings == EmbeddingsSettings(made, 5.0)


def test_a_model_that_is_not_there_is_told(folder: Folder, problems: Problems) -> None:
    folder.write(MODEL)
    (problem,) = problems(lambda: load_all(folder.settings))
    assert (problem.path, problem.line) == (folder.settings, 5)
    assert "has no model.onnx" in problem.message


def test_packages_that_are_not_installed_are_told(
    folder: Folder, problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder.make(folder.path / "model", ("diffusion",))
    folder.write(MODEL)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (problem,) = problems(lambda: load_all(folder.settings))
    assert problem.hint == "pip install 'paper-monitor[embeddings]'"


@pytest.mark.parametrize("line", ["matcher: [linear, embeddings]", "experiment: {with: embeddings}"])
def test_a_profile_that_asks_a_model_which_is_not_named_is_told(line: str, folder: Folder, problems: Problems) -> None:
    path = folder.profile(f"to: [ada@example.org]\n{line}\ntopics:\n  t: {{about: Diffusion models as classifiers.}}\n")
    (problem,) = problems(lambda: load_all(folder.settings))
    assert (problem.path, problem.line, problem.message) == (path, 2, "there is no model for 'embeddings'")
    assert "monitor.yaml" in problem.hint


# --- a language model that sums up -----------------------------------------------------------------------------------

SUMMARIES = MODEL.replace("embeddings: {folder: model, minutes: 5}", "summaries: {kind: openai, %s}")


def test_a_model_that_sums_up_is_named_by_its_endpoint(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "sesame")
    folder.write(
        SUMMARIES % 'base_url: "http://localhost:11434/v1", model: tiny, api_key: "${env:MODEL_KEY}", a_day: 7'
    )
    settings = load_settings(folder.settings)
    assert settings.summaries == SummariesSettings("http://localhost:11434/v1", "tiny", "sesame", a_day=7)
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize("url", ["ftp://a/v1", "http://u:p@a/v1", "localhost:11434", "http://a/v1?x=1"])
def test_an_address_that_is_no_endpoint_is_told(url: str, folder: Folder, problems: Problems) -> None:
    folder.write(SUMMARIES % f'base_url: "{url}", model: tiny')
    (problem,) = problems(lambda: load_settings(folder.settings))
    assert problem.line == 5
    assert "is no address of an endpoint" in problem.message
