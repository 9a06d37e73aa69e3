"""A TL;DR made of the abstract's own sentences: offline, deterministic, never a cut or invented word.

The features are those of Edmundson, "New Methods in Automatic Extracting" (Journal of the ACM, 1969): cue words, words
of the title, and place. To them come figures, which results have, and a penalty for sentences that lean on one that is
not shown. A summary is weighed as a whole: it should say once what was made or found, once what came of it, and speak
of what the title speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from monitor.text import latex_to_text, sentences, words

_PAPER = r"(?:paper|work|article|study|survey|report|review|letter|thesis|research)"
_WHO = rf"\b(?:we|(?:this|the present|our) {_PAPER})\b(?:,? [\w-]+){{0,4}}?,? "
_MADE = (
    r"(?:propos|introduc|present|develop|design|construct|releas|devis|contribut|formulat|creat|unveil|establish|build)"
)
_DID = (
    r"(?:stud[yi]|investigat|explor|show|demonstrat|prov|find|found|argu|analy[zs]|reveal|examin|survey|review|extend)"
)
_CLAIM = re.compile(rf"{_WHO}(?:(?P<made>{_MADE})|{_DID})", re.IGNORECASE)
_PASSIVE = re.compile(rf"\b(?:is|are) {_MADE}\w*ed\b|\bthe {_PAPER} (?:{_MADE}|{_DID})", re.IGNORECASE)
_FIGURE = re.compile(  # a look-behind in the first place would be tried at every letter
    r"[0-9](?<![\w.-][0-9])[0-9]*(?:\.[0-9]+\b|(?:[.,][0-9]+)*\s?(?:%|x\b|×|times\b|points?\b|hours?\b))"
)
_LEANS = re.compile(
    r"(?:however|moreover|furthermore|in addition|additionally|besides|also|yet|but|and|thus|therefore|hence|"
    r"in summary|consequently|as a result|specifically|in particular|concretely|for (?:example|instance)|then|next|"
    r"finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|meanwhile|similarly|conversely|(?:in|by) contrast|"
    r"nevertheless|instead|on the other hand|as such|in turn|accordingly|notably|here|based on (?:this|these)|"
    r"leveraging (?:this|these)|different from (?:them|these|this)|"
    rf"(?:this|these|those|such|it|its|they|their|both|each|the (?:former|latter))\b(?! {_PAPER}))\b|"
    r"\(?(?:\d|[ivx]+|[a-e])\)",
    re.IGNORECASE,
)
_LEANS_A_LITTLE = re.compile(
    r"(?:to (?:this|that) end|(?:motivated|inspired) by (?:this|these)|in this (?:way|setting|context)|"
    r"to (?:address|tackle|overcome|bridge|fill|solve|mitigate|alleviate|resolve|remedy|evaluate|facilitate|assess|"
    r"support|enable|train)\b)",
    re.IGNORECASE,
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RESULTS = _set(
    "outperform outperforms outperformed outperforming surpass surpasses surpassing exceeds exceeding improve improves "
    "improved improving improvement improvements achieve achieves achieved achieving reduce reduces reduced reducing "
    "reduction state-of-the-art sota faster fewer better higher lower accuracy gains gain experiment experiments "
    "results evaluations comparable superior speedup"
)
_BACKGROUND = _set(
    "recent recently become becomes emerged emerging been widely crucial essential important remain remains challenge "
    "challenges challenging struggle struggles suffer suffers lack lacks existing previous prior traditional "
    "conventional typically often despite limited difficult"
)
_PROBLEMS = _set(
    "challenge challenges challenging struggle struggles suffer suffers lack lacks lacking limited limits limitation "
    "limitations difficult hard expensive costly slow prohibitive fail fails failing vulnerable hinder hinders "
    "bottleneck underexplored unexplored unclear uncertain unknown overlook overlooking overlooked neglect "
    "neglecting ignore ignoring inefficient unreliable requires"
)
_NOTICES = _set("http https github github.com available released hope accepted")
_SECONDARY = _set("further also additionally furthermore finally")
_COMMON = _set(
    "a an and are as at be by can for from has have how in into is it its more new not of on or our that the their "
    "this to towards toward under up using via we what when with without than do does"
)
_MOST = 40  # sentences looked at; abstracts have about nine, and threes are weighed
_ROOM = 0.35  # what a sentence must be worth to be shown beside others
_RELIEF = 1.0  # a sentence that tells the problem is no mere background
_SHORTEST = 40  # characters; below it a sentence is a label or a leftover of splitting
_LONG_NAME = 3  # words; what stands before the colon of a title is a name only while it is short


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the title speaks of, and the name that stands before its colon, if any."""

    words: frozenset[str]
    name: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence and what speaks for and against it; ``claim``, ``result`` and ``problem`` are in [0, 1]."""

    place: int
    text: str
    claim: float
    result: float
    problem: float
    title: frozenset[str]
    named: bool
    leans: float
    burden: float


@lru_cache(maxsize=2_048)
def summarize(title: str, abstract: str, *, limit: int = 280) -> str:
    """Return up to three whole sentences of ``abstract``, in its order: the problem, the idea, the result.

    Each has at most ``limit`` characters (the one that says first what was made half as many more), all together
    ``2 * limit``; what adds nothing is left out. The papers of a day are asked about for many readers: the latest
    answers are kept.

    LaTeX with a plain reading is resolved, nothing else is changed; ``abstract`` is clean, as the store keeps it. Where
    no sentence of up to ``limit`` characters says what was made or found, one of up to ``2 * limit`` that does is
    returned alone; where all are longer than ``limit`` and none does, the shortest. When nothing has at most
    ``2 * limit`` characters, or there is no abstract, the summary is ``""``.
    """
    texts = _whole(sentences(latex_to_text(abstract)))[:_MOST]
    subject = _subject(title)
    judged = [_judged(place, len(texts), text, subject) for place, text in enumerate(texts) if len(text) <= 2 * limit]
    main = next((sentence.place for sentence in judged if sentence.claim == 1.0), 0)
    fitting = [
        sentence
        for sentence in judged
        if _SHORTEST <= len(sentence.text) <= (limit if sentence.place != main else 1.5 * limit)
    ]
    if not any(sentence.claim for sentence in fitting):
        fitting += [sentence for sentence in judged if sentence.claim]
    if not fitting:
        return min((sentence.text for sentence in judged), key=len, default="")
    best = max(_choices(fitting, 2 * limit), key=lambda chosen: _worth(chosen, subject, main))
    return " ".join(sentence.text for sentence in best)


def _whole(texts: list[str]) -> list[str]:
    """Return the sentences that nobody cut: one that ends in an ellipsis was, a last one without a full stop may be."""
    kept = [text for text in texts if not text.rstrip("\"”’')]").endswith(("...", "…"))]
    doubtful = len(kept) > 1 and not kept[-1].rstrip("\"”’')]").endswith((".", "!", "?"))
    return kept[:-1] if doubtful else kept


def _subject(title: str) -> _Subject:
    name, colon, _ = title.partition(":")
    named = frozenset(_content(words(name))) if colon and len(name.split()) <= _LONG_NAME else frozenset[str]()
    return _Subject(frozenset(_content(words(title))), named)


def _content(tokens: list[str]) -> list[str]:
    return [token.removesuffix("s") for token in tokens if token not in _COMMON]


def _judged(place: int, count: int, text: str, subject: _Subject) -> _Sentence:
    tokens = words(text)
    bag, content = frozenset(tokens), frozenset(_content(tokens))
    claim = max(_claim(text) - 0.3 * bool(bag & _SECONDARY), 0.0)
    scene = 0.0 if claim else 0.25 * min(len(bag & _BACKGROUND), 3) + 0.3 * (place == 0 and count > 3)
    return _Sentence(
        place=place,
        text=text,
        claim=claim,
        result=0.5 * bool(bag & _RESULTS) + 0.5 * bool(_FIGURE.search(text)),
        problem=0.0 if claim else 0.5 * min(len(bag & _PROBLEMS), 2),
        title=content & subject.words,
        named=bool(content & subject.name),
        leans=(0.5 if claim else 1.0) if _LEANS.match(text) else 0.3 if _LEANS_A_LITTLE.match(text) else 0.0,
        burden=scene + 1.0 * bool(bag & _NOTICES),
    )


def _claim(text: str) -> float:
    found = _CLAIM.search(text)
    if found:
        return 1.0 if found["made"] else 0.8
    return 0.6 if _PASSIVE.search(text) else 0.0


def _choices(candidates: list[_Sentence], limit: int) -> Iterator[tuple[_Sentence, ...]]:
    """Yield all summaries to choose from, shorter and earlier ones first: they win when nothing else decides."""
    yield from ((sentence,) for sentence in candidates)
    for number in (2, 3):
        for chosen in combinations(candidates, number):
            if sum(len(sentence.text) + 1 for sentence in chosen) <= limit + 1:
                yield chosen


def _worth(chosen: tuple[_Sentence, ...], subject: _Subject, main: int) -> float:
    idea = max(chosen, key=lambda sentence: sentence.claim)  # the first of several
    before = [sentence for sentence in chosen if sentence.place < idea.place]
    after = [sentence for sentence in chosen if sentence.place > idea.place]
    shown = {sentence.place for sentence in chosen}  # what leans on a sentence that is shown stands well
    leaning = sum(sentence.leans for sentence in chosen if sentence.place - 1 not in shown)
    burden = sum(sentence.burden for sentence in chosen) - _RELIEF * sum(min(one.burden, one.problem) for one in before)
    return (
        2.0 * idea.claim
        + 0.8 * max(sentence.result for sentence in (idea, *after))
        + 1.0 * max((sentence.problem for sentence in before), default=0.0)
        + 2.0 * len(frozenset[str]().union(*(sentence.title for sentence in chosen))) / max(len(subject.words), 1)
        + 0.5 * any(sentence.named for sentence in chosen)
        - 0.8 * leaning
        + 0.3 * (main in shown)
        - burden
        - _ROOM * len(chosen)
        - 0.6 * sum(one.claim for one in chosen if one is not idea and not one.result)
        - 0.5 * sum(not one.problem for one in before)  # it sets the scene, and takes room
    )
