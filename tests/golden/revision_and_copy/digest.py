"""A second version with a new title, new sentences and new figures, and a paper that came from three places."""

from datetime import UTC, date, datetime

from monitor.types.digests import (
    Badge,
    Diff,
    Digest,
    Edit,
    Heading,
    Link,
    PaperCard,
    Receipt,
    ReceiptLine,
    Section,
)

DIGEST = Digest(
    profile_id="speech",
    profile_name="Speech",
    recipient="noor@example.org",
    local_date=date(2026, 5, 12),
    at=datetime(2026, 5, 12, 18, 0, tzinfo=UTC),
    subject="1 revision and 1 paper for Speech, Tue 12 May",
    preheader="Whispered speech has a new title and better figures.",
    sections=(
        Section(
            "revisions",
            (
                Heading("Revised since you got them"),
                PaperCard(
                    title="Recognising Whispered and Shouted Speech with One Network",
                    url="https://arxiv.org/abs/2603.04412v2",
                    byline="Elif Kaya, Jonas Meier",
                    facts=("eess.AS", "version 2", "sent to you on 3 March"),
                    badge=Badge("revised", "Revised"),
                    why="You were sent the first version.",
                    likelihood="Likely for you: about 8 in 10",
                    probability=0.8,
                    summary="",
                    links=(Link("Version 2", "https://arxiv.org/abs/2603.04412v2"),),
                    changes=(
                        Diff(
                            "Title",
                            (
                                Edit("same", "Recognising Whispered "),
                                Edit("added", "and Shouted"),
                                Edit("same", " Speech with "),
                                Edit("removed", "a Small"),
                                Edit("same", " "),
                                Edit("added", "One"),
                                Edit("same", " Network"),
                            ),
                        ),
                        Diff(
                            "Numbers",
                            (
                                Edit("same", "word error rate "),
                                Edit("removed", "7.9 %"),
                                Edit("same", " → "),
                                Edit("added", "6.2 %"),
                                Edit("same", " on the whispered set"),
                            ),
                        ),
                        Diff("Added", (Edit("added", "We release 40 hours of shouted speech under an open licence."),)),
                        Diff("Removed", (Edit("removed", "Code will follow."),)),
                    ),
                ),
            ),
        ),
        Section(
            "topic",
            (
                Heading("Codecs"),
                PaperCard(
                    title="Speech Tokens at 300 Bits per Second",
                    url="https://arxiv.org/abs/2605.06001",
                    byline="Hana Sato and 6 more",
                    facts=("cs.SD", "33 upvotes"),
                    badge=Badge("new", "New"),
                    why="“neural codec” in the abstract.",
                    likelihood="Likely for you: about 7 in 10",
                    probability=0.69,
                    summary="Tokens of speech can be a quarter as large when prosody is coded once a second.",
                    links=(Link("Abstract", "https://arxiv.org/abs/2605.06001"),),
                    copies=(
                        "Hugging Face Daily Papers, 12 May (the same arXiv id)",
                        "“Very Low Rate Speech Tokens”, OpenReview (97 % of the abstract is the same)",
                    ),
                ),
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("arXiv eess.AS, cs.SD", "12 May", "58 announced, 58 read"),)),
    why_sent="You get this mail because noor@example.org is in the profile “Speech”.",
)
