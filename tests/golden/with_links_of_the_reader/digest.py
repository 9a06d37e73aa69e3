"""A mail of an installation with pages of its own: each card can be answered, and one click unsubscribes."""

from dataclasses import replace
from datetime import date

from monitor.testing import NOON
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
)

BASE = "https://digest.example.org"
CARD = PaperCard(
    title="Lanterns for Underwater Robots",
    url="https://arxiv.org/abs/2603.00007",
    byline="Ada Lindqvist, Bo Ek and 3 others",
    facts=("arxiv, then hf 2 days later", "3 days old", "41 upvotes"),
    badge=Badge("new", "New"),
    why="you ask for “underwater” in the title; you follow Bo Ek",
    likelihood="likely yours, 78%",
    probability=0.78,
    summary="A lantern that a robot carries gives depth from its halo. It needs no sonar and no map.",
    links=(
        Link("Abstract", "https://arxiv.org/abs/2603.00007"),
        Link("PDF", "https://arxiv.org/pdf/2603.00007"),
        Link("Code", "https://github.com/example/lanterns"),
        Link("Hugging Face", "https://huggingface.co/papers/2603.00007"),
    ),
    actions=tuple(
        Link(text, f"own:{number}/7")
        for number, text in enumerate(("More like this", "Less like this", "Mute a word", "Follow an author"))
    ),
)
DIGEST = Digest(
    profile_id="robots",
    profile_name="Robots under water",
    recipient="kai@example.org",
    local_date=date(2026, 3, 4),
    at=NOON,
    subject="2 new on robots under water",
    preheader=CARD.title,
    sections=(
        Section("contents", (Contents((Tally("Robots under water", "2 new", "topic-robots"),)),)),
        Section(
            "topics",
            (
                Heading("Robots under water", "2 papers", "topic-robots"),
                CARD,
                replace(
                    CARD, title="Sonar Without Sound", url="https://arxiv.org/abs/2603.00008", probability=0.5
                ).brief,
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("arxiv", "Wed 4 Mar", "446 announced, 446 read: 440 new, 6 revised"),)),
    why_sent="You get this because kai@example.org is in the profile “Robots under water” (robots.yaml).",
    links=(
        Link("View in browser", f"{BASE}/v/AAC7Qm0yT3kVbN4rXoZ2p"),
        Link("Preferences", f"{BASE}/s/AAC7Qm0yT3kVbN4rXoZ2p"),
        Link("Unsubscribe", f"{BASE}/u/AAC7Qm0yT3kVbN4rXoZ2p"),
    ),
    unsubscribe=f"{BASE}/u/AAC7Qm0yT3kVbN4rXoZ2p",
    page=f"{BASE}/v/AAC7Qm0yT3kVbN4rXoZ2p",
    postal="Robot Lab, Pier 7, 20457 Harbour",
    own=tuple(Own(f"own:{number}/7", f"{BASE}/w/{number}AAC7Qm0yT3kVbN4rXoZ2p") for number in range(4)),
)
