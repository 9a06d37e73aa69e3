"""A topic with papers of two distant interests finds both: real lists of different people, over all real papers."""

from dataclasses import replace

import numpy as np
import pytest

from monitor.evaluate.cases import day_of, read_cases, read_papers
from monitor.evaluate.matching import average_precision, ranking
from monitor.matchers import linear
from monitor.matchers.parts import Examples
from monitor.matchers.space import MOST_PAPERS, build_space
from monitor.testing import topic
from tests.bench import cases as bench

PAIRS = (("p0504", "p0135"), ("p0328", "p0276"), ("p0509", "p0276"))


@pytest.mark.seeds
def test_a_topic_of_two_distant_interests_finds_both(shared, tmp_path):
    bench.make(shared, tmp_path)
    papers = read_papers(tmp_path)
    cases = {case.name.split("/")[0]: case for case in read_cases(tmp_path, papers, level="20")}
    cut = cases[PAIRS[0][0]].after
    assert cut
    space = build_space(sorted((one for one in papers.values() if day_of(one) < cut), key=day_of)[-MOST_PAPERS:])
    coming = [one for one in papers.values() if day_of(one) >= cut]
    features = space.features(coming)
    keys = [one.key for one in coming]

    def figures(pair):
        """Average precision and the worse interest's recall in 100: of one regression, and with one for each."""
        names = dict.fromkeys(name for case in pair for name in case.examples)
        learned = linear.fit(topic(), Examples(liked=tuple(papers[name] for name in names)), space)
        assert learned
        assert learned.interests
        parts = (replace(learned, interests=()), learned)
        return [judged([keys[place] for place in ranking(part.scores(features))], pair) for part in parts]

    found = [figures([cases[name] for name in pair]) for pair in PAIRS]
    (blurred, worse_blurred), (divided, worse_divided) = np.mean(found, axis=0)
    assert divided > blurred + 0.01
    assert worse_divided > worse_blurred + 0.02


def judged(ranked, pair):
    wanted = frozenset().union(*(case.relevant for case in pair))
    worse = min(len(case.relevant.intersection(ranked[:100])) / min(100, len(case.relevant)) for case in pair)
    return average_precision(np.array([key in wanted for key in ranked])), worse
