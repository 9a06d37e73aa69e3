"""Every error of the house, on one page.

::

    MonitorError
    |-- ConfigError            what a person wrote is wrong; carries every problem, not the first
    |-- SourceError            one source failed; the others go on
    |   |-- FetchError         no usable answer came
    |   `-- ParseError         an answer came, and it is not a listing
    |-- StoreError             the database cannot be used
    |   `-- ConflictError      somebody else wrote the same thing first
    |-- RenderError            a digest could not be turned into bytes
    |-- SummaryError           a language model gave no answer; digests go on without it
    |-- DeliveryError          a channel did not take a mail; ``permanent`` says whether to try again
    `-- NotFoundError          a profile or paper that the caller named does not exist

Errors carry data, so that callers decide without reading text, and end with what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path


class MonitorError(Exception):
    """Something that Paper Monitor expects to go wrong went wrong."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One mistake in one configuration file; ``line`` and ``column`` count from 1."""

    path: Path
    line: int
    column: int
    message: str
    source_line: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Return ``file:line:column: message``, the line itself and a caret, as compilers do."""
        lines = [f"{self.path}:{self.line}:{self.column}: {self.message}"]
        if self.source_line:
            lines += [f"    {self.source_line}", f"    {' ' * (self.column - 1)}^"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class ConfigError(MonitorError):
    """The configuration cannot be used; ``problems`` holds all that is wrong in all files."""

    def __init__(self, problems: tuple[ConfigProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SourceError(MonitorError):
    """One source could not be read; nothing of it was stored."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}" if source else reason)


class FetchError(SourceError):
    """No usable answer came from a source.

    ``status`` is the HTTP status, where one came; 410 means that the source is gone for good. ``retry_after`` is the
    shortest wait that the other side asked for, if it did.
    """

    def __init__(
        self, source: str, reason: str, *, status: int | None = None, retry_after: timedelta | None = None
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(source, reason)


class ParseError(SourceError):
    """An answer came, but it is not a listing that this kind of source can read."""


class StoreError(MonitorError):
    """The database cannot be used as it is; ``passing`` when the same may well work a moment later."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class ConflictError(StoreError):
    """Somebody else wrote the same thing first; nothing of ours was written, and nothing is missing."""


class RenderError(MonitorError):
    """A digest could not be turned into bytes."""


class SummaryError(MonitorError):
    """The endpoint at ``host`` gave no usable answer, and would give none for the next paper."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        self.reason = reason
        super().__init__(f"{host}: {reason}")


class DeliveryError(MonitorError):
    """A channel did not take a mail.

    ``permanent`` means that trying again cannot help. ``uncertain`` means that the mail may have
    arrived although no answer came (RFC 1047). ``channel_wide`` means that the next mail would meet
    the same refusal, whoever it is for: stop, tell the operator, and keep all mails. ``retry_after`` is the
    shortest wait in seconds that the other side asked for, if it did. ``slow_down`` means that we
    send too fast, and ``bounced`` that the recipient is at fault, and would be with another mail too.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        channel_wide: bool = False,
        slow_down: bool = False,
        bounced: bool = False,
        retry_after: float | None = None,
    ) -> None:
        self.reason = reason
        self.permanent = permanent
        self.uncertain = uncertain
        self.channel_wide = channel_wide
        self.slow_down = slow_down
        self.bounced = bounced
        self.retry_after = retry_after
        super().__init__(reason)


class NotFoundError(MonitorError):
    """What the caller named is not here; ``hint`` names the nearest thing that is."""

    def __init__(self, what: str, name: str, hint: str = "") -> None:
        self.what = what
        self.name = name
        self.hint = hint
        super().__init__(f"no {what} named {name!r}" + (f"; {hint}" if hint else ""))
