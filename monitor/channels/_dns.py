"""TXT records from the DNS, over dnspython (the extra ``dkim`` brings it)."""

from __future__ import annotations

from monitor.errors import MonitorError

_PATIENCE = 5.0
"""Seconds for one name, over all servers."""
_LONGEST = 4_000


class DnsSilenceError(MonitorError):
    """The DNS gave no answer: neither that a name is there nor that it is not."""


async def texts(name: str) -> tuple[str, ...]:
    """Return the TXT records of ``name``, each joined to one text; none when the name or its records do not exist.

    Raises DnsSilenceError when no server answers, or the extra is not installed.
    """
    try:
        import dns.asyncresolver
        import dns.exception
        import dns.resolver
    except ImportError as error:
        raise DnsSilenceError("to ask the DNS, install the extra: pip install 'paper-monitor[dkim]'") from error
    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=_PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise DnsSilenceError(f"the DNS does not answer for {name}: {error}") from error
    return tuple(b"".join(record.strings)[:_LONGEST].decode("utf-8", "replace") for record in answer)
