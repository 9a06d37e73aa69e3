"""In which language a text is: as declared, else by its script and its small words, else left open."""

from __future__ import annotations

import re

_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8}){0,4})")
_SAMPLE = 400
_WORDS = 60
_LEAST_WORDS = 3
_LATIN = {
    "en": "the and with that this for which from our are by these of to we on as be an it is",
    "de": "der die das und mit wir eine ist für auf von zur werden nicht",
    "fr": "le les des et une nous dans pour est par sur qui avec cette",
    "es": "el los las y una en para con por este que se como",
    "pt": "os uma e para com por dos das não este são em que",
    "it": "il gli della e una per con che nel questo sono di",
    "nl": "het een en van voor met wij zijn deze niet worden dat",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _LATIN.items()}
_SCRIPTS = (  # the first that a fifth of the letters, or for kana a twentieth, are written in
    ("ja", 0.05, re.compile(r"[\u3041-\u30ff]")),
    ("ko", 0.2, re.compile(r"[\uac00-\ud7af]")),
    ("zh", 0.2, re.compile(r"[\u4e00-\u9fff]")),
    ("uk", 0.02, re.compile(r"[іїєґ]")),
    ("ru", 0.2, re.compile(r"[\u0400-\u04ff]")),
    ("el", 0.2, re.compile(r"[\u0370-\u03ff]")),
    ("fa", 0.02, re.compile(r"[پچژگ]")),
    ("ar", 0.2, re.compile(r"[\u0600-\u06ff]")),
    ("he", 0.2, re.compile(r"[\u0590-\u05ff]")),
    ("hi", 0.2, re.compile(r"[\u0900-\u097f]")),
    ("th", 0.2, re.compile(r"[\u0e00-\u0e7f]")),
)


def language_of(text: str, declared: str = "") -> str:
    """Return the BCP 47 tag of ``text``: ``declared`` where it is one and the script allows it, else a guess or ``""``.

    Only the beginning is looked at. A feed that declares English for all its items does not make a Japanese one so.
    """
    tag, script = _valid(declared), _by_script(text[:_SAMPLE])
    if tag and (not script or tag.startswith(script)):
        return tag
    return script or _by_small_words(text)


def _valid(declared: str) -> str:
    found = _TAG.fullmatch(declared.strip().replace("_", "-"))
    return found[1].lower() + found[2] if found else ""


def _by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = max(1, sum(char.isalpha() for char in text))
    return next((name for name, least, script in _SCRIPTS if len(script.findall(text)) > least * letters), "")


def _by_small_words(text: str) -> str:
    words = set(text[: _WORDS * 8].lower().split())
    if len(_SMALL_WORDS["en"].intersection(words)) >= 2 * _LEAST_WORDS:
        return "en"  # nearly all texts: the other languages need not be looked at
    counts = sorted(((len(small.intersection(words)), name) for name, small in _SMALL_WORDS.items()), reverse=True)
    (most, name), (second, _) = counts[0], counts[1]
    return name if most >= _LEAST_WORDS and most >= 2 * second else ""
