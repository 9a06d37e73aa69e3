"""Two rises and a warning: a long series, and one that is all zeros but for its end."""

from datetime import UTC, date, datetime

from monitor.types.digests import Bar, Chart, Digest, Heading, Link, Note, Receipt, ReceiptLine, Section, Text

_WEEKS = (2, 3, 1, 0, 2, 4, 3, 2, 1, 3, 2, 2, 4, 3, 1, 2, 0, 3, 2, 5, 3, 2, 4, 3, 2, 6, 9, 8, 12, 14)

DIGEST = Digest(
    profile_id="trends",
    profile_name="Language models",
    recipient="kofi@example.org",
    local_date=date(2026, 9, 18),
    at=datetime(2026, 9, 18, 8, 0, tzinfo=UTC),
    subject="2 rising terms in Language models, Fri 18 Sep",
    preheader="Speculative decoding is at five times what was expected.",
    sections=(
        Section(
            "trends",
            (
                Heading("Rising terms", "Five listing days against the eight weeks before."),
                Note("The listing of 16 September was read in part; figures of that day are low.", "warning"),
                Chart(
                    "speculative decoding",
                    "49 papers in five listing days where 9.6 were expected (q = 0.001); also “draft model”.",
                    tuple(Bar(f"day {place}", value) for place, value in enumerate(_WEEKS, 1)),
                    recent=5,
                    links=(
                        Link("Drafts That Check Themselves", "https://arxiv.org/abs/2609.10001"),
                        Link("Trees of Guesses", "https://arxiv.org/abs/2609.10077"),
                    ),
                ),
                Chart(
                    "byte-level attention",
                    "3 papers today where 0.1 were expected (q = 0.04). First seen today.",
                    tuple(
                        Bar(label, 3.0 if label == "18 Sep" else 0.0)
                        for label in ("14 Sep", "15 Sep", "16 Sep", "17 Sep", "18 Sep")
                    ),
                    recent=1,
                ),
                Text("A rise is shown when fewer than one in twenty of those shown would come from chance alone."),
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("arXiv cs.CL", "18 Sep", "131 announced, 131 read"),), ("Next look: Monday.",)),
    why_sent="You get this mail because kofi@example.org is in the profile “Language models”.",
)
