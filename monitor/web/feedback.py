"""More, less, mute, follow: a page shows what the word would do, and a POST says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.jobs import effect, say
from monitor.jobs.say import RefusedError, Said, UnderNoTopicError
from monitor.store import papers
from monitor.text import fold
from monitor.trends.boilerplate import STOP_WORDS
from monitor.types.feedback import FeedbackKind
from monitor.types.papers import Paper
from monitor.types.profiles import Profile
from monitor.types.readers import Reader
from monitor.web import forms
from monitor.web.forms import FormError
from monitor.web.language import words_for
from monitor.web.limits import place_of
from monitor.web.site import Site, numbers, page, reader_of, site_of
from monitor.words import Words

_LOOKS, _A_MINUTE = 20, 60.0
_WORD = re.compile(r"[^\W\d_][\w-]{3,}")
_MOST_WORDS = 12
_MOST_STANDING = 50


def asking(request: Request) -> Response:
    """Show the paper, and what the word would do to what waits."""
    kind, reader, paper = _of(request)
    return _show(request, kind, reader, paper, request.query_params.get("what", "")[:200])


async def saying(request: Request) -> Response:
    """Say it, or take it back; said twice it stands once."""
    kind, reader, paper = await run_in_threadpool(_of, request)
    form = await forms.read(request)
    return await run_in_threadpool(_say, request, kind, reader, paper, form)


def _of(request: Request) -> tuple[FeedbackKind, Reader, Paper]:
    kind = cast("FeedbackKind", request.url.path.split("/")[1])
    site, named = site_of(request), numbers(request, kind)
    reader = reader_of(request, kind)
    with site.app.store.read() as session:
        known = papers.by_ids(session, set(named[1:2]))
    return kind, reader, site.found(next(iter(known.values()), None))


def _say(request: Request, kind: FeedbackKind, reader: Reader, paper: Paper, form: FormData) -> Response:
    site = site_of(request)
    profile, own = _profile(site, reader), _own(reader)
    try:
        if form.get("action") == "undo":
            undone = forms.text(form, "id", 20)
            if undone.isdecimal() and any(one.feedback.id == int(undone) for one in say.listed(site.app, profile, own)):
                say.take_back(site.app, profile, int(undone))
            return _show(request, kind, reader, paper, "", said=words_for(request)("taken-back"))
        what = forms.text(form, "what", 200) if kind in ("mute", "follow") else paper.key
        if what and not _stands(site, profile, own, kind, what, paper):
            say.run(site.app, profile, kind, what, recipient=own)
    except (FormError, RefusedError, UnderNoTopicError) as error:
        wrong = _wrong(words_for(request), profile, error)
        return _show(request, kind, reader, paper, "", said=wrong, is_wrong=True)
    said = "" if what else words_for(request)("wrong-choice")
    return _show(request, kind, reader, paper, "", said=said, is_wrong=not what, is_done=bool(what))


def _wrong(say: Words, profile: Profile, error: FormError | RefusedError | UnderNoTopicError) -> str:
    if isinstance(error, RefusedError):
        return say(f"refused-{error.kind}", what=repr(error.text), problem=error.problem.said(say))
    return say("refused-topic", name=profile.name) if isinstance(error, UnderNoTopicError) else error.said(say)


def _stands(site: Site, profile: Profile, own: str, kind: FeedbackKind, what: str, paper: Paper) -> bool:
    """Return whether the very word is the last one on its matter already."""
    about = [
        one.feedback
        for one in say.listed(site.app, profile, own)
        if not one.feedback.undone_at and (one.feedback.paper_id == paper.id or fold(one.feedback.text) == fold(what))
    ]
    same = [one for one in about if one.kind in (("more", "less") if kind in ("more", "less") else (kind,))]
    return bool(same) and same[-1].kind == kind


def _show(
    request: Request, kind: FeedbackKind, reader: Reader, paper: Paper, what: str, *, said: str = "",
    is_wrong: bool = False, is_done: bool = False,
) -> Response:  # fmt: skip
    site = site_of(request)
    profile = _profile(site, reader)
    heard: list[Said] = say.listed(site.app, profile, _own(reader))
    return page(
        request, "feedback", status=422 if is_wrong else 200, kind=kind, paper=paper, profile=profile, what=what,
        said=said, is_wrong=is_wrong, is_done=is_done, is_own=reader.is_ours, choices=_choices(kind, paper),
        standing=_standing(heard),
        effect=None if is_done or is_wrong or said else _effect(request, profile, reader, kind, what, paper),
        preferences=site.links.token("preferences", reader.id), headers={"X-Robots-Tag": "noindex"},
    )  # fmt: skip


def _effect(
    request: Request, profile: Profile, reader: Reader, kind: FeedbackKind, what: str, paper: Paper
) -> effect.Effect | None:
    """Return what the word would do, unless it is not chosen yet or too much was asked lately."""
    site, about = site_of(request), paper.id if kind in ("more", "less") else what
    place = place_of(request.client.host if request.client else "")
    if not about or not site.limits.allows("effect", place, _LOOKS, _A_MINUTE):
        return None
    try:
        with site.judging:
            return effect.run(site.app, profile, reader, kind, about)
    except MonitorError:  # a word that cannot be muted is told when it is said
        return None


def _choices(kind: FeedbackKind, paper: Paper) -> list[str]:
    """Return what may be muted or followed: the words of the title, or the authors and where they work."""
    if kind == "follow":
        return [*paper.authors[:30], *paper.institutions[:10]]
    words = {fold(word): word for word in _WORD.findall(paper.title)} if kind == "mute" else {}
    return [word for folded, word in words.items() if folded not in STOP_WORDS][:_MOST_WORDS]


def _standing(heard: Sequence[Said]) -> list[Said]:
    """Return the words that hold, the newest first: of more and less on one paper only the last."""
    found: dict[object, Said] = {}
    for one in reversed(heard):
        said = one.feedback
        about = ("liked", said.paper_id) if said.kind in ("more", "less") else said.id
        if not said.undone_at:
            found.setdefault(about, one)
    return list(found.values())[:_MOST_STANDING]


def _profile(site: Site, reader: Reader) -> Profile:
    return site.found(site.app.profiles.get(reader.profile))


def _own(reader: Reader) -> str:
    """Return whose words count: a subscriber's for themselves, a reader's of the operator's file for the profile."""
    return reader.recipient if reader.is_ours else ""
