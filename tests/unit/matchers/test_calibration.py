"""Probabilities: in bounds, higher for higher scores, and thresholds that readers can ask for."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.matchers import calibration
from monitor.matchers.calibration import Situation


@pytest.mark.parametrize("examples", [0, 1, 5, 50, 2_000])
@pytest.mark.parametrize("prevalence", [None, 1e-5, 0.001, 0.05, 0.5])
def test_a_higher_score_is_never_a_lower_probability(examples: int, prevalence: float | None) -> None:
    scores = np.linspace(-2, 40, 200)
    found = calibration.probability(calibration.log_odds(Situation(scores, examples, prevalence)))
    assert (np.diff(found) > 0).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_absurd_scores_stay_probabilities() -> None:
    found = calibration.probability(calibration.log_odds(Situation(np.array([-1e30, 1e30]), 0)))
    assert 0 < found[0] < found[1] < 1


def test_a_paper_without_any_likeness_is_hardly_ever_sent_and_a_close_one_is() -> None:
    ordinary, close = calibration.probability(calibration.log_odds(Situation(np.array([0.0, 7.0]), 0)))
    assert ordinary < 0.01
    assert close > calibration.DEFAULT_THRESHOLD


def test_lists_name_fewer_papers_than_are_on_topic() -> None:
    said = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
    listed = calibration.listed(said)
    assert (listed <= said).all()
    assert listed[2] == pytest.approx(1 / 11)
    assert np.isfinite(listed).all()


def test_prevalence_needs_an_answer_from_the_reader() -> None:
    assert calibration.prevalence(None, 1_000.0) is None
    assert calibration.prevalence(10.0, 1_000.0) == pytest.approx(0.01)
    assert calibration.prevalence(0.0, None) is not None


def test_a_threshold_asked_for_is_taken_as_it_is() -> None:
    assert calibration.threshold(0.37, None) == 0.37
    assert calibration.threshold(None, None) == calibration.DEFAULT_THRESHOLD
    assert calibration.threshold(0.37, None, 50) == 0.37


def test_who_knows_a_topic_better_is_choosier() -> None:
    found = [calibration.threshold(None, None, count) for count in (0, 1, 5, 20, 50, 2_000)]
    assert found == sorted(found)
    assert found[0] == calibration.DEFAULT_THRESHOLD
    assert found[-2] == found[-1] == pytest.approx(0.775)
    assert calibration.threshold(None, 0.7, 50) == calibration.threshold(None, 0.7)
