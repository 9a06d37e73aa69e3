"""The gate between parser and store."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.ingest.language import language_of
from monitor.ingest.names import in_order, split_list
from monitor.ingest.normalise import clean_entry, normalise, web_url
from monitor.types.listings import Entry, Listing

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_f33_line_breaks_and_control_characters_in_a_title_become_nothing_or_a_blank():
    title = clean_entry(Entry("Fast\r\nBcc: all@example.org\x00\x1b[31m\u202e end"), AT).title
    assert title == "Fast Bcc: all@example.org[31m end"


def test_f34_combining_marks_are_limited():
    assert len(clean_entry(Entry("Z" + "\u0301" * 200), AT).title) <= 4


def test_f32_comparisons_ampersands_and_braces_stay_as_they_are():
    abstract = clean_entry(Entry("t", "We see p < 0.05 & {{ 7*7 }} and %s."), AT).abstract
    assert abstract == "We see p < 0.05 & {{ 7*7 }} and %s."


def test_latex_that_has_a_plain_reading_is_read():
    assert (
        clean_entry(Entry(r"Fr\'echet means of $\alpha$-stable {\em noise}"), AT).title
        == "Fréchet means of α-stable noise"
    )


def test_f10_lengths_and_author_lists_are_capped():
    entry = clean_entry(Entry("t" * 60_000, "a " * 40_000, tuple(f"N {i}" for i in range(5_000))), AT)
    assert len(entry.title) <= 500
    assert len(entry.abstract) <= 20_000
    assert len(entry.authors) == 100


def test_names_written_family_first_are_turned():
    assert clean_entry(Entry("t", authors=("Lovelace, Ada", "Charles Babbage")), AT).authors == (
        "Ada Lovelace",
        "Charles Babbage",
    )


def test_ids_of_authors_stay_with_their_names():
    orcid = "0000-0002-1825-0097"
    printed = Entry(
        "t", authors=("Bee, Ada", " ", "C. Dee", "Bee, Ada"), author_ids=("", "x", f"orcid.org/{orcid}", "~A1")
    )
    cleaned = clean_entry(printed, AT)
    assert (cleaned.authors, cleaned.author_ids) == (("Ada Bee", "C. Dee"), ("~A1", orcid))
    assert clean_entry(Entry("t", authors=("A B",), author_ids=("", "~more1")), AT).author_ids == ()
    assert clean_entry(Entry("t", authors=("A B",), author_ids=("0000-0002-1825-0098",)), AT).author_ids == ()


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("Lovelace, Ada", "Ada Lovelace"),
        ("van der Berg, J.", "J. van der Berg"),
        ("Berg, J. van der", "J. van der Berg"),
        ("Lovelace, A., Jr.", "A. Lovelace Jr."),
        ("Lovelace, Jr., A.", "A. Lovelace Jr."),
        ("Sammy Davis, Jr.", "Sammy Davis Jr."),
        ("García Márquez, Gabriel", "Gabriel García Márquez"),
        ("Ada Bee, PhD", "Ada Bee"),
        ("Gemini Team, Google", "Gemini Team, Google"),
        ("Ada Lovelace", "Ada Lovelace"),
        ("a, b, c, d", "a, b, c, d"),
    ],
)
def test_a_name_is_said_in_one_order(printed, said):
    assert in_order(printed) == said


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("A. Bee, C. Dee and E. Eff", ("A. Bee", "C. Dee", "E. Eff")),
        ("A. Bee & C. Dee", ("A. Bee", "C. Dee")),
        ("Bee, Ada; Dee, Carl", ("Ada Bee", "Carl Dee")),
        ("Bee, Ada and Dee, Carl", ("Ada Bee", "Carl Dee")),
        ("Bee, A., Dee, C., and Eff, E.", ("A. Bee", "C. Dee", "E. Eff")),
        ("Bee A.Dee C. F.Eff E.", ("Bee A.", "Dee C. F.", "Eff E.")),
        ("Ada Bee, Carl Dee, Jr., Plato", ("Ada Bee", "Carl Dee Jr.", "Plato")),
        ("Bee, Ada", ("Ada Bee",)),
        ("J.Smith", ("J.Smith",)),
        ("王伟、李娜", ("王伟", "李娜")),
        ("Laboratory of Tides and Clocks", ("Laboratory of Tides and Clocks",)),
    ],
)
def test_a_list_of_authors_in_one_string_is_read_as_a_list(printed, names):
    assert clean_entry(Entry("t", authors=(printed,)), AT).authors == names
    assert len(split_list(printed)) == len(names)


def test_of_several_authors_none_is_split():
    assert clean_entry(Entry("t", authors=("Bee A, Dee C", "Eff")), AT).authors == ("Dee C Bee A", "Eff")


@pytest.mark.parametrize("printed", ["," * 5000, "A." * 5000, "a b, " * 5000, "and " * 5000, " " * 9, "", ";;"])
def test_f10_a_hostile_list_of_authors_costs_no_error_and_no_time(printed):
    assert len(clean_entry(Entry("t", authors=(printed,)), AT).authors) <= 100


def test_entities_escaped_once_or_twice_too_often_are_text_again_and_no_more_often():
    assert (
        clean_entry(Entry("A &amp;amp; B: p &lt; 0.05 &#246; AT&T &copy R&D;"), AT).title
        == "A & B: p < 0.05 ö AT&T &copy R&D;"
    )
    assert clean_entry(Entry("t", "&amp;lt;b&amp;gt; &amp;amp;lt;"), AT).abstract == "<b> &lt;"


def test_f34_an_entity_cannot_smuggle_in_what_the_gate_removes():
    assert clean_entry(Entry("a&#8238;b&#x202e;c&#0;&#27;[31m"), AT).title.isprintable()


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("We show that the gauges agree with each other for all of these harbours", "", "en"),
        ("Wir zeigen, dass die Uhren mit der Zeit und für alle Häfen nicht gehen", "", "de"),
        ("Nous montrons que les données des capteurs sont dans une base pour la recherche", "", "fr"),
        ("Presentamos un método para el análisis de los datos que se recogen en una red", "", "es"),
        ("深層学習による潮位の予測", "", "ja"),
        ("深度学习用于图像", "", "zh"),
        ("Модель для прогноза", "", "ru"),
        ("نموذج لغوي", "", "ar"),
        ("Kelp", "", ""),
        ("para que por este", "", ""),
        ("Kelp", "pt_BR", "pt-BR"),
        ("Kelp", "EN", "en"),
        ("Kelp", "not a language", ""),
        ("深層学習による潮位の予測", "en-us", "ja"),
    ],
)
def test_a_language_is_that_declared_unless_the_script_says_another_else_guessed(text, declared, language):
    assert language_of(text, declared) == language
    assert clean_entry(Entry("Kelp", text, language=declared), AT).language == language


def test_plain_ascii_is_kept_as_it_is_and_wrapped_lines_are_joined():
    plain = "We see p < 0.05 (n = 7), e.g. in [3]; it's 50% of 'them'."
    assert clean_entry(Entry(plain, plain), AT).abstract is plain
    assert clean_entry(Entry("t", " We  see\nthat\tit\x00 holds. "), AT).abstract == "We see that it holds."


def test_dates_are_utc_with_their_precision():
    moment = datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=9)))
    cleaned = clean_entry(Entry("t", published=moment, published_precision="day"), AT)
    assert (cleaned.published, cleaned.published_precision) == (datetime(2026, 3, 1, 16, tzinfo=UTC), "day")
    assert cleaned.published is not None
    assert cleaned.published.tzinfo is UTC
    last = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))
    assert clean_entry(Entry("t", published=last), AT).published == AT + timedelta(days=1)


def test_f28_a_date_from_the_future_is_pulled_to_the_next_day_and_an_absurd_one_is_dropped():
    future = clean_entry(Entry("t", published=datetime(2099, 1, 1, tzinfo=UTC)), AT).published
    assert future == datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert clean_entry(Entry("t", published=datetime(1, 1, 1, tzinfo=UTC)), AT).published is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:pw@example.org/",
        "https://x/\nBcc:",
        'https://x/"a',
        "http://[",
    ],
)
def test_links_that_are_not_plain_web_addresses_are_dropped(url):
    assert web_url(url) is None


def test_an_entry_without_a_title_becomes_an_oddity_with_its_place():
    listing = normalise(Listing((Entry("\u200b", where="line 9"), Entry("Good")), announced=2), AT)
    assert [entry.title for entry in listing.entries] == ["Good"]
    assert [str(oddity) for oddity in listing.oddities] == ["line 9: no title"]


def test_half_letters_of_json_are_nothing_and_what_held_nothing_else_is_gone():
    """JSON may hold half of a surrogate pair, which no file and no database can: ids of nothing would join strangers."""
    half = "\ud800"
    entry = Entry(
        f"Lamps{half}", abstract=f"{half}They shine.", authors=(half, f"Ada L.{half}"), url=f"https://x.example/{half}",
        ids=(f"guid:{half}", "arxiv:2603.00001", half), categories=(half, " ", f"cs.CV{half}", "cs.CV"),
    )  # fmt: skip
    entry = clean_entry(entry, AT)
    assert (entry.title, entry.abstract, entry.authors, entry.url) == ("Lamps", "They shine.", ("Ada L.",), None)
    assert (entry.ids, entry.categories) == (("arxiv:2603.00001",), ("cs.CV",))


def test_institutions_are_cleaned_each_once_and_few() -> None:
    printed = ("Fog\n University", "Fog University", " \u202e", "E\u0301cole Une", *(f"Place {n}" for n in range(90)))
    cleaned = clean_entry(Entry("t", institutions=printed), AT).institutions
    assert cleaned[:3] == ("Fog University", "École Une", "Place 0")
    assert (len(cleaned), max(map(len, clean_entry(Entry("t", institutions=("x" * 900,)), AT).institutions))) == (
        30,
        200,
    )
