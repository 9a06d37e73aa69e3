"""How other programs rank papers, rebuilt to be measured on the same cases as ours.

Each recipe is made once over a corpus (its features are shared work, not counted as fitting), is fitted to a case and
ranks candidates; it has no probability and no threshold, so nothing is said of what it would send.

``svm``: arxiv-sanity-lite, with its own features and parameters; every paper that is not an example counts as
    negative, those to be judged included, as it does.
``centroid``: zotero-arxiv-daily, the mean similarity to the examples, newer ones weighing more, on TF-IDF.
``logistic``: Scholar Inbox, a regression against a cache of random papers, on TF-IDF.
``bm25``: the description as a search (Robertson and Zaragoza 2009, k1 1.2, b .75).
``rrf``: as daily-paper-reader, that search joined with one by LSA (reciprocal rank fusion, k 60: Cormack et al. 2009).

All but ``svm`` count words and pairs of words, those of a title three times, over the papers known at the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils.extmath import randomized_svd

from monitor.errors import MonitorError
from monitor.evaluate.cases import Case, day_of
from monitor.types.papers import Paper

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Scorer = Callable[[Places], Numbers]

_SMALL = 1_000
"""In fewer papers no word is too rare or too common: the recipes' limits, made for thousands, would leave nothing."""
_LITE: dict[str, Any] = {"max_features": 20_000, "min_df": 5, "max_df": 0.1}
_WORDS: dict[str, Any] = {"max_features": 150_000, "min_df": 4, "max_df": 0.3}
_TITLE_WEIGHT = 3
_K1, _B = 1.2, 0.75
_AXES, _AXES_PAPERS = 256, 25_000
_CACHE = 4_000
_VOTED = 0.9
_FUSION = 60
_SEED = 20_261_121


class Rival(Protocol):
    """One recipe over one corpus."""

    def fit(self, case: Case) -> Scorer | None:
        """Return what scores the corpus's papers by place for this case, or ``None`` if the recipe cannot do it."""
        ...


class Rows:
    """One row a paper. Rows taken out are kept for the next case, which mostly asks for the same."""

    def __init__(self, matrix: Any) -> None:
        self.matrix = matrix
        self._places, self._taken = b"", matrix[:0]

    def at(self, places: Places) -> Any:
        """Return the rows of some papers."""
        if places.tobytes() != self._places:
            self._places, self._taken = places.tobytes(), self.matrix[places]
        return self._taken


class Corpus:
    """All papers of a folder, those that were known at the time first; ``known`` is how many."""

    def __init__(self, known: Sequence[Paper], coming: Sequence[Paper]) -> None:
        self.papers = (*known, *coming)
        self.known = len(known)
        self._places = {paper.key: place for place, paper in enumerate(self.papers)}

    def places(self, names: Sequence[str]) -> Places:
        """Return where the papers of these ids stand."""
        return np.array([self._places[name] for name in names], np.intp)

    def asked(self, about: str) -> Any:
        """Return a description as one row that counts each known term once."""
        return self._vectorizer.transform([about]).sign()

    @cached_property
    def tfidf(self) -> Rows:
        """The weights of all papers' terms: 1 + log tf, smooth idf, unit length."""
        return Rows(self._weights.transform(self._counts))

    @cached_property
    def bm25(self) -> Rows:
        """What each term of a paper is worth to a search."""
        counts, known = self._counts, self._counts[: self.known]
        found = np.bincount(known.indices, minlength=counts.shape[1])
        rarity = np.log1p((self.known - found + 0.5) / (found + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        norms = _K1 * (1 - _B + _B * lengths / max(1.0, lengths[: self.known].mean()))
        often = counts.data
        saturated = often * (_K1 + 1) / (often + np.repeat(norms, np.diff(counts.indptr)))
        weights = saturated * rarity[counts.indices]
        return Rows(sparse.csr_matrix((weights.astype(np.float32), counts.indices, counts.indptr), counts.shape))

    @cached_property
    def axes(self) -> Rows:
        """Where all papers lie on the main axes of the TF-IDF rows."""
        return Rows(_unit(self.tfidf.matrix @ self._projection))

    def on_axes(self, asked: Any) -> Any:
        """Return where a description lies on them."""
        return _unit(self._weights.transform(asked) @ self._projection)

    @cached_property
    def _vectorizer(self) -> Any:
        plain = CountVectorizer(ngram_range=(1, 2), stop_words="english").build_analyzer()

        def read(text: Paper | str) -> list[str]:
            title, abstract = ("", text) if isinstance(text, str) else (text.title, text.abstract)
            return [*plain(title) * _TITLE_WEIGHT, *plain(abstract)]

        return CountVectorizer(analyzer=read, dtype=np.float32, **_limits(_WORDS, self.known))

    @cached_property
    def _counts(self) -> Any:
        known = fitted(self._vectorizer, self.papers[: self.known])
        coming = self.papers[self.known :]
        return sparse.vstack([known, self._vectorizer.transform(coming)], "csr") if coming else known

    @cached_property
    def _weights(self) -> Any:
        return TfidfTransformer(sublinear_tf=True).fit(self._counts[: self.known])

    @cached_property
    def _projection(self) -> Any:
        places = np.random.default_rng(_SEED).permutation(self.known)[:_AXES_PAPERS]
        rows = self.tfidf.matrix[places]
        return randomized_svd(rows, min(_AXES, *rows.shape), random_state=_SEED)[2].T.astype(np.float32)


class Svm:
    """See the module: arxiv-sanity-lite."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        reader = TfidfVectorizer(
            strip_accents="unicode",
            stop_words="english",
            token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",  # noqa: S106  # a pattern of words
            ngram_range=(1, 2),
            sublinear_tf=True,
            dtype=np.float32,
            **_limits(_LITE, len(corpus.papers)),
        )
        texts = [f"{paper.title} {paper.abstract} {' '.join(paper.authors)}" for paper in corpus.papers]
        self._rows = Rows(fitted(reader, texts))

    def fit(self, case: Case) -> Scorer | None:
        """Return the signed distance from the plane that parts the examples from all other papers."""
        labels = np.zeros(len(self._corpus.papers), np.int8)
        labels[self._corpus.places(case.examples)] = 1
        if labels.min() == labels.max():
            return None
        plane = LinearSVC(C=0.01, class_weight="balanced", dual=True, tol=1e-6, max_iter=10_000, random_state=_SEED)
        plane.fit(self._rows.matrix, labels)
        return lambda places: np.asarray(plane.decision_function(self._rows.at(places)))


class Centroid:
    """See the module: zotero-arxiv-daily."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._rows = corpus, corpus.tfidf

    def fit(self, case: Case) -> Scorer | None:
        """Return the mean similarity to the examples, each weighed by how many are newer."""
        places = self._corpus.places(case.examples)
        if not len(places):
            return None
        newest = sorted(places, key=lambda place: day_of(self._corpus.papers[place]), reverse=True)
        weights = 1 / (1 + np.log10(np.arange(1, len(newest) + 1)))
        mean = np.asarray(self._rows.matrix[newest].T @ (weights / weights.sum()))
        return lambda places: np.asarray(self._rows.at(places) @ mean)


class Logistic:
    """See the module: Scholar Inbox."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._rows = corpus, corpus.tfidf

    def fit(self, case: Case) -> Scorer | None:
        """Return the log-odds of a regression in which examples weigh as much as all else, and votes .9 of that."""
        liked, unliked = self._corpus.places(case.examples), self._corpus.places(case.negatives)
        drawn = np.random.default_rng(_SEED).permutation(self._corpus.known)
        cache = drawn[~np.isin(drawn, [*liked, *unliked])][:_CACHE]
        if not len(liked) or not len(cache):
            return None
        voted = _VOTED if len(unliked) else 0.0
        shares = ((liked, 1.0), (unliked, voted), (cache, 1 - voted))
        weights = np.concatenate([np.full(len(places), share / max(1, len(places))) for places, share in shares])
        chosen = np.concatenate([liked, unliked, cache])
        learned = LogisticRegression(C=0.4, max_iter=1_000)
        learned.fit(self._rows.matrix[chosen], np.arange(len(chosen)) < len(liked), weights * len(chosen) / 2)
        return lambda places: np.asarray(learned.decision_function(self._rows.at(places)))


class Bm25:
    """See the module: the description as a search."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._rows = corpus, corpus.bm25

    def fit(self, case: Case) -> Scorer | None:
        """Return what the terms of the description are worth in each paper."""
        asked = self._corpus.asked(case.topic.about)
        if not asked.nnz:
            return None
        row = asked.toarray().ravel()
        return lambda places: np.asarray(self._rows.at(places) @ row)


class Fused:
    """See the module: two searches for the description, joined by rank."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._rows, self._words = corpus, corpus.axes, Bm25(corpus)

    def fit(self, case: Case) -> Scorer | None:
        """Return the sum of the reciprocal ranks among the candidates."""
        by_words = self._words.fit(case)
        if by_words is None:
            return None
        direction = self._corpus.on_axes(self._corpus.asked(case.topic.about))[0]
        return lambda places: fused(by_words(places), self._rows.at(places) @ direction)


RIVALS: dict[str, Callable[[Corpus], Rival]] = {
    "svm": Svm,
    "centroid": Centroid,
    "logistic": Logistic,
    "bm25": Bm25,
    "rrf": Fused,
}


def fused(*scores: Numbers) -> Numbers:
    """Return the reciprocal rank fusion of several scores of the same papers."""
    ranks = (np.argsort(np.argsort(-one, kind="stable"), kind="stable") + 1 for one in scores)
    return np.asarray(sum(1 / (_FUSION + rank) for rank in ranks))


def fitted(reader: Any, papers: Sequence[Paper | str]) -> Any:
    """Return the rows of ``papers``, from which ``reader`` learns its words. Raises MonitorError if there are none."""
    try:
        return reader.fit_transform(papers)
    except ValueError as error:
        raise MonitorError(f"the rivals' recipes cannot read these papers: {error}") from error


def _limits(limits: dict[str, Any], papers: int) -> dict[str, Any]:
    return limits if papers >= _SMALL else limits | {"min_df": 1, "max_df": 1.0}


def _unit(rows: Any) -> Any:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
