"""The tables. Values from ``monitor.types`` go in and out through the aggregates beside this file.

Times are aware UTC (SQLModel stores them so). JSON columns hold lists and mappings of plain values and are replaced
whole, never changed in place. Text columns hold kinds and states by their names, so that a new one needs no migration.
"""

from monitor.store.tables import full_text as _full_text  # noqa: F401 - made with the papers
from monitor.store.tables.installation import MarkRow
from monitor.store.tables.listings import AddressRow, BackfillRow, BatchRow, HostRow, SnapshotRow, SourceRow
from monitor.store.tables.mails import (
    BounceRow,
    ChannelRow,
    DigestRow,
    OutboxRow,
    PlacementRow,
    ReceiptRow,
    SuppressionRow,
)
from monitor.store.tables.papers import (
    AlikeRow,
    JoinRow,
    KeyRow,
    PaperRow,
    PinRow,
    PrintRow,
    SightingRow,
    TermSheetRow,
    TextRow,
    TrendRow,
    VerdictRow,
)
from monitor.store.tables.readers import (
    ActionRow,
    FeedbackRow,
    MatchRow,
    NearMissRow,
    ProfileRow,
    ReasonsRow,
    SignupRow,
    StoryRow,
    SubscriptionRow,
    SummaryRow,
)
from monitor.store.tables.row import Row

__all__ = [
    "ActionRow",
    "AddressRow",
    "AlikeRow",
    "BackfillRow",
    "BatchRow",
    "BounceRow",
    "ChannelRow",
    "DigestRow",
    "FeedbackRow",
    "HostRow",
    "JoinRow",
    "KeyRow",
    "MarkRow",
    "MatchRow",
    "NearMissRow",
    "OutboxRow",
    "PaperRow",
    "PinRow",
    "PlacementRow",
    "PrintRow",
    "ProfileRow",
    "ReasonsRow",
    "ReceiptRow",
    "Row",
    "SightingRow",
    "SignupRow",
    "SnapshotRow",
    "SourceRow",
    "StoryRow",
    "SubscriptionRow",
    "SummaryRow",
    "SuppressionRow",
    "TermSheetRow",
    "TextRow",
    "TrendRow",
    "VerdictRow",
]
