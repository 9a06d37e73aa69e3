"""How fast a digest becomes a mail: ours beside the straight way, in one run.

    python -m tests.bench.render [--mails 1000]

The straight way draws each whole mail by Jinja2 from the same templates, inlines the style by css-inline and builds the
message by email.message.EmailMessage. Each mail has 20 papers out of a day's 200; why-lines, likelihoods and signed
links are the reader's own.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from monitor import resources
from monitor.render.columns import fill, underline
from monitor.render.environment import anchor, heights
from monitor.render.gate import link_target
from monitor.render.mail import render
from monitor.render.message import Sender, build_message
from monitor.text import one_line
from monitor.types.digests import (
    Badge,
    Contents,
    Digest,
    Heading,
    Link,
    Own,
    PaperCard,
    Receipt,
    ReceiptLine,
    Section,
    Tally,
)  # fmt: skip
from monitor.words import direction, speak
from tests.bench.figure import Figure, race
from tests.bench.table import show

TEMPLATES = resources.folder("templates")
WORDS = ["diffusion", "retrieval", "sparse", "policy", "latent", "tokens", "agents", "graph", "kernel", "noise", "label", "search", "reward", "memory", "we", "propose", "a", "method", "that", "improves", "results", "on", "eleven", "benchmarks", "by", "two", "points", "and", "needs", "no", "labels"]  # fmt: skip
WISHES = ("More like this", "Less", "Mute", "Follow")
SENDER = Sender("Paper Monitor", "digest@example.org")
FILTERS = {
    "web": link_target, "anchor": anchor, "heights": heights, "fill": fill, "underline": underline, "one_line": one_line,
}  # fmt: skip


def papers(chance: random.Random, count: int) -> list[PaperCard]:
    def said(length: int) -> str:
        return " ".join(chance.choices(WORDS, k=length)).capitalize()

    return [
        PaperCard(
            title=said(11), url=f"https://arxiv.org/abs/2611.{number:05}", byline="Mara Lindqvist, Tunde Adeyemi and 4 others",
            facts=("arxiv, then hf 2 days later", "3 days old", "41 upvotes"), badge=Badge("new", "New"), why="", likelihood="",
            summary=f"{said(22)}. {said(20)}.",
            links=tuple(Link(name, f"https://example.org/{name}/{number}") for name in ("Abstract", "PDF", "Code")),
        )
        for number in range(count)
    ]  # fmt: skip


def mail(day: list[PaperCard], chance: random.Random, number: int) -> Digest:
    cards = tuple(
        replace(
            card, why=f"you ask for “{' '.join(chance.choices(WORDS, k=2))}” in the title; near your description: “{number}”",
            likelihood=f"likely yours, {chance.randint(45, 94)}%", probability=chance.uniform(0.45, 0.94),
            actions=tuple(Link(word, f"own:{word}/{place}") for word in WISHES),
        )
        for place, card in enumerate(chance.sample(day, 20))
    )  # fmt: skip
    top = Contents((Tally("Topic one", "12 new", "one"), Tally("Topic two", "8 new", "two")))
    sections = (
        Section("contents", (top,)),
        Section("topics", (Heading("Topic one", "12 papers", "one"), *cards[:12], Heading("Topic two", "8 papers", "two"), *cards[12:])),
    )  # fmt: skip
    return Digest(
        profile_id=f"p{number}", profile_name=f"The papers of reader {number}", recipient=f"r{number}@example.org",
        local_date=date(2026, 11, 21), at=datetime(2026, 11, 21, 8, tzinfo=UTC), subject=f"20 new for reader {number}",
        preheader=cards[0].title, sections=sections, why_sent=f"You get this because of profile {number}.",
        receipt=Receipt((ReceiptLine("arxiv", "Fri 20 Nov", "446 announced, 446 read"),), ("1,204 papers known.",)),
        links=(Link("Stop this digest", f"https://digest.example.org/u/{chance.getrandbits(128):032x}"),),
        own=tuple(
            Own(f"own:{word}/{place}", f"https://digest.example.org/w/{chance.getrandbits(128):032x}")
            for word in WISHES for place in range(len(cards))
        ),
    )  # fmt: skip


def whole(digest: Digest) -> Iterator[object]:
    """Yield the blocks of a digest with the reader's own URLs in them, as the straight way has them."""
    own = {one.place: one.url for one in digest.own}
    for block in (block for section in digest.sections for block in section.blocks):
        links = (replace(link, url=own[link.url]) for link in getattr(block, "actions", ()))
        yield replace(block, actions=tuple(links)) if isinstance(block, PaperCard) else block


def ours(digest: Digest) -> bytes:
    rendered = render(digest, TEMPLATES)
    return build_message(digest, rendered, SENDER, message_id_key="key").content


def straight() -> Callable[[Digest], bytes]:
    made: dict[str, Environment] = {}
    for name, escape in (("email", True), ("text", False)):
        made[name] = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=escape, trim_blocks=True, lstrip_blocks=True
        )
        made[name].filters.update(FILTERS)
    style, adapt = ((TEMPLATES / "email" / f"{name}.css").read_text() for name in ("style", "adapt"))
    inliner = CSSInliner(extra_css=style, load_remote_stylesheets=False, resolve_css_variables=True, minify_css=True)

    def drawn(digest: Digest, part: str, blocks_file: str, page: str) -> str:
        facts = {"words": speak("en"), "language": "en", "direction": direction("en")}
        macros = made[part].get_template(blocks_file).make_module(facts)
        blocks = [str(getattr(macros, type(block).__name__)(block)) for block in whole(digest)]
        receipt = Markup(str(macros.Receipt(digest.receipt)))  # type: ignore[attr-defined]
        inside = {"blocks_here": Markup("".join(blocks)), "receipt_here": receipt, "adapt": Markup(adapt)}
        return made[part].get_template(page).render(digest=digest, **facts, **inside)

    def build(digest: Digest) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["Subject"], message["From"], message["To"] = digest.subject, SENDER.address, digest.recipient
        message.set_content(drawn(digest, "text", "text/blocks.txt.j2", "text/digest.txt.j2"))
        html = inliner.inline(drawn(digest, "email", "email/blocks.html.j2", "email/digest.html.j2"))
        message.add_alternative(html, subtype="html")
        return message.as_bytes()

    return build


def figures() -> Iterator[Figure]:
    """Some hundred mails of one day."""
    yield from measured(300)


def measured(count: int) -> Iterator[Figure]:
    chance = random.Random(20)
    day = papers(chance, 200)
    mails = [mail(day, chance, number) for number in range(count)]
    build, few = straight(), mails[: max(20, count // 10)]
    for digest in mails[: count // 2]:  # the day's cards are drawn once
        ours(digest)

    def each(make: Callable[[Digest], bytes], some: list[Digest]) -> None:
        for digest in some:
            make(digest)

    own, other = race(partial(each, ours, mails[count // 2 :]), partial(each, build, few))
    size = len(ours(mails[-1])) // 1024
    mine, theirs = 1000 * own.best / (count - count // 2), 1000 * other.best / len(few)
    beside = "Jinja2, css-inline, EmailMessage"
    yield Figure(f"a mail of 20 papers, {size} KB", mine, "ms", theirs, beside, "gain >= 5", noise=own.noise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1_000)
    show(measured(parser.parse_args().mails))


if __name__ == "__main__":
    main()
