"""The axes of a space: as scikit-learn finds them, and held for those terms alone that lie on them."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from monitor.matchers._axes import SEED, Axes, axes_of, main_axes


def matrix(papers, terms):
    draw = np.random.default_rng(3)
    return sparse.random(papers, terms, 0.05, format="csr", random_state=draw, dtype=np.float32)


@pytest.mark.parametrize("shape", [(300, 900), (900, 300)])
def test_they_are_those_of_scikit_learn(shape):
    papers = matrix(*shape)
    wanted = randomized_svd(papers, 16, n_iter=3, random_state=SEED)[2]
    assert np.array_equal(main_axes(papers, 16), wanted)


def test_a_paper_lies_where_all_of_its_terms_together_lie():
    papers = matrix(500, 200)
    axes = axes_of(papers, np.asarray((papers > 0).sum(axis=0)).ravel().astype(float), np.random.default_rng(1))
    whole = papers.toarray()[:, axes.columns] @ axes.weights
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    assert np.allclose(axes.places(papers), whole, atol=1e-5)
    assert np.allclose(axes.place(papers[7].toarray()[0]), whole[7], atol=1e-5)


def test_of_another_vocabulary_only_common_terms_lie_on_them():
    axes = Axes(np.array([0, 2]), np.array([[1.0, 2.0], [3.0, 4.0]], np.float32))
    there = axes.among(np.array([5, -1, 0], np.int32))
    assert there.columns.tolist() == [0, 5]
    assert there.weights.tolist() == [[3, 4], [1, 2]]
    assert axes.among(np.array([-1, -1, -1], np.int32)).places(sparse.csr_matrix((1, 1))).tolist() == [[0, 0]]
