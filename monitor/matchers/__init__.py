"""Which papers belong to a topic, how surely, and why.

``fusion`` joins the parts and is what the jobs call::

    space = fusion.build_space(papers)                       # shared by all topics, once per batch
    judge = fusion.fit_topic(topic, examples, space)         # once per topic and change
    judgements = judge.judge(papers)                         # one Judgement a paper, in the same order

* the kinds, each a file named as in YAML: what ``parts`` says every kind gets and gives, and ``tests/contract`` checks
* ``query`` is the boolean language (no scikit-learn: the settings room checks queries with it), ``grammar`` reads it;
  ``postings``, ``places``, ``names`` and ``institutions`` say which papers hold its words, phrases, authors and places
  where these work
* ``space`` compares all topics and papers by their ``terms``, from a ``background`` on the first day
* ``calibration`` makes probabilities, ``explain`` reasons; ``together`` asks many topics at once, ``shelf`` and
  ``drawer`` keep what was fitted, in memory and on disk
* ``meaning`` orders papers for the search of the pages by the vectors of ``embeddings``
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
        "institutions",
        "meaning",
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
