"""Weights of the two models of ``near_duplicates``, written by ``tests/bench/novelty.py copies --write``."""

from __future__ import annotations

from monitor.novelty.logistic import Logistic

TEXT = Logistic(
    intercept=-11.53810,
    weights=(
        4.95696,  # title jaccard
        0.18226,  # title containment
        10.38625,  # cosine
        7.93693,  # abstract containment
        1.42166,  # abstract jaccard
        -4.55790,  # shingles of the shorter
        -6.60092,  # shingles of the longer
        6.41289,  # root of shingles of the shorter
        3.94969,  # root of shingles of the longer
        1.91289,  # numbers jaccard
        -1.98129,  # numbers in common
        0.30950,  # same name before the colon
        -0.70850,  # one name before the colon
        -1.72646,  # other name before the colon
        0.14907,  # length ratio
        0.05980,  # same first word
        -0.09677,  # rarest shared word
        -0.37993,  # cosine x title
        -2.96259,  # cosine x abstract
    ),
)

TEXT_AND_AUTHORS = Logistic(
    intercept=-12.13750,
    weights=(
        3.67775,  # title jaccard
        0.11648,  # title containment
        2.61842,  # cosine
        5.22036,  # abstract containment
        1.45832,  # abstract jaccard
        -0.12379,  # shingles of the shorter
        -6.55077,  # shingles of the longer
        4.18676,  # root of shingles of the shorter
        0.38724,  # root of shingles of the longer
        0.81472,  # numbers jaccard
        -0.81375,  # numbers in common
        0.02629,  # same name before the colon
        -0.15586,  # one name before the colon
        -0.96821,  # other name before the colon
        0.16635,  # length ratio
        -0.10228,  # same first word
        0.00395,  # rarest shared word
        2.50459,  # cosine x title
        4.76315,  # cosine x abstract
        4.44807,  # surnames jaccard
        2.50045,  # surnames containment
        0.04503,  # surnames x cosine
    ),
)
