"""A holiday: nothing to send, and every source says why."""

from datetime import UTC, date, datetime

from monitor.types.digests import Digest, Link, Note, Receipt, ReceiptLine, Section

DIGEST = Digest(
    profile_id="proteins",
    profile_name="Protein design",
    recipient="li.wei@example.com",
    local_date=date(2026, 11, 26),
    at=datetime(2026, 11, 26, 7, 30, tzinfo=UTC),
    subject="Nothing new for Protein design, Thu 26 Nov",
    preheader="arXiv announced nothing; 11 papers elsewhere were read and none is for you.",
    sections=(
        Section(
            "quiet",
            (Note("Nothing for you today. 11 papers were read; the nearest reached 0.21 where you ask for 0.60."),),
        ),
    ),
    receipt=Receipt(
        (
            ReceiptLine("arXiv q-bio", "", "no announcement: Thanksgiving; the next one comes on Sunday"),
            ReceiptLine("Hugging Face Daily Papers", "25 Nov", "11 announced, 11 read"),
        )
    ),
    why_sent="You get this mail because li.wei@example.com is in the profile “Protein design”, on weekdays at 07:30.",
    links=(Link("Stop this digest", "mailto:digest@example.org?subject=unsubscribe%20proteins"),),
)
