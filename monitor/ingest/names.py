"""Names of people as sources print them: one at a time or a whole list in one string, in either order."""

from __future__ import annotations

import re

_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?D|M\.?Sc|Dr)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}")
_GROUP = re.compile(r"\s*[;；、，]\s*|,?\s+and\s+|\s+&\s+", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[A-Z]\.)(?=[A-Z][a-z])")
_SUFFIXED = r"(?:, (?:Jr|Sr|II|III|IV)\.?)?"
_FAMILY_FIRST = re.compile(
    rf"(?:(?:[a-z'’]{{1,5}} ){{0,3}}[^\s,.]+{_SUFFIXED}, [^,]+|[^\W\d_]{{3,}}(?: [^\W\d_]{{3,}})+, [^\s,]+){_SUFFIXED}"
)
"""``van der Berg, J. A.``, or two names and one: ``García Márquez, Gabriel``."""
_ORGANISATION = re.compile(
    r"\b(?:team|group|consortium|collaboration|labs?|laborator\w+|universit\w+|institut\w*|inc|ai|research|project)\b",
    re.IGNORECASE,
)


def split_list(text: str) -> tuple[str, ...]:
    """Return the names in what a source gives as one name: ``A. Bee, C. Dee and E. Eff`` are three.

    ``Bee, Ada; Dee, Carl`` and ``Bee, A., Dee, C.`` are two, ``Bee A.Dee C. F.`` as well, and ``Bee, Ada`` is one. What
    names an organisation stays whole.
    """
    if _ORGANISATION.search(text):
        return (text,)
    glued = _GLUED.split(text)
    if len(glued) > 1 and all(re.match(r"[^\W\d_]{2}", name) for name in glued):
        return tuple(glued)
    groups = [group.strip(" ,") for group in _GROUP.split(text) if group.strip(" ,")]
    if all(_FAMILY_FIRST.fullmatch(group) for group in groups):
        return tuple(groups)
    return tuple(name for group in groups for name in _by_commas(group))


def in_order(name: str) -> str:
    """Return a name as it is said: ``Berg, J. van der`` and ``van der Berg, J.`` are both ``J. van der Berg``.

    ``Davis, Sammy, Jr.`` is ``Sammy Davis Jr.``; degrees are dropped; what names an organisation stays as it is.
    """
    if "," not in name:
        return name
    parts = [part for piece in name.split(",") if (part := piece.strip()) and not _DEGREE.fullmatch(part)]
    suffix = next((part for part in parts[1:] if _SUFFIX.fullmatch(part)), "")
    plain = [part for part in parts if part != suffix]
    if len(plain) > 2 or _ORGANISATION.search(name):
        return name
    return " ".join([*reversed(plain), suffix]).strip()


def _by_commas(group: str) -> list[str]:
    pieces = [piece.strip() for piece in group.split(",") if piece.strip()]
    if len(pieces) % 2 == 0 and all(_INITIALS.fullmatch(given) for given in pieces[1::2]):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    names: list[str] = []
    for piece in pieces:
        if names and (_SUFFIX.fullmatch(piece) or _DEGREE.fullmatch(piece)):
            names[-1] = f"{names[-1]}, {piece}"
        else:
            names.append(piece)
    return names
