"""Memory that nobody uses any more, given back to the system."""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from typing import Any

_LARGE = 256 * 1024
_SETTINGS = {-1: _LARGE, -3: _LARGE, -8: 2}
"""glibc's M_TRIM_THRESHOLD, M_MMAP_THRESHOLD (bytes) and M_ARENA_MAX, by their numbers in malloc.h."""

_SELDOM = (50_000, 20, 100)
"""So many new values, and so many of the searches among newer ones, come before each search for garbage."""


def settle() -> bool:
    """Have the C library give back large blocks as soon as they are free; returns whether it can.

    By itself glibc takes ever larger blocks from its heaps once such were freed, and keeps eight heaps a processor:
    from day 10 to day 60 of real listings with 20 profiles a process grew from 320 to 490 MB, so settled from 311 to
    364, with the same 108 and 136 MB of it in use. Other C libraries need no telling.
    """
    tell = _of_libc("mallopt")
    return tell is not None and all(tell(name, value) for name, value in _SETTINGS.items())


def keep() -> None:
    """Have Python look for garbage only among what comes from now on, and seldom.

    What is loaded stays for good. By itself Python looks through all that a block of digests is made from again and
    again: that took a tenth of composing, and found nothing that counting references does not free.
    """
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def give_back() -> bool:
    """Let the C library return free memory to the system, and return whether it had any.

    Work is done in threads, and glibc keeps what each of them has freed for the next one: over 25 days of real listings
    with 20 profiles that was a sixth of the daemon (55 of 359 MB). Other C libraries do so by themselves.
    """
    trim = _of_libc("malloc_trim")
    return bool(trim(0)) if trim else False


@cache
def _of_libc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None)
