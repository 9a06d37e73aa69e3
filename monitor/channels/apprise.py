"""Short digests and alerts to chat and push services, handed over to Apprise (the extra ``apprise``).

Only the subject and the beginning of the text go there: these services cut long messages, each in its own place.
"""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, SecretStr

from monitor.errors import DeliveryError
from monitor.types.digests import Acceptance, Envelope


class Options(BaseModel):
    """What may stand beside ``kind: apprise``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr = Field(description="The service as Apprise writes it, such as ntfy://topic; keep its secret apart")
    letters: int = Field(default=2000, ge=100, le=30_000, description="How much of the text goes there")
    seconds: PositiveFloat = Field(default=60, le=300, description="How long the service may take")


class AppriseChannel:
    """Hands each digest to one service."""

    lanes = 1

    def __init__(self, options: Options) -> None:
        self._options = options

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return when the service took the message.

        Raises DeliveryError, ``channel_wide``, when it did not: Apprise does not tell why.
        """
        try:
            async with asyncio.timeout(self._options.seconds):
                taken = await asyncio.to_thread(_notified, self._options, envelope)
        except TimeoutError as error:
            raise DeliveryError("the service of Apprise did not answer in time", uncertain=True) from error
        if not taken:
            reason = "Apprise could not deliver; check `url`, and look for its own words in the log"
            raise DeliveryError(reason, channel_wide=True)
        return Acceptance("taken", "")

    async def close(self) -> None:
        """Nothing is held open."""


def open_channel(options: Options) -> AppriseChannel:
    """Return a channel to the service of ``options.url``; nothing is connected before the first delivery."""
    return AppriseChannel(options)


def shortened(text: str, letters: int) -> str:
    """Return the whole lines at the beginning of ``text`` that fit into ``letters``, and how many are left out."""
    kept: list[str] = []
    lines = text.strip().splitlines()
    room = letters - len("\n... 100000 more lines")
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*kept, f"... {len(lines) - len(kept)} more lines"])
        kept.append(line)
    return "\n".join(kept)


def _notified(options: Options, envelope: Envelope) -> bool:
    try:
        import apprise
    except ImportError as error:
        reason = "for this channel, install the extra: pip install 'paper-monitor[apprise]'"
        raise DeliveryError(reason, channel_wide=True) from error
    service = apprise.Apprise()
    if not service.add(options.url.get_secret_value()):
        raise DeliveryError("Apprise does not know such a `url`; see its list of services", channel_wide=True)
    body = shortened(envelope.part("plain"), options.letters) or envelope.subject
    return bool(service.notify(body=body, title=envelope.subject, body_format=apprise.NotifyFormat.TEXT))
