"""What an operator is told of the machine, the files, the store and the profiles."""

import asyncio
import importlib.util
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.jobs import cycle, doctor, doctor_machine, operator, overview, right_time
from monitor.settings.credentials import files_named
from monitor.settings.load import load_settings
from monitor.settings.values import BackupSettings, ChannelSettings, EmbeddingsSettings, ProfileSet
from monitor.sources import hf_daily
from monitor.store.tables import Row
from monitor.testing import NOON, profile, topic
from monitor.types.ledger import SourceHealth
from monitor.types.profiles import Schedule
from tests.acceptance.installation import PROFILE, SETTINGS
from tests.unit.jobs.conftest import listing


@pytest.fixture(autouse=True)
def settings(tmp_path):
    (tmp_path / "monitor.yaml").write_text(SETTINGS)
    return load_settings(tmp_path / "monitor.yaml")


def states(found, about):
    return [(one.state, one.says) for one in found if one.about == about]


def test_d05_a_secret_that_others_may_read_is_named(tmp_path, settings):
    for mode, state in ((0o644, "bad"), (0o640, "poor"), (0o600, "good")):
        (tmp_path / "word").write_text("hunter2")
        (tmp_path / "word").chmod(mode)
        (found,) = states(doctor_machine.files(settings, [tmp_path / "word", tmp_path / "none"]), "secret")
        assert found[0] == state
        assert ("chmod 600" in found[1]) == (state != "good")


def test_d05_the_files_that_hold_secrets_are_found_in_the_settings(tmp_path):
    path = tmp_path / "monitor.yaml"
    path.write_text("channel: {kind: email, password: '${file:word}'}\nproxy: 'http://a:${file:/etc/p}@b'\n")
    assert list(files_named(path)) == [tmp_path / "word", tmp_path.__class__("/etc/p")]
    path.write_text("channel: {password: hunter2}\n")
    assert list(files_named(path)) == [path]


def test_d09_a_database_on_a_network_drive_is_told(tmp_path):
    mounts = "server:/a /data nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\n//b /data/my\\040own cifs rw 0 0\nshort\n"
    place = tmp_path.__class__
    assert doctor_machine.network_drive(place("/data/papers"), mounts).state == "bad"
    assert doctor_machine.network_drive(place("/data/my own/x"), mounts).says.count("cifs") == 1
    assert doctor_machine.network_drive(place("/database"), mounts).state == "good"
    assert doctor_machine.network_drive(place("/database"), "").state == "unknown"


@pytest.mark.parametrize(
    ("free", "size", "state"), [(10**7, 10, "bad"), (10**8, 10, "poor"), (10**9, 10, "good"), (10**9, 10**9, "poor")]
)
def test_room_is_wanted_for_the_database_once_more(tmp_path, free, size, state):
    assert doctor_machine.space(tmp_path, free, size).state == state


def test_a_folder_that_cannot_be_written_is_told(tmp_path, settings):
    settings = replace(settings, backup=BackupSettings(tmp_path / "f" / "backups", timedelta(days=1), 3))
    (tmp_path / "f").write_text("in the way")
    assert [state for state, says in states(doctor_machine.files(settings, []), "folder") if "backup" in says] == [
        "bad"
    ]


def test_a_damaged_database_is_told_and_looked_at_no_further(tmp_path, settings):
    settings = replace(settings, database=str(tmp_path / "other.db"))
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    found = doctor.run(settings, ProfileSet(tmp_path, (profile(),)), NOON, None)
    assert [state for state, _ in states(found, "database")] == ["bad"]
    assert not states(found, "source")


def test_what_the_settings_need_and_the_machine_has_not_is_named(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert list(doctor_machine.extras(settings)) == []
    wanting = replace(
        settings,
        channels={"chat": ChannelSettings("apprise", hf_daily.Options())},
        embeddings=EmbeddingsSettings(tmp_path),
    )
    said = [says for _, says in states(doctor_machine.extras(wanting), "extra")]
    assert ["[apprise]" in said[0], "[embeddings]" in said[1], len(said)] == [True, True, 2]


def test_a_zone_that_the_machine_does_not_know_is_told(tmp_path):
    known, unknown = (profile(id=name, schedule=Schedule(timezone=name)) for name in ("Asia/Tokyo", "Mars/Olympus"))
    found = list(doctor_machine.zones(ProfileSet(tmp_path, (known, unknown))))
    assert [(one.state, "tzdata" in one.says) for one in found] == [("good", False), ("bad", True)]


def test_a_schedule_that_never_comes_is_told():
    never = Schedule(quiet=((NOON.date(), NOON.date() + timedelta(days=3000)),))
    assert doctor.due(profile(schedule=never), NOON).state == "bad"
    assert doctor.due(profile(), NOON).says == "ada: 2026-03-05 08:00 UTC"


@pytest.mark.parametrize(
    ("failures", "ago", "state"), [(0, 1, "good"), (0, 30, "poor"), (0, None, "poor"), (1, 1, "poor"), (9, 1, "bad")]
)
def test_a_source_is_judged_by_when_it_was_read_last(settings, failures, ago, state):
    (written,) = settings.sources
    last = None if ago is None else NOON - timedelta(hours=ago)
    assert doctor.source(written, SourceHealth("hf", failures=failures, last_ok_at=last), NOON).state == state


@pytest.mark.parametrize(
    ("number", "listed", "state"), [(0, 500, "poor"), (0, 20, "good"), (300, 500, "poor"), (20, 500, "good")]
)
def test_a_profile_that_takes_nothing_or_everything_is_told(number, listed, state):
    assert doctor.matched("ada", number, listed).state == state


@pytest.mark.parametrize(("silent", "state"), [(None, "poor"), (3.0, "good"), (500.0, "bad")])
def test_a_daemon_that_does_not_move_is_told(silent, state):
    assert doctor.daemon(silent).state == state


def test_templates_that_cannot_be_drawn_are_told(tmp_path, settings):
    assert doctor.templates(settings, NOON).state == "good"
    assert doctor.templates(replace(settings, templates=tmp_path / "none"), NOON).state == "bad"


def test_t07_a_clock_before_the_release_or_the_store_is_doubted(world):
    world.pages["hf.example"] = listing(1)
    app = world.open()
    asyncio.run(cycle.run(app))
    with app.store.read() as session:
        assert "years before this program" in right_time.doubt(session, NOON.replace(year=2000))
        assert "put back a backup" in right_time.doubt(session, NOON - timedelta(days=400))
        assert right_time.doubt(session, NOON - timedelta(days=300)) == ""


def test_t07_nothing_leaves_by_a_clock_that_was_never_set(world):
    world.pages["hf.example"] = listing(1)
    app = world.open()
    app.settings = replace(app.settings, operator="root@example.org")
    asyncio.run(cycle.run(app))
    sent = len(world.channel.delivered)
    app.clock.set(NOON.replace(year=2000))
    report = asyncio.run(cycle.run(app))
    assert [part for part, why in report.failures if "years before this program" in why] == ["clock"]
    assert asyncio.run(operator.run(app)).counts == {}
    assert len(world.channel.delivered) == sent == 1
    assert "years before this program" in overview.run(app).troubles[0]
    app.clock.set(NOON + timedelta(days=1))
    asyncio.run(cycle.run(app))
    assert len(world.channel.delivered) == 2


def test_all_of_it_is_looked_at_and_nothing_is_written(world):
    world.pages["hf.example"] = listing(1)
    app = world.open(profile(topic(query='"diffusion model*"')))
    asyncio.run(cycle.run(app))
    before = _rows(app)
    found = doctor.run(app.settings, app.profiles, NOON, 1.0)
    assert _rows(app) == before
    assert {"daemon", "database", "folder", "zone", "templates", "schedule", "operator", "backup", "clock", "source",
            "profile"} <= {one.about for one in found}  # fmt: skip
    assert [one for one in found if one.state == "bad" and one.about != "secret"] == []


def _rows(app):
    with app.store.read() as session:
        return {table.name: session.execute(table.select()).all() for table in Row.metadata.sorted_tables}


def test_the_command_says_it_and_ends_with_one_when_something_is_bad(tmp_path):
    for name, text in {"monitor.yaml": SETTINGS, "profiles/ada.yaml": PROFILE}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    def run(*arguments):
        return CliRunner().invoke(main, ["--config", str(tmp_path / "monitor.yaml"), "doctor", *arguments])

    ended = run("--json")
    assert ended.exit_code == 0, ended.output
    assert {"id", "state", "says"} == set(json.loads(ended.stdout)[0])
    assert not (tmp_path / "monitor.db").exists()
    (tmp_path / "monitor.db").write_text("not ours")
    ended = run()
    assert ended.exit_code == 1
    assert "bad      database" in ended.output
