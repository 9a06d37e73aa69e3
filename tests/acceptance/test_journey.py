"""From listings to mails, by the installed program."""

import gzip
import re
import shutil

import pytest

from monitor.store.engine import connect_to
from tests.acceptance.installation import LISTING, SETTINGS, Installation, body, installed


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def first_day(request, tmp_path_factory):
    """An installation whose first digest has left, made by the program from nothing on each kind of database."""
    cluster = request.getfixturevalue("cluster") if request.param == "postgresql" else None
    url = cluster.new_database() if cluster else ""
    made = installed(tmp_path_factory.mktemp("first-day"))
    made.write("monitor.yaml", SETTINGS.replace("monitor.db", url or "monitor.db"))
    made.write("snapshots/one.txt", LISTING)
    made.once("2026-03-04T09:00")
    return made, url, cluster


@pytest.fixture
def database(first_day, tmp_path):
    """A copy of the first day's database, in the place for the test's own."""
    first, url, cluster = first_day
    if not cluster:
        yield str(shutil.copy(first.home / "monitor.db", tmp_path))
        return
    own = cluster.new_database(url)
    yield own
    cluster.drop(own)


@pytest.fixture
def listed(first_day, database, tmp_path):
    """A copy of the first day's installation, which is the test's own."""
    shutil.copytree(first_day[0].home, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("monitor.db*"))
    made = Installation(tmp_path)
    made.write("monitor.yaml", SETTINGS.replace("monitor.db", database))
    return made


def test_a_listing_becomes_a_mail_with_what_the_reader_follows(listed):
    (mail,) = listed.mails()
    assert mail["To"] == "ada@example.org"
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert "Diffusion Models Know More About Labels" in re.sub(r"\s+", " ", text)
        assert "Cooling Towers" not in text
    assert "diffusion model" in body(mail)  # why it is there
    assert "2 announced, 2 read" in re.sub(r"\s+", " ", body(mail))


def test_a_second_run_on_the_same_input_sends_nothing(listed):
    listed.once("2026-03-04T10:00")
    assert len(listed.mails()) == 1


def test_the_next_days_digest_does_not_repeat_anything(listed):
    listed.once("2026-03-05T09:00")
    second = listed.mails()[1]
    assert "Know More About Labels" not in body(second)
    assert "Nothing new" in second["Subject"]


def test_a_profile_may_skip_empty_digests(listed):
    profile = (listed.home / "profiles/ada.yaml").read_text()
    listed.write("profiles/ada.yaml", f"empty: skip\n{profile}")
    listed.once("2026-03-05T09:00")
    assert len(listed.mails()) == 1


def test_a_changed_abstract_under_the_same_id_comes_as_a_revision_that_says_what_changed(listed):
    changed = LISTING.replace("1.2 points", "0.4 points").replace("# date: 2026-03-04", "# date: 2026-03-05")
    listed.write("snapshots/two.txt", changed)
    listed.once("2026-03-05T09:00")
    second = listed.mails()[1]
    assert "1 revised" in second["Subject"]
    text = re.sub(r"\s+", " ", body(second))
    assert "revised" in text
    assert "1.2" in text
    assert "0.4" in text


def test_the_same_file_under_another_name_announces_nothing(listed):
    shutil.copy(listed.home / "snapshots/one.txt", listed.home / "snapshots/copy.txt")
    listed.once("2026-03-05T09:00")
    assert "Nothing new" in listed.mails()[1]["Subject"]


def test_an_unreadable_listing_fails_its_source_and_not_the_others(listed):
    settings = (listed.home / "monitor.yaml").read_text()
    listed.write("monitor.yaml", settings.replace("sources:\n", "sources:\n  broken: {kind: snapshot, path: broken}\n"))
    (listed.home / "broken").mkdir()
    (listed.home / "broken/binary.txt").write_bytes(bytes(range(256)) * 20)
    listed.write(
        "snapshots/two.txt", LISTING.replace("90001", "90003").replace("Know More", "Say More").replace("three", "nine")
    )
    ended = listed.once("2026-03-05T09:00", status=1)
    assert "failed: broken: " in ended.stderr
    assert "Say More About Labels" in body(listed.mails()[1])
    assert "Failing: since" in body(listed.mails()[1])


def test_explain_says_why_and_where_it_went(listed):
    ended = listed.run("explain", "ada", "2603.90001")
    assert ended.returncode == 0, ended.stderr
    assert "matched" in ended.stdout
    assert "in the digest of 2026-03-04" in ended.stdout
    assert "below" in listed.run("explain", "ada", "cooling towers").stdout


def test_explain_names_what_it_does_not_find(listed):
    assert listed.run("explain", "ada", "2601.00001").returncode == 3
    wrong = listed.run("explain", "adda", "2603.90001")
    assert "did you mean 'ada'" in wrong.stderr


def test_preview_shows_the_profile_as_it_stands_now_and_sends_nothing(listed):
    profile = (listed.home / "profiles/ada.yaml").read_text()
    listed.write("profiles/ada.yaml", profile + "  cooling:\n    query: cooling tower*\n")
    ended = listed.run("preview", "ada", "--text", "--at", "2026-03-04T12:00")
    assert ended.returncode == 0, ended.stderr
    assert "Cooling Towers Under Drought" in ended.stdout
    assert len(listed.mails()) == 1


def test_status_tells_how_things_stand(listed):
    ended = listed.run("status", "--at", "2026-03-04T12:00")
    assert ended.returncode == 0, ended.stdout
    assert "2 papers, 1 match," in ended.stdout
    assert "2026-03-05 08:00 UTC" in ended.stdout


def test_every_snapshot_is_kept_whole(listed, database):
    engine = connect_to(database)
    with engine.connect() as connection:
        ((stored,),) = connection.exec_driver_sql("SELECT body FROM snapshots")
    engine.dispose()
    assert gzip.decompress(stored).decode() == LISTING


def test_init_makes_an_installation_that_is_right_and_leaves_an_old_one_alone(installation, tmp_path):
    made = installation.run(
        "init", str(tmp_path / "own"), "--to", "ada@example.org", "--about", "Cooling towers in summer"
    )
    assert made.returncode == 0, made.stderr
    installation.home = tmp_path / "own"
    assert "all is right" in installation.run("check").stdout
    assert installation.run("init", str(tmp_path / "own")).returncode == 2


@pytest.mark.parametrize(
    ("name", "text", "place", "hint"),
    [
        ("profiles/ada.yaml", "to: [ada@example.org]\ntopics:\n  t:\n    abuot: x\n", "ada.yaml:4:5", "about"),
        ("profiles/ada.yaml", "to: [ada at example]\ntopics:\n  t: {about: x}\n", "ada.yaml:1:6", "address"),
        ("profiles/ada.yaml", 'to: [a@example.org]\ntopics:\n  t: {query: "(a OR"}\n', "ada.yaml:3:", ""),
        ("monitor.yaml", "sources:\n  hf: {kind: hf_dialy}\n", "monitor.yaml:2:14", "hf_daily"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_way_out(installation, name, text, place, hint):
    installation.write(name, text)
    ended = installation.run("once")
    assert ended.returncode == 2
    assert place in ended.stderr
    assert hint in ended.stderr
    assert "^" in ended.stderr


def test_all_mistakes_of_all_files_come_at_once(installation):
    installation.write("profiles/ada.yaml", "to: [x]\ntopics: {t: {}}\n")
    installation.write("profiles/bob.yaml", "schedule: {timezone: Europe/Berln}\n")
    told = installation.run("check").stderr
    assert "ada.yaml" in told
    assert "bob.yaml" in told
    assert "Europe/Berlin" in told
