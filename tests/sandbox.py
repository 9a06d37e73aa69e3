"""Runs a program as deploy/paper-monitor.service would, as far as a machine without systemd can.

``python -m tests.sandbox FOLDER PROGRAM...`` gives PROGRAM a file system of which only FOLDER can be written, no
capabilities and no way to any, and of the kernel's calls and address families those alone that the unit allows; others
fail as the unit says, or end it with SIGSYS when it says nothing (systemd.exec(5)). The rest of the unit needs systemd
itself. Needs root for the first step.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pyseccomp

UNIT = Path(__file__).parents[1] / "deploy" / "paper-monitor.service"

_CLONE_NEWNS = 0x20000
_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64


def service_of(unit: Path = UNIT) -> dict[str, list[str]]:
    """The values of each option in the unit's section Service; one that stands several times has several."""
    found: dict[str, list[str]] = {}
    section = re.split(r"^\[(\w+)\]$", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in section[section.index("Service") + 1].splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def _calls_of(name: str) -> set[str]:
    """The kernel calls that a name in a filter stands for: one, or those of a set such as @system-service."""
    if not name.startswith("@"):
        return {name}
    shown = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    names = re.findall(r"^ +([@\w-]+)$", shown.stdout, re.MULTILINE)
    return set().union(*(_calls_of(one) for one in names))


def allowed_calls(filters: list[str]) -> set[str]:
    """What is left when each line adds calls, or takes away those that stand behind a tilde."""
    allowed: set[str] = set()
    for line in filters:
        calls = set().union(*(_calls_of(name) for name in line.removeprefix("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def _confine_files(libc: ctypes.CDLL, folder: Path) -> None:
    if libc.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "a mount namespace of its own was refused")
    for step in (["--make-rprivate", "/"], ["--bind", folder, folder], ["-o", "remount,bind,ro", "/"]):
        subprocess.run(["mount", *step], check=True)


def _filter(service: dict[str, list[str]]) -> pyseccomp.SyscallFilter:
    refused = [getattr(errno, name) for name in service.get("SystemCallErrorNumber", [])]
    kept = pyseccomp.SyscallFilter(pyseccomp.ERRNO(refused[-1]) if refused else pyseccomp.KILL_PROCESS)
    for call in sorted(allowed_calls(service["SystemCallFilter"]) - {"socket"}):
        try:
            kept.add_rule(pyseccomp.ALLOW, call)
        except (OSError, ValueError):
            continue  # a call of another processor
    families = {int(getattr(socket, name)) for line in service["RestrictAddressFamilies"] for name in line.split()}
    for family in range(46):
        action = pyseccomp.ALLOW if family in families else pyseccomp.ERRNO(errno.EAFNOSUPPORT)
        kept.add_rule(action, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    return kept


def main(folder: Path, program: list[str]) -> None:
    """Confine this process as the unit says, and become ``program``."""
    service = service_of()
    kept = _filter(service)
    libc = ctypes.CDLL(None, use_errno=True)
    _confine_files(libc, folder)
    for capability in range(_CAPABILITIES):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.umask(int(service["UMask"][-1], 8))
    os.chdir(folder)
    kept.load()  # this sets no_new_privs too: see seccomp(2)
    os.execv(program[0], program)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
