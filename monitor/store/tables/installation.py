"""What this installation remembers of itself."""

from datetime import datetime

from sqlmodel import Field

from monitor.store.tables.row import Row


class MarkRow(Row, table=True):
    """When something last happened to the installation, such as a backup; ``text`` says more."""

    __tablename__ = "marks"

    name: str = Field(primary_key=True)
    at: datetime
    text: str = ""
