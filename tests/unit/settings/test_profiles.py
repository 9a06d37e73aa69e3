"""Profiles: what people may write, what it becomes, and what they are told when it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from monitor.errors import NotFoundError
from monitor.settings.load import load_profiles
from monitor.settings.schema import fingerprint
from monitor.types.listings import Entry
from monitor.types.profiles import WEEKDAYS, Alerts, Keyword, Profile, Schedule, Topic, Weekday

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Fails, Folder, Problems

WHOLE = """
    name: Ada's papers
    to: [ada@example.org]
    schedule: {days: weekdays, at: "08:00", timezone: Europe/Berlin}
    budget: 12                      # papers in a digest
    topics:
      diffusion-classifiers:
        about: Diffusion models used as classifiers or as representation learners.
        query: '("diffusion model*" OR ddpm) AND (classif* OR representation) AND NOT medical'
        authors: [Alexei A. Efros]
        categories: [cs.CV, cs.LG]
        like: ["arXiv:2303.16203", "Diffusion Models Beat GANs on Image Classification"]
        unlike: ["arXiv:2105.05233"]
        mute: [survey]
        precision: 0.7
    trends: {in: digest, alert: email}
"""


@pytest.fixture
def load(folder: Folder) -> Callable[[str], Profile]:
    """Return the profile that a text says."""

    def load(text: str) -> Profile:
        folder.profile(text)
        (profile,) = load_profiles(folder.profiles)
        return profile

    return load


@pytest.fixture
def fails(folder: Folder, problems: Problems) -> Fails:
    """Return the problems of a profile with these lines, as (line, column, message, hint)."""

    def fails(text: str) -> list[tuple[int, int, str, str]]:
        path = folder.profile(text)
        found = problems(lambda: load_profiles(folder.profiles))
        assert {problem.path for problem in found} == {path}
        return [(problem.line, problem.column, problem.message, problem.hint) for problem in found]

    return fails


def with_lines(*lines: str) -> str:
    return "to: [ada@example.org]\n" + "\n".join(lines) + "\ntopics:\n  t: {about: Diffusion models as classifiers.}\n"


def topic(lines: str) -> str:
    return "to: [ada@example.org]\ntopics:\n  t:\n" + indent(dedent(lines).strip("\n"), "    ") + "\n"


@pytest.fixture
def warnings(folder: Folder) -> Callable[[str], list[str]]:
    """Return what the lines of a topic are warned of."""

    def warnings(lines: str) -> list[str]:
        folder.profile(topic(lines))
        return [warning.message for warning in load_profiles(folder.profiles).warnings]

    return warnings


def test_every_part_of_a_profile_is_read(load: Callable[[str], Profile]) -> None:
    profile = load(WHOLE)
    assert len(profile.fingerprint) == 16
    assert profile == Profile(
        id="ada",
        name="Ada's papers",
        to=("ada@example.org",),
        schedule=Schedule(("mon", "tue", "wed", "thu", "fri"), (time(8),), "Europe/Berlin"),
        budget=12,
        topics=(
            Topic(
                name="diffusion-classifiers",
                about="Diffusion models used as classifiers or as representation learners.",
                query='("diffusion model*" OR ddpm) AND (classif* OR representation) AND NOT medical',
                authors=("Alexei A. Efros",),
                categories=("cs.CV", "cs.LG"),
                like=("arXiv:2303.16203", "Diffusion Models Beat GANs on Image Classification"),
                unlike=("arXiv:2105.05233",),
                mute=("survey",),
                precision=0.7,
            ),
        ),
        trends="digest",
        alerts=Alerts(trends=True),
        fingerprint=profile.fingerprint,
    )


def test_a_recipient_and_one_topic_are_enough(load: Callable[[str], Profile]) -> None:
    profile = load("to: ada@example.org\ntopics: {t: {about: Diffusion models as classifiers.}}\n")
    assert profile.name == "ada"
    assert profile.to == ("ada@example.org",)
    assert profile.schedule == Schedule()
    assert (profile.budget, profile.empty, profile.revisions, profile.trends) == (12, "explain", "sent", "digest")


def test_keywords_come_as_a_list_with_weights_or_alone(load: Callable[[str], Profile]) -> None:
    assert load(topic("keywords: [diffusion, score match*]")).topics[0].keywords == (
        Keyword("diffusion"),
        Keyword("score match*"),
    )
    assert load(topic("keywords: {diffusion: 2, ddpm: 0.5}")).topics[0].keywords == (
        Keyword("diffusion", 2.0),
        Keyword("ddpm", 0.5),
    )
    assert load(topic("keywords: diffusion")).topics[0].keywords == (Keyword("diffusion"),)


def test_k04_ids_that_look_like_numbers_stay_text(load: Callable[[str], Profile]) -> None:
    found = load(topic("like: [2611.01230, 2303.10]\nmute: [no, 2024, on]")).topics[0]
    assert found.like == ("2611.01230", "2303.10")
    assert found.mute == ("no", "2024", "on")


def test_matchers_are_named_alone_or_several_and_tried_against_each_other(load: Callable[[str], Profile]) -> None:
    plain = load(with_lines("budget: 5"))
    assert (plain.topics[0].matchers, plain.experiment) == (("linear",), ())
    assert load(with_lines("matcher: rules")).topics[0].matchers == ("rules",)
    assert load(with_lines("matcher: [linear, description]")).topics[0].matchers == ("description", "linear")
    tried = load(with_lines("experiment: {with: rules}"))
    assert tried.experiment == ("rules",)
    assert tried.fingerprint != load(with_lines("experiment: {with: description}")).fingerprint != plain.fingerprint


def test_a_matcher_that_is_not_there_or_tried_against_itself_is_told(fails: Fails) -> None:
    assert fails(with_lines("matcher: liner"))[0][2:] == (
        "no kind of matcher is named 'liner'", "did you mean 'linear'?",
    )  # fmt: skip
    assert "with itself" in fails(with_lines("experiment: {with: linear}"))[0][2]
    assert "empty" in fails(with_lines("matcher: []"))[0][2]


def test_authors_are_named_or_known_by_id_and_an_id_with_a_slip_is_told(
    load: Callable[[str], Profile], fails: Fails
) -> None:
    lines = 'authors: [Ada Bee, "https://orcid.org/0000-0002-1825-0097", ~Ada_Bee1]\nfollow: [world model*, orcid:000000021694233X]'
    found = load(topic(lines)).topics[0]
    assert found.authors == ("Ada Bee", "0000-0002-1825-0097", "~Ada_Bee1")
    assert found.follow == ("world model*", "0000-0002-1694-233X")
    for written, said in (
        ("0000-0002-1825-0098", "no ORCID"),
        ("~Ada Bee", "no OpenReview id"),
        ("'~'", "no OpenReview id"),
    ):
        assert said in fails(topic(f"authors: [{written}]"))[0][2]
        assert said in fails(topic(f"follow: [{written}]"))[0][2]
    assert "regular expression" in fails(topic("follow: [(a+)+]"))[0][2]


def test_the_fingerprint_follows_the_meaning_and_nothing_else(load: Callable[[str], Profile]) -> None:
    plain = load(with_lines("budget: 5")).fingerprint
    assert load(with_lines("budget:   5   # five", "", "# a remark")).fingerprint == plain
    assert load(with_lines("budget: 6")).fingerprint != plain
    assert load(with_lines("budget: 5", "schedule: mondays")).fingerprint != plain


def test_the_fingerprint_does_not_follow_the_id(folder: Folder) -> None:
    folder.profile(with_lines())
    folder.profile(with_lines("name: ada"), "bob.yaml")
    ada, bob = load_profiles(folder.profiles)
    assert ada.fingerprint == bob.fingerprint


@pytest.mark.parametrize(
    ("written", "days", "at", "zone"),
    [
        ("daily", WEEKDAYS, time(8), "UTC"),
        ("weekdays at 08:00", WEEKDAYS[:5], time(8), "UTC"),
        ("weekends 9:30", ("sat", "sun"), time(9, 30), "UTC"),
        ("mondays 07:30", ("mon",), time(7, 30), "UTC"),
        ("mon, wed at 7:05", ("mon", "wed"), time(7, 5), "UTC"),
        ("Fridays and Mon at 00:00 Asia/Tokyo", ("mon", "fri"), time(0), "Asia/Tokyo"),
        ("daily at 23:59 in UTC", WEEKDAYS, time(23, 59), "UTC"),
        ("06:45", WEEKDAYS, time(6, 45), "UTC"),
        ("{days: [sun, mon, sun], at: 12:30}", ("mon", "sun"), time(12, 30), "UTC"),
        ("{at: 010:30}", None, None, None),
        ("{timezone: America/Argentina/Ushuaia}", WEEKDAYS, time(8), "America/Argentina/Ushuaia"),
    ],
)
def test_schedules_are_read_as_people_write_them(
    load: Callable[[str], Profile], fails: Fails, written: str, days: tuple[Weekday, ...] | None, at: time, zone: str
) -> None:
    text = with_lines(f"schedule: {written}")
    if days is None:
        assert fails(text)
    else:
        assert load(text).schedule == Schedule(days, (at,), zone)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("daily at 08:00 and 18:30 Asia/Tokyo", Schedule(at=(time(8), time(18, 30)), timezone="Asia/Tokyo")),
        ("{at: [18:00, 07:00]}", Schedule(at=(time(7), time(18)))),
        ("every day at 07:00", Schedule(at=(time(7),))),
        ("every weekday", Schedule(WEEKDAYS[:5])),
        ("every Monday at 07:00", Schedule(("mon",), (time(7),))),
        ("{days: every day}", Schedule()),
        ("monthly", Schedule(monthly=True)),
        ("monthly at 07:00", Schedule(at=(time(7),), monthly=True)),
        ("first monday 07:30", Schedule(("mon",), (time(7, 30),), monthly=True)),
        ("{days: monthly on mondays, at: 07:30}", Schedule(("mon",), (time(7, 30),), monthly=True)),
        ("weekdays after arxiv", Schedule(WEEKDAYS[:5], after="arxiv")),
        (
            "weekdays after arxiv by 12:00 at 06:00 in Europe/Berlin",
            Schedule(WEEKDAYS[:5], (time(6),), "Europe/Berlin", after="arxiv", by=time(12)),
        ),
        ("{quiet: 2026-12-24}", Schedule(quiet=((date(2026, 12, 24), date(2026, 12, 24)),))),
        (
            "{quiet: [2026-12-24 to 2027-01-02, 2026-05-01]}",
            Schedule(quiet=((date(2026, 12, 24), date(2027, 1, 2)), (date(2026, 5, 1), date(2026, 5, 1)))),
        ),
    ],
)
def test_schedules_may_name_hours_months_quiet_dates_and_a_source(
    load: Callable[[str], Profile], written: str, meant: Schedule
) -> None:
    assert load(with_lines(f"schedule: {written}")).schedule == meant


@pytest.mark.parametrize(
    ("written", "column", "says", "hint"),
    [
        ("{at: [08:00, 08:00]}", 16, "twice", "remove one"),
        ("{at: [01:00, 02:00, 03:00, 04:00, 05:00, 06:00, 07:00]}", 16, "7 hours", "one to 6"),
        ("{quiet: christmas}", 19, "'christmas' is no date", "2026-12-24"),
        ("{quiet: 2026-12-24 to 2026-12-01}", 19, "no span of days", "earlier day first"),
        ("{quiet: 2026-12-24 to 2036-12-01}", 19, "no span of days", "a year"),
        ("{at: 25:00}", 16, "'25:00' is not on the clock", "23:59"),
        ("{at: 24:00}", 16, "not on the clock", "23:59"),
        ("{at: 8am}", 16, "no time of day", "08:00"),
        ("{at: 8}", 16, "no time of day", "08:00"),
        ("weekdays at 08:00 CET", 29, "'CET' is no time zone", "did you mean 'Europe/Paris'?"),
        ("weekdays at 08:00 in Berlin", 32, "'Berlin' is no time zone", "did you mean 'Europe/Berlin'?"),
        ("every thing at 08:00", 11, "'thing' is no day", "mon to sun"),
        ("daily at 25:00", 11, "not on the clock", "23:59"),
        ("0 24 * * *", 11, "cron", "weekdays at 08:00"),
        ("0 8 31 2 *", 11, "cron", "weekdays at 08:00"),
        ("0 7 * * mon-fri", 11, "cron", "weekdays at 08:00"),
        ("{days: 7}", 18, "'7' is a number", "sun"),
        ("{days: [mon, 0]}", 24, "'0' is a number", "sun"),
        ("{days: fri-mon}", 18, "a range", "[fri, sat, sun, mon]"),
        ("{days: thurs}", 18, "'thurs' is no day", "did you mean 'thu"),
        ("{days: []}", 18, "empty", "at least one"),
        ("{timezone: Europe/Berln}", 22, "no time zone", "did you mean 'Europe/Berlin'?"),
        ("{timezone: Berlin}", 22, "no time zone", "did you mean 'Europe/Berlin'?"),
        ("{timezone: europe/berlin}", 22, "no time zone", "did you mean 'Europe/Berlin'?"),
        ("{timezone: Japan}", 22, "no time zone", "did you mean 'Asia/Tokyo'?"),
        ("{timezone: turkey}", 22, "no time zone", "did you mean 'Europe/Istanbul'?"),
        ("{timezone: EST5EDT}", 22, "no time zone", "did you mean 'America/New_York'?"),
        ("{timezone: ../../etc/passwd}", 22, "no time zone", "continent and city"),
        ("{timezone: America/Argentina}", 22, "no time zone", ""),
        ("{tiemzone: UTC}", 12, "unknown key 'tiemzone'", "did you mean 'timezone'?"),
    ],
)
def test_k10_bad_times_days_and_zones_are_refused_with_what_to_write(
    fails: Fails, written: str, column: int, says: str, hint: str
) -> None:
    ((line, found, message, proposed),) = fails(with_lines(f"schedule: {written}"))
    assert (line, found) == (2, column)
    assert says in message
    assert hint in proposed


def test_k03_unknown_keys_are_placed_and_the_nearest_is_named(fails: Fails) -> None:
    found = fails("to: ada@example.org\nbuget: 3\ntopics:\n  t:\n    keywrods: [a]\n    about: Diffusion models.\n")
    assert [(line, column, hint) for line, column, _, hint in found] == [
        (2, 1, "did you mean 'budget'?"),
        (5, 5, "did you mean 'keywords'?"),
    ]
    assert "unknown key 'keywrods'" in found[1][2]


def test_k03_a_word_that_is_no_choice_gets_the_nearest_one(fails: Fails) -> None:
    ((line, column, message, hint),) = fails(with_lines("revisions: non"))
    assert (line, column, hint) == (2, 12, "did you mean 'none'?")
    assert "sent, all, none" in message


@pytest.mark.parametrize(
    ("address", "offset", "says"),
    [
        ("ada", 0, "no mail address"),
        ("a@b c", 0, "after the @"),
        ("a b@c.org", 1, "before the @"),
        ("a..b@example.org", 1, "before the @"),
        (".a@example.org", 0, "before the @"),
        ("a@", 0, "no mail address"),
        ("'@example.org'", 0, "no mail address"),
        ("'a@example.org, b@example.org'", 0, "more than one address"),
        ("a@example.org; b@example.org", 0, "more than one address"),
        ("a@b@example.org", 0, "more than one @"),
        ("'a@[127.0.0.1]'", 0, "by number"),
        ("a@127.0.0.1", 0, "after the @"),
        ("a@example..org", 0, "after the @"),
        ("a@-example.org", 0, "after the @"),
        ("a@example.org.", 0, "after the @"),
        ('"a@example.org\\nBcc: x@example.org"', 0, "line break"),
        ("Ada <a@example.org>", 0, "more than an address"),
        ("a@bücher.example", 0, "xn--bcher-kva.example"),
        ("jürgen@example.org", 0, "before the @"),
        ("a" * 300 + "@example.org", 0, "too long"),
        ("a@" + "x." * 130 + "org", 0, "too long"),
    ],
)
def test_k09_addresses_that_are_not_exactly_one_are_refused(fails: Fails, address: str, offset: int, says: str) -> None:
    ((line, column, message, hint),) = fails(f"to:\n  - {address}\ntopics: {{t: {{about: Diffusion models.}}}}\n")
    assert line == 2
    assert column >= 5 + offset
    assert says in message + hint
    assert hint


def test_k09_a_name_with_a_line_break_is_refused(fails: Fails) -> None:
    ((line, column, message, _),) = fails(with_lines('name: "Ada\\nBcc: eve@example.org"'))
    assert (line, column) == (2, 11)
    assert "line break" in message


def test_k09_ordinary_addresses_are_taken(load: Callable[[str], Profile]) -> None:
    several = ["ada@example.org", "o'hara+papers@mail.example.co.uk", "root@localhost", "x_y@xn--bcher-kva.example"]
    assert load("to:\n" + "".join(f"  - {each}\n" for each in several) + "topics: {t: {about: x y}}\n").to == tuple(
        several
    )


def test_k11_the_same_address_twice_in_one_profile_is_refused(fails: Fails) -> None:
    ((line, _, message, _),) = fails("to: [ada@example.org, ADA@example.org]\ntopics: {t: {about: Diffusion models}}\n")
    assert line == 1
    assert "twice" in message


def test_k11_the_same_address_in_two_profiles_is_fine(folder: Folder) -> None:
    folder.profile(with_lines(), "ada-2.yaml")
    assert [profile.id for profile in load_profiles(folder.profiles)] == ["ada", "ada-2"]


def test_k11_two_files_for_one_id_are_refused(folder: Folder, problems: Problems) -> None:
    folder.profile(with_lines(), "ada.yml")
    (problem,) = problems(lambda: load_profiles(folder.profiles))
    assert "ada.yaml and ada.yml would both be the profile 'ada'" in problem.message


@pytest.mark.parametrize(
    "name", ["Ada.yaml", "ada b.yaml", "-ada.yaml", "ada.old.yaml", "ädа.yaml", "x" * 70 + ".yaml"]
)
def test_k11_a_file_name_that_is_no_id_is_refused(folder: Folder, problems: Problems, name: str) -> None:
    folder.profile(with_lines(), name)
    (problem,) = problems(lambda: load_profiles(folder.profiles))
    assert "cannot be a profile's id" in problem.message
    assert "rename" in problem.hint


def test_k11_no_profile_is_an_error_that_says_how_to_make_one(folder: Folder, problems: Problems) -> None:
    (folder.profiles / "ada.yaml").unlink()
    (folder.profiles / "readme.txt").write_text("x")
    (problem,) = problems(lambda: load_profiles(folder.profiles))
    assert "no profile" in problem.message
    assert "topics:" in problem.hint


def test_k11_no_folder_is_an_error(folder: Folder, problems: Problems) -> None:
    (problem,) = problems(lambda: load_profiles(folder.path / "none"))
    assert "cannot be read" in problem.message


def test_k11_hundreds_of_profiles_come_in_order_of_their_ids(folder: Folder) -> None:
    for number in range(300):
        folder.profile(with_lines(), f"reader-{number:04d}.yaml")
    found = load_profiles(folder.profiles)
    assert len(found) == 301
    assert [profile.id for profile in found] == sorted(profile.id for profile in found)


def test_k13_files_of_editors_are_no_profiles(folder: Folder) -> None:
    for name in (".ada.yaml.swp", "ada.yaml~", "#ada.yaml#", "bob.yaml.tmp", ".#ada.yaml", ".hidden.yaml"):
        (folder.profiles / name).write_text("not: [yaml")
    assert len(load_profiles(folder.profiles)) == 1


def test_a_profile_is_found_by_id_or_the_nearest_is_named(folder: Folder) -> None:
    found = load_profiles(folder.profiles)
    assert found.named("ada").id == "ada"
    with pytest.raises(NotFoundError, match="did you mean 'ada'"):
        found.named("adah")


def test_a_query_error_is_placed_inside_the_text(fails: Fails) -> None:
    text = topic("query: '(diffusion AND it''s (noise'")
    ((line, column, message, _),) = fails(text)
    written = text.splitlines()[line - 1]
    assert line == 4
    assert written[column - 1] == "("
    assert "parenthesis" in message


def test_a_query_error_in_a_block_is_placed_at_its_start(fails: Fails) -> None:
    ((line, column, _, _),) = fails(topic("query: >\n  diffusion AND\n  (noise"))
    assert (line, column) == (4, 12)


@pytest.mark.parametrize(
    ("lines", "says", "hint"),
    [
        ("mute: [survey]", "nothing to look for", "about"),
        ("about:", "nothing stands here", "remove the line"),
        ("about: x y\nprecision: 0.5\nthreshold: 0.5", "both precision and threshold", "keep one"),
        ("about: x y\nprecision: 70", "not between 0 and 1", "0.7"),
        ("about: x y\nthreshold: 0", "not between 0 and 1", "0.7"),
        ("about: x y\nthreshold: nan", "not between 0 and 1", "0.7"),
        ("about: x y\nthreshold: high", "should be a number, found 'high'", ""),
        ("about: [x, y]", "should be text, found a list", ""),
        ("keywords: {diffusion: -1}", "greater than 0", ""),
        ("keywords: diffusion, gan", "several keywords", "[first, second]"),
        ("keywords:\n  -diffusion\n  -gan", "after the dash", "'- '"),
        ("keywords: [diffusion, ]\nauthors: ['']", "this text is empty", "remove"),
        ("keywords:\n  - diffusion\n  - #hashtag", "nothing stands here", "quotes"),
        ("keywords: ['++']", "'++'", ""),
        ("like: ['arXiv:23.16203']", "no arXiv id", "2303.16203"),
        ("like: [2303.16203]\nunlike: ['2303.16203']", "both like and unlike", "remove"),
        ('about: "x \\x07 y"', "U+0007", "remove"),
    ],
)
def test_topics_that_cannot_work_are_refused(fails: Fails, lines: str, says: str, hint: str) -> None:
    ((line, _, message, proposed),) = fails(topic(lines))
    assert line >= 3
    assert says in message
    assert hint in proposed


def test_a_profile_without_recipient_or_topic_is_refused(fails: Fails) -> None:
    assert [message for _, _, message, _ in fails("name: Ada\n")] == ["'to' is missing", "'topics' is missing"]
    assert [message for _, _, message, _ in fails("to: []\ntopics: {}\n")] == [
        "this list is empty",
        "there is no topic here",
    ]


@pytest.mark.parametrize(
    "budget", ["0", "-1", "twelve", "1.5", "1000000", "yes", "[1]", "about a day", "about 0 a day", "about 5 a year"]
)
def test_a_budget_that_is_no_small_number_is_refused(fails: Fails, budget: str) -> None:
    ((line, column, message, hint),) = fails(with_lines(f"budget: {budget}"))
    assert (line, column) == (2, 9)
    assert "budget" in message
    assert "1 to 500" in hint or "about 5 a day" in hint


@pytest.mark.parametrize(
    ("said", "pace", "most"),
    [
        ("about 5 a day", 5, 15),
        ("about 7 a week", 1, 12),
        ("About 2.5 per day", 2.5, 12),
        ("about 300 a day", 300, 500),
    ],
)
def test_a_budget_may_be_about_so_many_a_day(load: Callable[[str], Profile], said: str, pace: float, most: int) -> None:
    profile = load(with_lines(f"budget: {said}", "schedule: daily at 08:00"))
    assert (profile.pace, profile.budget) == (pace, most)


@pytest.mark.parametrize("keyword", ["(a+)+$", r"\bgan\b", "diff.*", "[a-z]+", "^gan", "gan|vae", "(?i)gan"])
def test_k16_regular_expressions_are_refused_as_keywords(fails: Fails, keyword: str) -> None:
    ((_, _, message, hint),) = fails(topic(f"keywords: ['{keyword}']"))
    assert "regular expression" in message
    assert "classif*" in hint


def test_k16_a_keyword_as_long_as_a_book_is_refused(fails: Fails) -> None:
    ((_, _, message, _),) = fails(topic(f"keywords: [{'gan ' * 20_000}]"))
    assert "characters" in message
    assert len(message) < 200


def test_k16_words_with_signs_are_keywords(load: Callable[[str], Profile]) -> None:
    signs = ["C++", "f-divergence", "GPT-4", "R&D", "p(x)", "classif*", "l_1 norm", "k-NN", "3D"]
    assert [keyword.text for keyword in load(topic(f"keywords: {signs}")).topics[0].keywords] == signs


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("about: diffusion", "one word is little"),
        ("about: I am interested in the papers that use it", "no word that tells"),
        ("about: Диффузионные модели как классификаторы", "papers are in English"),
        ("about: Modelle der Sprache und die Bilder mit Texten", "papers are in English"),
        ("keywords: [diffusion]\nmute: [Diffusion]", "mute wins"),
        ("keywords: {the: 1, diffusion: 2}", "in nearly every abstract"),
    ],
)
def test_k17_thin_foreign_and_contradictory_topics_are_explained(
    warnings: Callable[[str], list[str]], lines: str, says: str
) -> None:
    (message,) = warnings(lines)
    assert says in message


@pytest.mark.parametrize(
    "lines",
    [
        "about: diffusion\nlike: [2303.16203]",
        "about: Diffusion models used as classifiers",
        "about: Variational inference via des Moines data in die casting",
        "keywords: [diffusion]\nmute: [survey]",
    ],
)
def test_k17_ordinary_topics_are_not_warned_of(warnings: Callable[[str], list[str]], lines: str) -> None:
    assert warnings(lines) == []


def test_an_alert_leaves_as_digests_do_or_by_a_channel(load: Callable[[str], Profile]) -> None:
    assert load(WHOLE).alerts.channel == ""
    assert load(WHOLE.replace("alert: email", "alert: team-chat")).alerts.channel == "team-chat"


def test_alerts_say_what_is_urgent(load: Callable[[str], Profile], fails: Fails) -> None:
    lines = (
        "trends: {in: none, alert: email, within: everything, at_most: 2/week}",
        "alerts: {authors: true, velocity: 0.99}",
    )
    asked = load(with_lines(*lines))
    assert asked.trends == "none"
    assert asked.alerts == Alerts(trends=True, mine=False, at_most=2, authors=True, velocity=0.99)
    assert load(with_lines()).alerts == Alerts()
    ((line, _, message, hint),) = fails(with_lines("trends: {alert: email, at_most: often}"))
    assert (line, message, hint) == (2, "'often' is no rate", "write a number, or 3/week")


@pytest.mark.parametrize("written", ["none", "{in: none}"])
def test_trends_can_be_turned_off(load: Callable[[str], Profile], written: str) -> None:
    assert load(with_lines(f"trends: {written}")).trends == "none"


def test_all_problems_of_all_profiles_come_at_once(folder: Folder, problems: Problems) -> None:
    folder.profile("to: x\ntpoics: 1\n", "a.yaml")
    folder.profile("to: [\n", "b.yaml")
    folder.profile("to: ada@example.org\nto: bob@example.org\nbudget: x\n", "c.yaml")
    found = problems(lambda: load_profiles(folder.profiles))
    assert [(problem.path.name, problem.line) for problem in found] == [
        ("a.yaml", 1),
        ("a.yaml", 1),
        ("a.yaml", 2),
        ("b.yaml", 2),
        ("c.yaml", 1),
        ("c.yaml", 2),
        ("c.yaml", 3),
    ]


def test_what_an_alias_left_out_is_complained_of_once(fails: Fails) -> None:
    assert len(fails("to: [ada@example.org]\ntopics:\n  t:\n    about: *x\n")) == 1


def test_a_problem_shows_the_line_and_a_caret(folder: Folder, problems: Problems) -> None:
    path = folder.profile(with_lines("budget: twelve"))
    (problem,) = problems(lambda: load_profiles(folder.profiles))
    assert str(problem) == (
        f"{path}:2:9: 'twelve' is no budget\n    budget: twelve\n            ^\n"
        "    write a number of papers such as 12, or 'about 5 a day'"
    )


def test_the_expected_number_a_week_reaches_the_topic(folder: Folder) -> None:
    folder.profile("to: [a@example.org]\ntopics: {t: {about: x, per_week: 2.5}}\n")
    (loaded,) = load_profiles(folder.profiles)
    assert loaded.topics[0].per_week == 2.5


def test_a_topic_of_a_few_examples_alone_is_warned_of(warnings: Callable[[str], list[str]]) -> None:
    assert warnings('like: ["2303.16203"]') == ["one paper is not enough to be sure of a topic"]
    assert warnings('like: ["2303.16203", "2303.16204"]') == ["2 papers are not enough to be sure of a topic"]
    assert warnings('like: ["2303.16203"]\nquery: diffusion') == []


@pytest.mark.parametrize("sign", ["\u202e", "\u07fb", "\u200b"])
def test_a_key_is_named_without_what_would_turn_the_line_in_a_terminal(fails: Fails, sign: str) -> None:
    found = fails(f"to: [a@example.org]\ntopics: {{lamps: {{query: fog, keywords: {{{sign}k: [x]}}}}}}\n")
    assert "k: should be a number, found a list" in [message for _, _, message, _ in found]


def test_a_joiner_in_a_key_is_named_by_its_number(fails: Fails) -> None:
    found = fails("to: [a@example.org]\ntopics: {lamps: {query: fog, keywords: {a\u200db: [x]}}}\n")
    assert "a\\u200db: should be a number, found a list" in [message for _, _, message, _ in found]


def test_institutions_are_named_and_a_profile_without_them_is_the_one_it_was(
    load: Callable[[str], Profile], fails: Fails
) -> None:
    assert load(topic("institutions: ETH Zürich")).topics[0].institutions == ("ETH Zürich",)
    assert load("to: a@example.org\ntopics: {t: {institutions: [MIT, DeepMind]}}\n").topics[0].institutions
    for written in ("---", "of the", "'12'"):
        assert "no name of an institution" in fails(topic(f"institutions: ['{written.strip(chr(39))}']"))[0][2]
    plain = Profile("x", "X", ("a@example.org",), (Topic("t", about="words", like=(Entry("Fog"),)),))
    assert fingerprint(plain) == "157464ff41a31eda", (
        "what it was without this part: else an upgrade judges every profile anew"
    )
    placed = replace(plain, topics=(replace(plain.topics[0], institutions=("MIT",)),))
    assert fingerprint(placed) not in (fingerprint(plain), fingerprint(replace(placed, name="Y")))
