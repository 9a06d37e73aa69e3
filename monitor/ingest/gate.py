"""The gate at connect time: no source can make us talk to a machine inside our own network.

The check is on the very address that is connected, so redirects and DNS answers that change between check
and use cannot pass it (server-side request forgery; OWASP SSRF Prevention Cheat Sheet).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2

# Networks that the standard library calls global although they lead inside (measured; see RFC 6052, 3056, 7526, 4291).
_INSIDE = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "192.88.99.0/24", "2001::/32")
)


def is_public(address: str) -> bool:
    """Whether ``address`` (as resolved, no name) lies in the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _INSIDE if net.version == ip.version)


class GatedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves a name once, refuses it when any of its addresses lies inside, and connects to that answer."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(allowed)
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Return a stream to ``host``. Raises httpcore2.ConnectError when it is neither public nor allowed."""
        address = await self._resolve(host, port)
        return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)

    async def _resolve(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore2.ConnectError(f"the name {host} cannot be resolved") from error
        addresses = [str(info[4][0]) for info in found]
        if host not in self._allowed and not all(is_public(address) for address in addresses):
            raise httpcore2.ConnectError(
                f"{host} leads to an address inside a private network; name it under `allow_hosts:` if that is meant"
            )
        return addresses[0]

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        await self._network.sleep(seconds)
