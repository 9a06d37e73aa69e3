import json
import random
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from monitor.cli.evaluate import command
from monitor.errors import ParseError
from monitor.evaluate import trends

START = date(2026, 1, 5)
CHANCE = random.Random(4)
WORDS = ["".join(CHANCE.choices("bcdfgklmnprstv", k=6)) for _ in range(400)]


def rows(days=120, per_day=20, begins=80, phrase="tidal lensing"):
    chance, made = random.Random(8), []
    for place in range(days):
        for number in range(per_day):
            words = chance.choices(WORDS, k=30)
            said = place >= begins and chance.random() < 0.1
            title = " ".join(words[:5]) + (f" for {phrase}" if said else "")
            abstract = " ".join(words[5:]) + (f", {phrase}." if said else ".")
            day = START + timedelta(place)
            made.append({"id": f"{place}-{number}", "day": day.isoformat(), "title": title, "abstract": abstract})
    return made


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "documents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    gold = {"term": "Tidal Lensing", "from": "2026-03-26", "to": "2026-06-01"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n")
    return tmp_path


def test_a_planted_rise_is_found_and_permuted_dates_raise_no_alarm(folder):
    result = CliRunner().invoke(command, ["trends", str(folder / "documents.jsonl"), "--method", "all", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [one["term"] for one in told["alarms"]] == ["tidal lensing"]
    assert {"day", "term", "q", "seen", "expected"} == told["alarms"][0].keys()
    assert told["null_per_week"] <= 0.1
    assert told["recall"] == 1
    assert 0 <= told["median_delay_days"] <= 15
    assert told["doubled"] == 1
    assert told["ms_per_day"] > 0
    rivals = told["methods"]
    assert rivals["mean+3sd"]["alarms_per_week"] > 50 * told["alarms_per_week"]
    assert rivals["growth"]["null_per_week"] > 1


def test_the_future_changes_nothing():
    def told(some, until):
        found, _, _ = trends.told(stream(some))
        return [trend for trend in found if trend.day <= until]

    until = START + timedelta(100)
    past = [row for row in rows() if date.fromisoformat(row["day"]) <= until]
    planted = rows(begins=101, phrase="glacial weaving")[101 * 20 :]
    assert told(past, until)
    assert told(past + planted, until) == told(past, until)


def stream(some):
    papers = tuple(trends._paper(row, number, date.fromisoformat(row["day"])) for number, row in enumerate(some))
    days = tuple(date.fromisoformat(row["day"]) for row in some)
    return trends.Stream(papers, days, tuple(trends._marks(papers)))


def test_permuting_keeps_the_volume_of_each_day_and_every_paper():
    one = stream(rows(days=5))
    other = one.permuted(1)
    assert other.days == one.days
    assert {*other.papers} == {*one.papers}
    assert other.papers != one.papers


def test_a_line_without_a_date_is_named(tmp_path):
    path = tmp_path / "documents.jsonl"
    path.write_text('{"id": "a", "day": "2026-01-05", "title": "A", "abstract": "B"}\n{"title": "C"}\n')
    with pytest.raises(ParseError, match="line 2"):
        trends.read_stream(path)
    path.write_text("")
    with pytest.raises(ParseError, match="no documents"):
        trends.read_stream(path)


def test_the_table_names_each_rule_and_alarm(folder):
    result = CliRunner().invoke(command, ["trends", str(folder / "documents.jsonl"), "--nulls", "0"])
    assert result.exit_code == 0, result.output
    assert "tidal lensing" in result.stdout
    assert "ours" in result.stdout


def with_authors(papers=6):
    """The same documents, with an author who lists much from one day on, and nobody else twice."""
    some = rows(begins=200)
    for place, row in enumerate(some):
        row["authors"] = [f"Person {place}"]
    for row in some[90 * 20 : (90 + papers) * 20 : 20]:
        row["authors"] = ["Ada Busy"]
    return some


def test_authors_are_told_apart_and_need_more_than_a_name_that_is_new():
    assert [one.name for one in trends.judge(stream(with_authors()), [], nulls=0).alarms] == ["Ada Busy"]
    figures = trends.judge(stream(with_authors()), [], nulls=1).authors
    assert figures is not None
    assert figures.alarms_per_week > 0
    assert figures.null_per_week == 0
    assert trends.judge(stream(with_authors(papers=4)), [], nulls=0).alarms == ()
    assert trends.judge(stream(rows()), [], nulls=0).authors is None


def test_an_alarm_concerns_the_readers_whom_its_papers_match(folder, tmp_path):
    cases = tmp_path / "cases"
    cases.mkdir()
    known = [
        {"id": f"k{place}", "title": row["title"], "abstract": row["abstract"], "published": "2026-01-01"}
        for place, row in enumerate(rows(days=150)[-1000:])
    ]
    (cases / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in known))
    of: dict[str, object] = {
        "level": "5",
        "family": "f",
        "negatives": [],
        "candidates": None,
        "after": "2026-02-01",
        "weekly_volume": 14,
    }
    carrying = [row["id"] for row in known if "tidal lensing" in row["title"]]
    others = [row["id"] for row in known if "tidal lensing" not in row["title"]]
    (cases / "cases.jsonl").write_text(
        "".join(
            json.dumps({"case": about, "about": about, "examples": some[:20], "relevant": some[20:25], **of}) + "\n"
            for about, some in (("tidal lensing", carrying), (WORDS[0], others))
        )
    )
    command_line = ["trends", str(folder / "documents.jsonl"), "--cases", str(cases), "--nulls", "0", "--json"]
    result = CliRunner().invoke(command, command_line)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert len(told["alarms"]) == 1
    weeks = 1 / told["alarms_per_week"]
    assert told["readers"] == {
        "count": 2,
        "mean_per_week": pytest.approx(0.5 / weeks),
        "most_per_week": pytest.approx(1 / weeks),
    }
