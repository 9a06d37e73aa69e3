"""What all tables share."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import SQLModel

# Constraints without a name cannot be changed by a later migration (alembic documentation, "The Importance of Naming
# Constraints").
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What all tables share: one set of names for constraints."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
