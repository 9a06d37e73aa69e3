"""Weights of the models of ``near_duplicates``, written by ``tests/bench/novelty.py copies --write``."""

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
    intercept=-9.85368,
    weights=(
        2.99831,  # title jaccard
        -0.62405,  # title containment
        -1.14617,  # cosine
        0.67524,  # abstract containment
        2.45456,  # abstract jaccard
        2.88974,  # shingles of the shorter
        0.60580,  # shingles of the longer
        0.88859,  # root of shingles of the shorter
        -0.77027,  # root of shingles of the longer
        1.60413,  # numbers jaccard
        -1.08560,  # numbers in common
        -0.71453,  # same name before the colon
        -0.17839,  # one name before the colon
        -0.96378,  # other name before the colon
        -0.49955,  # length ratio
        -0.02192,  # same first word
        -0.10983,  # rarest shared word
        5.25541,  # cosine x title
        7.03866,  # cosine x abstract
        2.43280,  # surnames jaccard
        4.58296,  # surnames containment
        5.08750,  # surnames x cosine
    ),
)
