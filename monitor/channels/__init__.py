"""How a finished digest leaves the house.

A kind is one module with two names, checked by ``tests/contract/test_channels.py``:

* ``Options``: a frozen pydantic model of what may stand beside ``kind:`` under ``channel`` in monitor.yaml;
* ``open_channel(options)``: an object with ``deliver`` and ``close``; nothing is connected before the first
``deliver``.

A channel delivers bytes that are already fixed and stored; it never changes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

if TYPE_CHECKING:  # `monitor check` needs no digests
    from monitor.types.digests import Acceptance, Envelope

NOT_KINDS: frozenset[str] = frozenset()


class Channel(Protocol):
    """What delivers envelopes, up to ``lanes`` of them at the same time."""

    lanes: int

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return what the other side answered when it took the message.

        Raises DeliveryError, with ``permanent`` or ``uncertain`` set, when it did not or when no answer came.
        """
        ...

    async def close(self) -> None:
        """Let go of connections. Delivering again afterwards opens new ones."""
        ...


class ChannelKind(Protocol):
    """The shape of a module in this room."""

    Options: type[BaseModel]

    def open_channel(self, options: Any) -> Channel:
        """Return a channel; the caller closes it."""
        ...
