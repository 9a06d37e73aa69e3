"""A paper's way on the log: a line for each thing that was decided about it, under the paper's own name.

The lines are at DEBUG, one a paper, and are made only when somebody reads them: ten thousand profiles have too many.
Each carries ids beside its words, which both forms of the log print: ``paper`` is the paper's key, ``batch`` the
source and its day, ``profile``, ``digest`` the number of a digest and ``mail`` the Message-ID that a mail server
logs too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.store import mails, papers
from monitor.store.engine import Session
from monitor.store.matches import Judged
from monitor.text import one_line
from monitor.types.ledger import Placement, Settlement
from monitor.types.verdicts import Verdict

log = logging.getLogger(__name__)

_Line = tuple[int, str, Mapping[str, object]]
"""The id of a paper, what was decided about it, and further ids."""
_STAGES = {"matched": "matches", "below": "falls short of", "muted": "is muted in"}


def ids(**named: object) -> dict[str, Any]:
    """Return what a call of the log takes as ``extra`` so that its line carries ids."""
    return {"ids": {name: value for name, value in named.items() if value}}


def listed(session: Session, found: Sequence[Verdict]) -> None:
    """Log what a listing says of papers: new here, revised, or seen again."""
    _tell(session, ((one.paper_id, f"listed: {one.kind}, {one.arrival}", _batch(one)) for one in found))


def compared(session: Session, found: Sequence[Verdict]) -> None:
    """Log what papers are beside all that came before them."""
    _tell(session, _compared(session, found))


def matched(session: Session, found: Iterable[tuple[str, Judged]]) -> None:
    """Log which papers the topics of profiles keep, and which they nearly do."""
    _tell(session, ((one.match.paper_id, _said(one), {"profile": profile}) for profile, one in found))


def placed(session: Session, digest: Mapping[str, object], where: Iterable[Placement], waiting: Iterable[int]) -> None:
    """Log where papers went for a subscription; ``digest`` are the ids of its digest."""
    _tell(session, _placed(digest, where, waiting))


def settled(session: Session, settlements: Sequence[Settlement]) -> None:
    """Log what became of mails, for each paper in them."""
    _tell(session, _settled(session, settlements))


def _tell(session: Session, lines: Iterable[_Line]) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    some = list(lines)
    known = papers.by_ids(session, {paper_id for paper_id, _, _ in some})
    for paper_id, what, further in some:
        if paper := known.get(paper_id):
            log.debug("%s: %s", what, one_line(paper.title, 100), extra=ids(paper=paper.key, **further))


def _batch(verdict: Verdict) -> dict[str, object]:
    return {"batch": f"{verdict.source}/{verdict.listed_on}"}


def _compared(session: Session, found: Sequence[Verdict]) -> Iterator[_Line]:
    others = papers.by_ids(session, {one.of for one in found if one.of})
    for one in found:
        of = f" of {others[one.of].key} ({one.evidence})" if one.of in others else ""
        story = "" if one.first_story is None else f", first story {one.first_story:.2f}"
        yield one.paper_id, f"compared: {one.kind}{of}, {one.arrival}{story}", _batch(one)


def _said(one: Judged) -> str:
    said = one.judgement
    stage = _STAGES["muted" if said.muted_by else said.stage]
    muted = f" by {said.muted_by!r}" if said.muted_by else ""
    return f"{stage} {said.match.topic}{muted} with {said.match.probability:.2f}, threshold {said.threshold:.2f}"


def _placed(digest: Mapping[str, object], where: Iterable[Placement], waiting: Iterable[int]) -> Iterator[_Line]:
    for one in where:
        yield one.paper_id, "in the digest" if one.reason == "sent" else f"left out: {one.reason}", digest
    for paper_id in waiting:
        yield paper_id, "waits for the next digest", digest


def _settled(session: Session, settlements: Sequence[Settlement]) -> Iterator[_Line]:
    held = mails.papers_in(session, [one.claim.outbox_id for one in settlements])
    for one in settlements:
        answer = f"{one.code} {one.text}".strip()
        what = one_line(f"mail {one.state} to {one.claim.envelope.recipient} ({answer})", 300)
        for digest, paper_id in held.get(one.claim.outbox_id, ()):
            yield paper_id, what, {"digest": digest, "mail": one.claim.envelope.message_id}
