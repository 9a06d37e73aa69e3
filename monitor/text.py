"""Text, made safe and made comparable.

Two families: ``clean``, ``one_line``, ``latex_to_text`` and ``shorten`` make hostile text fit to be shown;
``fold``, ``words``, ``shingles`` and ``fingerprint`` make two prints of one text equal.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Literal

_MAX_COMBINING = 3
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\n -~]*")
_COMMON_SPACES = str.maketrans("\t\xa0\u2009\u202f", "    ")
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT_FORMATS = frozenset({"\u200c", "\u200d"})  # joiners carry meaning in Persian, Indic scripts and emoji


def clean(text: str) -> str:
    """Return ``text`` in NFC without control, bidi, zero-width, private and unassigned characters.

    New lines stay, other white space becomes a blank, and no letter keeps more than three combining marks.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_COMMON_SPACES)
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", text)
        if _needs_care(text):
            text = unicodedata.normalize("NFC", _without_unsafe(text))  # nothing is left between a letter and its mark
    return _BLANK_LINES.sub("\n\n", text).strip()


def _needs_care(text: str) -> bool:
    """Whether ``text`` holds anything but letters, digits, punctuation, symbols, blanks and new lines."""
    return any(unicodedata.category(char)[0] in "CMZ" for char in set(text).difference(" \n"))


def _without_unsafe(text: str) -> str:
    out: list[str] = []
    marks = 0
    for char in text:
        if char == "\n":
            out.append(char)
            continue
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            if marks > _MAX_COMBINING:
                continue
        else:
            marks = 0
        if category[0] == "Z" or char == "\t":
            out.append(" ")
        elif category not in _UNSAFE_CATEGORIES or (char in _KEPT_FORMATS and out and out[-1] not in " \n"):
            out.append(char)
    return "".join(out)


def is_flat(text: str) -> bool:
    """Whether ``text`` is one line of single-spaced printable ASCII, as nine in ten are: it stays as it is."""
    return text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]


def one_line(text: str, limit: int = 500) -> str:
    """Return ``text`` cleaned, on one line of at most ``limit`` characters: fit for a header, a log or a title."""
    return _short_line(text, limit) if len(text) <= _SHORT else _line(text, limit)


def _line(text: str, limit: int) -> str:
    return shorten(_SPACES.sub(" ", clean(text)).strip(), limit)


_SHORT = 200
_short_line = lru_cache(maxsize=2048)(_line)  # the mails of a day have many lines in common


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut at a blank to at most ``limit`` characters, an ellipsis included, never inside a grapheme."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    blank = cut.rfind(" ")
    if blank > limit // 2:
        return cut[:blank].rstrip(" ,;:.-") + "…"
    while cut and _continues_grapheme(text[len(cut)], cut[-1]):
        cut = cut[:-1]
    return cut.rstrip() + "…"


def _continues_grapheme(following: str, last: str) -> bool:
    return (
        last == "\u200d"
        or following == "\u200d"
        or unicodedata.category(following)[0] == "M"
        or "\U0001f3fb" <= following <= "\U0001f3ff"  # skin tones
        or ("\U0001f1e6" <= following <= "\U0001f1ff" and "\U0001f1e6" <= last <= "\U0001f1ff")  # flags
    )


# --- LaTeX ---------------------------------------------------------------------------------------------------------

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ",
}  # fmt: skip
_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "pm": "±", "times": "×", "cdot": "·", "leq": "≤", "le": "≤", "geq": "≥",
    "ge": "≥", "neq": "≠", "approx": "≈", "sim": "~", "infty": "∞", "to": "→", "rightarrow": "→", "in": "∈",
    "ldots": "…", "dots": "…", "textendash": "–", "textemdash": "—", "S": "§", "textgreater": ">", "textless": "<",
}  # fmt: skip
_STYLES = (
    "textbf|textit|textsc|textsf|texttt|textrm|text|emph|mathbf|mathcal|mathbb|mathrm|mathit|mathsf|mathfrak|"
    "operatorname|boldsymbol|bm|underline|mbox|it|em|bf|tt|sc|sf|rm|small|xspace|url|left|right|displaystyle"
)
_ACCENT = re.compile(
    r"""\\(?:([`'^"~=.])|([uvHrdck])(?=[\s{]))\s*(?:\{\s*(\\?[A-Za-z])\s*\}|(\\[ij](?![A-Za-z])|[A-Za-z]))"""
)
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])(?:\{\}|\s+(?=[a-z]))?")
_STYLE = re.compile(rf"\\(?:{_STYLES})(?![A-Za-z])\*?\s*")
_SYMBOL = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])")
_SYMBOL_GAP = re.compile(r"(\\[A-Za-z]+)\{\}")
_ESCAPED = re.compile(r"\\([%&_#${}])")
_MATH = re.compile(r"\$\$?([^$\n]{1,300}?)\$\$?")
_TIE = re.compile(r"(?<=[\w.)])~(?=[\w(\[\\])")
# Not {{ doubled }} ones: a template's words are shown as they stand.
_GROUP = re.compile(r"(?<![\^_\w\\{])\{([^{}\s][^{}]*)\}(?!\})|(?<=[A-Za-z])\{([^{}]{0,40})\}(?!\})")
_LINE_BREAK = re.compile(r"\\\\(?=\s|$)|\\(?=\s)")


def latex_to_text(text: str) -> str:
    r"""Return ``text`` with the LaTeX that has a plain reading turned into Unicode; the rest stays as it is.

    ``Fr\'echet`` becomes ``Fréchet``, ``0.5\% bits`` becomes ``0.5% bits``, ``{\em a network}`` becomes
    ``a network``, ``$\alpha$`` becomes ``α``; ``R^{C-1}`` and prices in dollars are left alone.
    """
    if not any(char in text for char in "\\{$~`"):
        return text
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _MATH.sub(_mathematics, text)
    text = _STYLE.sub("", text)
    text = _SYMBOL_GAP.sub(r"\1", text)
    text = _SYMBOL.sub(lambda found: _SYMBOLS.get(found[1], found[0]), text)
    for _ in range(3 if "{" in text else 0):  # groups nest, hardly ever deeper; to look for none is dear
        text = _GROUP.sub(lambda found: found[1] if found[1] is not None else found[2], text)
    text = _LINE_BREAK.sub(" ", text)
    text = _ESCAPED.sub(r"\1", text)
    text = _TIE.sub(" ", text) if "~" in text else text
    return text.replace("``", "“").replace("''", "”") if "``" in text else text


def _accented(found: re.Match[str]) -> str:
    letter = (found[3] or found[4]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[found[1] or found[2]])


def _mathematics(found: re.Match[str]) -> str:
    inner = found[1]
    looks_like_money = inner[:1].isdigit() and (inner.endswith(" ") or " " in inner.strip())
    return found[0] if looks_like_money and "\\" not in inner else inner


# --- comparing -----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*[+#]*", re.ASCII)
_UNICODE_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*[+#]*")
_COMMAND = re.compile(r"\\[A-Za-z]+|\\")
_MARKS = str.maketrans(dict.fromkeys("{}$~^_", " "))
_FOLDED_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_FOLDED_WORD = re.compile(r"\w+")
_ORCID = re.compile(
    r"(?:(?:https?://)?orcid\.org/|orcid:\s*)?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx])", re.ASCII | re.IGNORECASE
)
_OPENREVIEW = re.compile(r"~[^\W\d_][\w.'’-]{0,98}\d")
_MOST_COMPARED = 2_000
"""Words of a text that are still compared one by one: the work grows with their square."""
_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[]*[A-Z0-9])|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]+[\s,])"  # a lost blank
)
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|Fig|Figs|Eq|Eqs|Sec|Tab|Dr|Prof|resp|cf|approx|[Nn]o|pp|[Vv]ol|Phys|Rev|Lett|Proc|"
    r"w\.r\.t|a\.k\.a)|\b[A-Z])\.$"
)


def counted(number: int, what: str) -> str:
    """Return a number of things in English: ``1 paper``, ``2 papers``, ``2 matches``, ``2 entries``, ``2 days``."""
    if number == 1:
        return f"1 {what}"
    if what.endswith("y") and what[-2] not in "aeiou":
        return f"{number:,} {what[:-1]}ies"
    return f"{number:,} {what}{'es' if what.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return ``text`` as it is compared: LaTeX resolved, accents and case dropped, punctuation to single blanks."""
    plain = latex_to_text(text)
    if "\\" in plain:
        plain = _COMMAND.sub(" ", plain)
    if plain.isascii():  # the same at a third of the price
        return " ".join(plain.translate(_FOLDED_ASCII).split())
    decomposed = unicodedata.normalize("NFKD", plain.translate(_MARKS))
    marks = {ord(char): None for char in set(decomposed) if unicodedata.category(char)[0] == "M"}
    bare = decomposed.translate(marks) if marks else decomposed
    return " ".join(_FOLDED_WORD.findall(bare.casefold()))


def author_id(text: str) -> str:
    """Return an ORCID as ``0000-0002-1825-0097`` or an OpenReview id as ``~Ada_Bee1``; empty for anything else.

    An ORCID may stand in its address. Its last digit must check the others (ISO 7064, mod 11-2).
    """
    text = text.strip()
    if _OPENREVIEW.fullmatch(text):
        return text
    found = _ORCID.fullmatch(text)
    if not found:
        return ""
    digits = found[1].replace("-", "").upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    fits = "0123456789X"[(12 - total % 11) % 11] == digits[-1]
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4)) if fits else ""


def words(text: str) -> list[str]:
    """Return the words of ``text``, lower-case, hyphenated ones whole (``t-sne``, ``c++``, ``k-nn``), in order."""
    lowered = latex_to_text(text).casefold()
    return (_WORD if lowered.isascii() else _UNICODE_WORD).findall(lowered)


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``, whole; abbreviations such as ``e.g.`` and ``et al.`` do not end one."""
    parts: list[str] = []
    for piece in _SENTENCE_END.split(_SPACES.sub(" ", text).strip()):
        if parts and _NO_END.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {piece}"
        elif piece:
            parts.append(piece)
    return parts


def shingles(text: str, size: int = 3) -> frozenset[tuple[str, ...]]:
    """Return the runs of ``size`` folded words in ``text`` (Broder 1997); shorter texts are one shingle."""
    tokens = fold(text).split()
    if len(tokens) <= size:
        return frozenset({tuple(tokens)} if tokens else ())
    return frozenset(tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1))


def fingerprint(title: str, abstract: str) -> str:
    """Return 32 hex digits that are equal for two prints of one text, however they are spaced, cased or accented."""
    return hashlib.blake2b(f"{fold(title)}\n{fold(abstract)}".encode(), digest_size=16).hexdigest()


def word_edits(old: str, new: str) -> tuple[tuple[Literal["same", "added", "removed"], str], ...]:
    """Return how ``old`` becomes ``new``: runs of kept, removed and added words, each ending in a blank.

    The kept and added runs together are ``new``. The alignment is the longest matching blocks (Ratcliff and Obershelp
    1988).
    """
    import difflib

    before, after = old.split(), new.split()
    if max(len(before), len(after)) > _MOST_COMPARED:
        return ("removed", _run(before)), ("added", _run(after))
    runs: list[tuple[Literal["same", "added", "removed"], str]] = []
    for operation, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            runs.append(("same", _run(after[k:m])))
            continue
        if j > i:
            runs.append(("removed", _run(before[i:j])))
        if m > k:
            runs.append(("added", _run(after[k:m])))
    return tuple(runs)


def _run(some: list[str]) -> str:
    return " ".join(some) + " "
