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
    intercept=-9.94876,
    weights=(
        2.77985,  # title jaccard
        -1.38223,  # title containment
        -4.05502,  # cosine
        -0.01101,  # abstract containment
        2.59896,  # abstract jaccard
        3.97265,  # shingles of the shorter
        2.06908,  # shingles of the longer
        0.53522,  # root of shingles of the shorter
        -0.81287,  # root of shingles of the longer
        1.01655,  # numbers jaccard
        -0.76243,  # numbers in common
        -0.57142,  # same name before the colon
        -0.22426,  # one name before the colon
        -0.99774,  # other name before the colon
        -0.16375,  # length ratio
        -0.14453,  # same first word
        -0.06921,  # rarest shared word
        6.42652,  # cosine x title
        6.78998,  # cosine x abstract
        1.61918,  # surnames jaccard
        2.21726,  # surnames containment
        5.52063,  # surnames x cosine
        0.46691,  # surnames in common
        2.12559,  # same first author
        2.13592,  # surnames x title told
    ),
)
