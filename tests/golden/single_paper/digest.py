"""The smallest mail that holds a paper: one card with nothing but a title."""

from datetime import UTC, date, datetime

from monitor.types.digests import Digest, Heading, PaperCard, Receipt, ReceiptLine, Section

DIGEST = Digest(
    profile_id="ocean",
    profile_name="Ocean models",
    recipient="sam@example.org",
    local_date=date(2026, 3, 2),
    at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
    subject="1 paper for Ocean models, Mon 2 Mar",
    preheader="Eddy-resolving emulators.",
    sections=(
        Section(
            "topic",
            (
                Heading("Emulators"),
                PaperCard("Eddy-Resolving Emulators at a Tenth of a Degree", None, "", (), None, "", "", ""),
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("arXiv physics.ao-ph", "2 Mar", "9 announced, 9 read"),)),
    why_sent="You get this mail because sam@example.org is in the profile “Ocean models”.",
)
