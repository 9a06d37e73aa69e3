"""A sum of weighted figures, and the probability that it stands for."""

import math

import pytest

from monitor.novelty.logistic import Logistic


def test_a_probability_is_the_logistic_function_of_the_weighted_sum():
    model = Logistic(-1.0, (2.0, 0.5))
    assert model.probability((0.5, 0.0)) == 0.5
    assert model.probability((1.0, 2.0)) == pytest.approx(1 / (1 + math.exp(-2)))


@pytest.mark.parametrize(("figure", "like"), [(1e300, 50), (51, 50), (-51, -50), (-1e300, -50)])
def test_a_sum_beyond_fifty_says_no_more_than_fifty(figure, like):
    model = Logistic(0.0, (1.0,))
    assert model.probability((figure,)) == model.probability((like,)) == 1 / (1 + math.exp(-like))


@pytest.mark.parametrize("figures", [(), (1.0,), (1.0, 2.0, 3.0)])
def test_figures_are_as_many_as_weights(figures):
    with pytest.raises(ValueError, match="zip"):
        Logistic(0.0, (1.0, 1.0)).probability(figures)
