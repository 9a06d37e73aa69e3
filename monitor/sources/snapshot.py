"""Text captures of a listing page, dropped into a folder.

::

    sources:
      captures:
        kind: snapshot
        path: snapshots        # a folder; every *.txt and *.md file in it is one listing

Reads what is left when a Hugging Face papers page is saved or copied as text: with or without the page's head, blank
lines, Markdown headings and links, upvotes, dates and wrapped lines. A date without a year in the head is the day of
the capture: the listing's batch, in the latest year that is not after the file's time (one day is granted for time
zones). Dates behind an abstract are the papers' own. A line that belongs to no title and no abstract is reported by its
number; the papers around it stay whole. What a page shows twice is read once.

To write such a file by hand, put a title on one line and its abstract on the next; blank lines are welcome. Lines
between the two may say more. All of them are optional, and so is the first line, which sets the batch::

    # date: 2026-11-16

    A title on a line of its own
    arXiv: 2611.01234
    Authors: Ada Example, Ben Example
    Upvotes: 12
    URL: https://example.org/paper
    Code: https://example.org/code
    Date: 2026-11-14
    The abstract, on one line.

``DOI:``, ``Comments:`` and ``Categories:`` are read, too.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from monitor.types.listings import Answer, Listing, Request

EVERY = timedelta(minutes=1)
ENDINGS = (".txt", ".md", ".markdown")


class Options(BaseModel):
    """What may stand beside ``kind: snapshot``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="The folder of captured pages, from the configuration's own folder if not absolute.")


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # a folder is read whatever the day
    """Return the folder as a ``file:`` request; which of its files are ready is for ingest to see."""
    return (Request(f"file:{options.path}", "text/plain", endings=ENDINGS),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every folder
    """Return the papers of one captured page, in its order.

    Raises ParseError when the file is empty, binary, HTML, or text that is no listing of titles with abstracts.
    """
    from monitor.sources._capture import decoded  # late: `check` only wants the options
    from monitor.sources._listing_text import listing_of_text

    return listing_of_text(decoded(answer.body), answer)
