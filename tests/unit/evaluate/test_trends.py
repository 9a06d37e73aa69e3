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
