"""Which papers belong to a topic, how surely, and why.

``fusion`` joins the parts and is what the jobs call::

    space = fusion.build_space(papers)                       # shared by all topics, once per batch
    judge = fusion.fit_topic(topic, examples, space)         # once per topic and change
    judgements = judge.judge(papers)                         # one Judgement a paper, in the same order

``query`` is the boolean language (no scikit-learn: the settings room checks queries with it).
"""

from __future__ import annotations

NOT_KINDS: frozenset[str] = frozenset(
    {
        "background",
        "calibration",
        "drawer",
        "explain",
        "fusion",
        "grammar",
        "names",
        "parts",
        "places",
        "postings",
        "query",
        "shelf",
        "space",
        "terms",
        "together",
    }
)
