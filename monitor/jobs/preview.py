"""What a reader would get, without sending or writing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor import resources
from monitor.app import App
from monitor.digest.select import select
from monitor.jobs.compose import digest_of, gather
from monitor.jobs.draw import draw
from monitor.jobs.match import judge_all
from monitor.jobs.pace import as_judged
from monitor.jobs.shared import Shared
from monitor.render.message import build_message
from monitor.store import digests, papers, verdicts
from monitor.types.ledger import Candidate, NearMiss, Slot, SubscriptionState
from monitor.types.profiles import Profile
from monitor.types.verdicts import Match


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that nobody gets: its drawings, headers and bytes, and how many bytes its page takes on the wire.

    ``problem`` is what is wrong with the operator's templates, if anything; ``made_of`` are the folders of what can be
    edited.
    """

    subject: str
    html: str
    text: str
    headers: str
    size: int
    content: bytes
    problem: str = ""
    made_of: tuple[Path, ...] = ()


def run(app: App, profile: Profile, recipient: str, days: int) -> Draft:
    """Return the digest of the last ``days`` days for one reader, as if none of it had been sent.

    Judged by the profile as it is in its file now, so that an edit can be seen before it counts.
    """
    now = app.clock.now()
    with app.store.read() as session:
        state = digests.subscription(session, profile.id, recipient)
        recent = verdicts.between(session, 0, now - timedelta(days=days))
        judged = judge_all(app, session, as_judged(session, profile), recent)
        found: dict[int, list[Match]] = {}
        for one in judged:
            if one.judgement.stage == "matched":
                found.setdefault(one.verdict.id, []).append(one.match)
        known = papers.by_ids(session, {one.paper_id for one in recent} | {one.of for one in recent if one.of})
        candidates = [
            Candidate(one, known[one.paper_id], tuple(found[one.id]), known.get(one.of or 0))
            for one in recent
            if one.id in found
        ]
        fresh = SubscriptionState(state.id if state else 0, profile.id, recipient, now - timedelta(days=days))
        local_date = now.astimezone(ZoneInfo(profile.schedule.timezone)).date()
        facts = gather(Shared(app), session, profile, fresh, candidates, Slot(local_date))
    near = tuple(
        NearMiss(known[one.verdict.paper_id], one.match.topic, one.match.probability, one.judgement.threshold)
        for one in judged
        if one.falls_short
    )
    unsent = replace(facts, sent={}, near=near)
    digest = digest_of(app, unsent, select(unsent))
    rendered, problem = draw(app, digest)
    message = build_message(digest, rendered, app.sender, message_id_key="preview").content
    return Draft(
        subject=digest.subject,
        html=rendered.html,
        text=rendered.text,
        headers=message.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n"),
        size=len(rendered.bodies[1][1]) if rendered.bodies else 0,
        content=message,
        problem=problem,
        made_of=(app.settings.profiles, app.settings.templates or resources.folder("templates")),
    )
