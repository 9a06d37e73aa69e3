"""The gate at connect time: no source can make us talk to a machine inside our own network.

The check is on the very address that is connected, so redirects and DNS answers that change between check
and use cannot pass it (server-side request forgery; OWASP SSRF Prevention Cheat Sheet).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore2

_OUTSIDE = ipaddress.ip_network("2000::/3")  # all that is handed out of IPv6 today
# Networks that the standard library calls global although they lead inside (measured; see RFC 3056, 4380, 7526, 9637).
_INSIDE = tuple(ipaddress.ip_network(net) for net in ("192.88.99.0/24", "2002::/16", "2001::/32", "3fff::/20"))
_PATIENCE = 5.0
_MOST_ADDRESSES = 6
_CHUNK = 16_384  # read at once: the frames in it are parsed in one go, and the loop must not wait long for that

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""What returns the addresses of a host and port. Raises OSError when there are none."""


def is_public(address: str) -> bool:
    """Whether ``address`` (as resolved, no name) lies in the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _OUTSIDE:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _INSIDE if net.version == ip.version)


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system knows for ``host``, the best first. Raises OSError when there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


class GatedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves a name once, refuses it when any of its addresses lies inside, and connects to that answer.

    Hosts ``allowed`` by name may lie inside. No connection takes in more than ``most_bytes``, whatever they are.
    """

    def __init__(self, allowed: Iterable[str] = (), *, most_bytes: int, resolve: Resolver = resolved) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._most_bytes = most_bytes
        self._resolve = resolve
        self._network = httpcore2.AnyIOBackend()

    def allows(self, host: str) -> bool:
        """Whether ``host`` may lie inside because the configuration names it."""
        return host.lower() in self._allowed

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return where ``host`` leads. Raises httpcore2.ConnectError when it is neither public nor allowed."""
        try:
            found = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name {host} cannot be resolved") from error
        if not found:
            raise httpcore2.ConnectError(f"the name {host} has no address")
        if not self.allows(host) and not all(is_public(address) for address in found):
            raise httpcore2.ConnectError(
                f"{host} leads to an address inside a private network; name it under `allow_hosts:` if that is meant"
            )
        return found[:_MOST_ADDRESSES]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Return a stream to ``host``, at the first of its addresses that answers.

        Raises httpcore2.ConnectError when it is neither public nor allowed, or when none answers.
        """
        *others, last = await self.addresses(host, port)
        for address in others:
            try:
                stream = await self._network.connect_tcp(address, port, _PATIENCE, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
            return _Metered(stream, self._most_bytes)
        stream = await self._network.connect_tcp(last, port, timeout, local_address, socket_options)
        return _Metered(stream, self._most_bytes)

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        await self._network.sleep(seconds)


class _Metered(httpcore2.AsyncNetworkStream):
    """A stream that ends after so many bytes, be they headers, interim answers, the frames of chunks or a body."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, most_bytes: int) -> None:
        self._stream = stream
        self._left = most_bytes

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data = await self._stream.read(min(max_bytes, _CHUNK), timeout)
        self._left -= len(data)
        if self._left < 0:
            raise httpcore2.ReadError("the answer does not end")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        return _Metered(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._left)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
