"""The links in mails: what is shown, what acts, and that nobody else can."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, time
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from itertools import cycle

import pytest

from monitor.errors import StoreError
from monitor.jobs import say
from monitor.store import archive, readers, suppressions
from monitor.store.tables import PaperRow
from monitor.types.profiles import Schedule
from monitor.web.archive import without_reader
from tests.unit.web.conftest import ADA, BASE, OPEN, Place, listing

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PURPOSES = ["unsubscribe", "preferences", "archive", "more", "less", "mute", "follow"]


def tables(place):
    """Everything that a page could have changed: a digest of each table."""
    with place.app.store.read() as session:
        connection = session.connection()
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"'))) for name in names}
        return {name: sha256("".join(found).encode()).hexdigest() for name, found in rows.items()}


def left(place, recipient="ada@example.org"):
    with place.app.store.read() as session:
        return [(one.profile, one.reason) for one in suppressions.of_all(session) if one.recipient == recipient]


def to_ada(place):
    """What Ada was sent first: mails leave in no order of readers."""
    return next(one for one in place.channel.delivered if one.recipient == "ada@example.org")


def mail_of(place):
    return message_from_bytes(to_ada(place).content, policy=default)


def paths(place):
    """The paths of all our links in a mail."""
    text = mail_of(place).get_body(("plain",)).get_content()
    return [link.removeprefix(BASE) for link in re.findall(rf"{BASE}/\S+", text)]


def test_a_mail_leads_to_pages_that_are_there(place):
    found = paths(place)
    assert {path.split("/")[1] for path in found} == {"more", "less", "mute", "follow", "d", "p", "u"}
    assert {place.client.get(path).status for path in found} == {200}


def test_w01_ten_thousand_visits_of_scanners_change_nothing(place):
    found = sorted(set(paths(place)))
    before = tables(place), place.app.store.version()
    probes = ["/wp-login.php", "/.env", "/operator", "/operator/profiles/ada", "/subscribe/open", "/metrics"]
    quick = [path for path in found if path[:3] in ("/u/", "/p/", "/d/")] + probes
    asked = [*found * 3, *quick * (10_000 // len(quick))]
    visits = zip(cycle(("GET", "HEAD")), asked, strict=False)
    answers = place.client.visit(visits, purpose="prefetch", user_agent="Barracuda<script>")
    for path, answer in zip(asked, answers, strict=True):
        assert answer.status == 200 or path in probes
        assert not answer.cookies
    assert len(answers) >= 10_000
    assert (tables(place), place.app.store.version()) == before


def test_w01_options_and_others_change_nothing(place):
    before = tables(place)
    for path in set(paths(place)):
        for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
            assert place.client.get(path, method=method).status == 405
    assert tables(place) == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_w02_one_click_unsubscribes_without_cookie_origin_or_redirect(place, body, kind):
    link = mail_of(place)["List-Unsubscribe"].split(",")[0].strip("<> ").removeprefix(BASE)
    answer = place.client.send("POST", link, body, {"content-type": kind} if kind else {})
    assert answer.status == 200
    assert not answer.cookies
    assert left(place) == [("ada", "unsubscribed")]


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "x"}, {"action": "x"}, {"x" * 100: "y" * 100}])
def test_w03_another_body_unsubscribes_nobody_and_shows_the_button(place, form):
    answer = place.client.post(place.link("unsubscribe", 1), form)
    assert answer.status == 200
    assert "Send me no more of it" in answer.text
    assert left(place) == []


def test_w03_a_body_that_is_no_form_is_refused_in_words(place):
    answer = place.client.send("POST", place.link("unsubscribe", 1), b"--", {"content-type": "multipart/form-data"})
    assert answer.status == 400
    assert left(place) == []


def test_c21_it_says_that_it_is_done_only_when_it_is_written(place, monkeypatch):
    write = place.app.store.write

    @contextmanager
    def full(**how):
        with write(**how) as session:
            yield session
            raise StoreError("the database cannot be written: database or disk is full")

    monkeypatch.setattr(place.app.store, "write", full)
    link = place.link("unsubscribe", 1)
    said = []
    with suppress(StoreError):
        said.append(place.client.post(link, ONE_CLICK).status)
    assert said in ([], [500], [503])
    assert left(place) == []
    monkeypatch.undo()
    assert place.client.post(link, ONE_CLICK).status == 200
    assert left(place) == [("ada", "unsubscribed")]


def test_w04_again_and_again_is_once(place):
    link = place.link("unsubscribe", 1)
    assert [place.client.post(link, ONE_CLICK).status for _ in range(5)] == [200] * 5
    assert left(place) == [("ada", "unsubscribed")]
    assert "Undo" in place.client.post(link, ONE_CLICK).text
    place.client.post(link, {"action": "back"})
    assert left(place) == []


@pytest.mark.parametrize("purpose", PURPOSES)
def test_w05_a_token_that_is_not_ours_finds_nothing_and_does_nothing(place, purpose):
    own = place.link(purpose, 1, 1) if purpose in ("more", "less", "mute", "follow") else place.link(purpose, 1)
    stranger = place.link("view", 1).rpartition("/")[2]
    head, _, token = own.rpartition("/")
    before, bodies = tables(place), set()
    for wrong in (stranger, token[:-1], token + "A", token.replace("1", "2", 1), "x", "1.", "%00", "..%2f..%2fetc"):
        answer = place.client.get(f"{head}/{wrong}")
        assert answer.status == 404
        bodies.add(answer.body)
        if purpose != "archive":
            assert place.client.post(f"{head}/{wrong}", ONE_CLICK | {"action": "leave"}).status == 404
    assert len(bodies) == 1
    assert tables(place) == before


def test_w06_no_page_or_log_holds_a_token_of_somebody_else(place, caplog):
    link = place.link("unsubscribe", 1)
    token = link.rpartition("/")[2]
    answer = place.client.get(link + "x")
    assert token not in answer.text
    place.app.store.close()
    place.app.profiles = None
    broken = place.client.get(place.link("preferences", 1))
    assert broken.status == 500
    assert b"Traceback" not in broken.body
    assert place.link("preferences", 1).rpartition("/")[2] not in caplog.text.replace("%2E", ".")


def test_w07_mails_signed_with_an_old_key_still_unsubscribe(tmp_path):
    (tmp_path / "monitor.db.key").write_text("o" * 43 + "\n")
    old = Place(tmp_path)
    old.pages["date=2026-03-04"] = listing(1)
    old.cycle()
    link = old.link("unsubscribe", 1)
    asyncio.run(old.app.close())
    (tmp_path / "monitor.db.key").write_text("o" * 43 + "\n" + "n" * 43 + "\n")
    new = Place(tmp_path)
    assert new.link("unsubscribe", 1) != link
    assert new.client.post(link, ONE_CLICK).status == 200
    assert left(new) == [("ada", "unsubscribed")]
    asyncio.run(new.app.close())


def test_w11_links_come_from_the_settings_whatever_host_is_asked_for(place):
    answer = place.client.get("/day.atom", host="evil.example", x_forwarded_host="evil.example")
    assert b"evil" not in answer.body
    assert b"evil" not in place.client.get("/", host="evil.example").body


def test_unsubscribed_means_no_mail_and_nothing_queued(place):
    place.client.post(place.link("unsubscribe", 1), ONE_CLICK)
    sent = len(place.channel.delivered)
    place.later(days=1)
    place.pages["date=2026-03-05"] = listing(11)
    place.cycle()
    assert [one.recipient for one in place.channel.delivered[sent:]] == ["operator@example.org"]


# --- a digest as it was sent ---------------------------------------------------------------------------------------


def test_a_digest_is_read_in_the_browser_exactly_as_it_was_sent(place):
    (view,) = {path for path in paths(place) if path.startswith("/d/")}
    answer = place.client.get(view)
    assert answer.text == mail_of(place).get_body(("html",)).get_content()
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_a_reader_has_an_archive_of_their_own(place):
    page = place.client.get(place.link("archive", 1)).text
    (view,) = re.findall(r'href="(/d/[^"]+)"', page)
    assert place.client.get(view).status == 200
    assert to_ada(place).subject in page


def test_w10_the_archive_knows_no_paths(place):
    for path in ("/archive/open/..", "/archive/..%2f..", "/archive/%2e%2e/x", "/d/..%5c..", "/archive/open%00"):
        assert place.client.get(path).status == 404


def test_the_public_archive_names_no_reader(place):
    page = place.client.get("/archive/open/2026-03-04").text
    assert "operator@" not in page
    assert BASE not in page
    with place.app.store.read() as session:
        (issue,) = archive.of_profile(session, "open", 9)
        kept = archive.of_digest(session, issue.id)
    from monitor.render.tree import unpacked

    assert kept
    assert kept.tree
    shown = without_reader(unpacked(kept.tree), "x")
    assert "operator@" not in repr(shown)
    assert "/u/" not in repr(shown)
    assert "in Kitchen 3" in page


# --- feedback ------------------------------------------------------------------------------------------------------


def said(place, profile=ADA, recipient=""):
    return [
        (one.feedback.kind, one.title or one.feedback.text)
        for one in say.listed(place.app, profile, recipient)
        if not one.feedback.undone_at
    ]


@pytest.mark.parametrize(
    ("kind", "form"),
    [("more", {}), ("less", {}), ("mute", {"what": "kitchen"}), ("follow", {"what": "Ada Lovelace"})],
)
def test_a_word_is_said_by_post_once_and_can_be_taken_back(place, kind, form):
    link = place.link(kind, 1, 2)
    place.client.get(link)
    assert said(place) == []
    assert "Noted" in place.client.post(link, form).text
    place.client.post(link, form)
    ((what, _),) = said(place)
    assert what == kind
    page = place.client.get(link).text
    number = re.search(r'name="id" value="(\d+)"', page)
    assert number
    place.client.post(link, {"action": "undo", "id": number[1]})
    assert said(place) == []


@pytest.mark.parametrize(
    "form", [{}, {"what": "***"}, {"what": "x" * 300}, {"what": "a\nb"}, {"action": "undo", "id": "x"}]
)
def test_a_word_that_is_none_is_told(place, form):
    answer = place.client.post(place.link("mute", 1, 2), form)
    assert answer.status in (200, 422)
    assert said(place) == []


def test_the_page_shows_what_a_word_would_do_to_the_next_digest(place):
    place.later(hours=2)
    place.pages["date=2026-03-04"] = listing(4, 5)
    place.cycle()
    page = place.client.get(place.link("mute", 1, 2) + "?what=kitchen").text
    assert "2 papers that wait for your next digest, 2 would not come" in page
    assert said(place) == []


def test_of_more_and_less_on_one_paper_only_the_last_is_shown_to_hold(place):
    for kind in ("more", "less"):
        place.client.post(place.link(kind, 1, 2))
    page = place.client.get(place.link("more", 1, 2)).text
    assert (page.count(">Less</strong>"), page.count(">More</strong>")) == (1, 0)


def test_a_paper_without_authors_proposes_none_to_choose_from(place):
    with place.app.store.write() as session:
        paper = session.get(PaperRow, 2)
        paper.authors = []
        session.add(paper)
    page = place.client.get(place.link("follow", 1, 2)).text
    assert page.count('<form class="panel"') == 1
    assert "Papers of this name come" in page


def test_words_that_say_nothing_are_not_proposed_to_be_muted(place):
    page = place.client.get(place.link("mute", 1, 2)).text
    assert 'value="Diffusion"' in page
    assert 'value="Models"' in page
    assert 'value="with"' not in page.casefold()


def test_the_words_of_another_paper_or_profile_cannot_be_taken_back(place):
    place.client.post(place.link("less", 1, 2))
    (number,) = [one.feedback.id for one in say.listed(place.app, ADA)]
    place.client.post(place.link("less", 2, 2), {"action": "undo", "id": str(number)})
    assert len(said(place)) == 1


# --- preferences ---------------------------------------------------------------------------------------------------

HOURS = {"action": "save", "at": "18:30", "timezone": "Europe/Berlin", "day": ["mon", "fri"], "until": ""}


def test_a_reader_chooses_hour_zone_and_days(place):
    answer = place.client.post(place.link("preferences", 1), HOURS)
    assert "Saved." in answer.text
    assert 'value="18:30"' in answer.text
    sent = len(place.channel.delivered)
    place.later(days=1)  # Thursday
    place.pages["date=2026-03-05"] = listing(11)
    place.cycle()
    assert "ada@example.org" not in {one.recipient for one in place.channel.delivered[sent:]}
    place.later(days=1, hours=6)  # Friday, 18:00 UTC is 19:00 in Berlin
    place.cycle()
    assert "ada@example.org" in {one.recipient for one in place.channel.delivered[sent:]}


def test_a_pause_holds_until_its_day(place):
    place.client.post(
        place.link("preferences", 1), HOURS | {"day": ["thu", "fri"], "at": "08:00", "until": "2026-03-06"}
    )
    sent = len(place.channel.delivered)
    place.pages["date=2026-03-05"] = listing(11)
    place.later(days=1)
    place.cycle()
    assert "ada@example.org" not in {one.recipient for one in place.channel.delivered[sent:]}
    place.later(days=1)
    place.cycle()
    assert "ada@example.org" in {one.recipient for one in place.channel.delivered[sent:]}


def test_a_pause_alone_leaves_the_hours_that_the_page_does_not_show(place):
    profile = replace(ADA, schedule=Schedule(("mon", "fri"), (time(8), time(18, 30)), "Europe/Berlin", after="hf"))
    place.app.profiles = replace(place.app.profiles, profiles=(profile, OPEN))
    link, shown = place.link("preferences", 1), HOURS | {"at": "08:00", "until": "2026-03-06"}

    def chosen():
        with place.app.store.read() as session:
            reader = readers.reader(session, 1)
            return reader and (reader.schedule, reader.paused_until)

    place.client.post(link, shown)
    assert chosen() == (None, date(2026, 3, 6))
    place.client.post(link, shown | {"at": "09:00", "until": ""})
    assert chosen() == (Schedule(("mon", "fri"), (time(9),), "Europe/Berlin"), None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"day": []}, "at least one day"),
        ({"at": "25:00"}, "Write the hour"),
        ({"timezone": "Mars/Olympus"}, "time zone"),
        ({"until": "soon"}, "Write the day"),
        ({"until": "2036-01-01"}, "within a year"),
        ({"action": "move", "address": "eve@example.org"}, "operator"),
        ({"action": "forget"}, "Tick the box"),
    ],
)
def test_what_cannot_be_chosen_is_told_and_changes_nothing(place, change, told):
    before = tables(place)
    answer = place.client.post(place.link("preferences", 1), HOURS | change)
    assert answer.status == 422
    assert told in answer.text
    assert tables(place) == before


def test_delete_all_about_me_leaves_nothing_but_a_word_never_to_mail_again(place):
    assert OPEN.to == ("operator@example.org",)
    link = place.link("preferences", 1)
    assert "Deleted" in place.client.post(link, {"action": "forget", "sure": "yes"}).text
    assert place.client.get(link).status == 404
    assert place.client.post(link, {"action": "forget", "sure": "yes"}).status == 404
    with place.app.store.read() as session:
        dump = session.connection().connection.driver_connection.iterdump()
        assert [line for line in dump if "ada@example.org" in line] == [
            line for line in session.connection().connection.driver_connection.iterdump()
            if line.startswith('INSERT INTO "suppressions"')
        ]  # fmt: skip
        assert readers.reader(session, 1) is None
    assert left(place) == [("", "unsubscribed")]
    place.later(days=1)
    place.cycle()
    assert [one.recipient for one in place.channel.delivered].count("ada@example.org") == 1
