"""Topics, fitted to the papers of the store: what the jobs that judge have in common.

What judges is imported when there is something to judge: numpy and all that needs it is a sixth of an idle daemon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.app import App, SpaceCache
from monitor.jobs.examples import examples_of
from monitor.store import papers
from monitor.store.engine import Session
from monitor.types.profiles import Profile, Topic
from monitor.types.verdicts import Verdict

if TYPE_CHECKING:
    from monitor.matchers.fusion import Space, TopicJudge

_DRAWER = "fitted"
SMALL = 2_000
"""Up to this many papers, each one counts at once."""


def space_of(app: App, session: Session) -> Space:
    """Return the space of the store's present generation, built now unless ``prepare`` has made it beforehand.

    A generation is a number of papers, each a tenth larger than the one before, so that what a paper is
    compared with depends on the store alone and not on when a program was started.
    """
    from monitor.matchers.drawer import Drawer
    from monitor.matchers.shelf import Shelf

    through = generation(papers.last_id(session))
    if app.compared.space is None or app.compared.through != through:
        coming = app.compared.coming
        space = coming[1] if coming and coming[0] == through else _space(app, session, through)
        shelf = Shelf(Drawer(app.settings.state / _DRAWER, space))
        app.compared = SpaceCache(space, through, shelf)
        return space
    return app.compared.space


def prepare(app: App) -> bool:
    """Build the space of the next generation while the present one is at work; returns whether there was need to.

    The store holds all its papers some time before it counts: it is ready when it is wanted.
    """
    with app.store.read() as session:
        through = generation(papers.last_id(session), ahead=True)
        coming = app.compared.coming
        if through <= SMALL or through in (app.compared.through, coming[0] if coming else None):
            return False
        space = _space(app, session, through)
    app.compared.coming = through, space
    return True


def _space(app: App, session: Session, through: int) -> Space:
    from monitor.matchers.fusion import build_space
    from monitor.matchers.space import MOST_PAPERS

    space = build_space(papers.up_to(session, through, MOST_PAPERS))
    space.encoder = app.encoder
    return space


def generation(last_id: int, *, ahead: bool = False) -> int:
    """Return the highest paper id that shapes the space while ``last_id`` is the newest: all of a small store.

    A larger store's next generation counts from 3 % beyond its last paper on, and ``ahead`` of that for those who
    make it ready.
    """
    through = SMALL
    if last_id <= through:
        return last_id
    while through * 11 // 10 * (100 if ahead else 103) <= last_id * 100:
        through = through * 11 // 10
    return through


def judge_of(app: App, session: Session, topic: Topic) -> TopicJudge:
    """Return the judge of a topic, with its examples found in the store: fitted once for each change of either."""
    from monitor.matchers.fusion import fit_topic

    space, examples = space_of(app, session), examples_of(session, topic)
    assert app.compared.shelf is not None
    return app.compared.shelf.get(topic, examples, lambda known: fit_topic(topic, examples, space, known))


def let_go(app: App) -> None:
    """Forget most of the papers that were read for the topics of a round that is over."""
    if app.compared.space:
        app.compared.space.let_go()


def best_probabilities(app: App, session: Session, profile: Profile, batch: Sequence[Verdict]) -> list[float]:
    """Return the highest probability that any topic gives each paper of ``batch``; 0 for what a topic keeps out."""
    known = papers.by_ids(session, {verdict.paper_id for verdict in batch})
    listed = [known[verdict.paper_id] for verdict in batch if verdict.paper_id in known]
    chances = [judge_of(app, session, topic).decide(listed).chances() for topic in profile.topics]
    return [max(of_one) for of_one in zip(*chances, strict=True)]
