"""What the machine gives a store to stand on: files, disks, the time zones, extras that are wanted and not there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.errors import StoreError
from monitor.jobs.doctor_mail import Finding
from monitor.settings.values import ChannelSettings, ProfileSet, Settings
from monitor.store import backup

_LEAST_FREE = 200_000_000
_NEVER_FREE = 20_000_000
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "ncpfs"})
_MOUNTS = Path("/proc/mounts")


def files(settings: Settings, secrets: Iterable[Path]) -> Iterator[Finding]:
    """Judge folders that must be written, and files that others must not read (fault D05)."""
    for name, folder in _written(settings):
        near = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        if not near.is_dir() or not os.access(near, os.W_OK | os.X_OK):
            yield Finding("folder", "bad", f"{name}: {folder} cannot be written; `chown` it, or name another")
        else:
            yield Finding("folder", "good", f"{name}: {folder}")
    for path in dict.fromkeys(secrets):
        yield from _secret(path)


def _written(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield "settings", settings.folder
    if "://" not in settings.database:
        yield "database", Path(settings.database).parent
    if settings.backup:
        yield "backup", settings.backup.folder


def _secret(path: Path) -> Iterator[Finding]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # not there yet, or told by `monitor check`
    if mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH) == 0:
        yield Finding("secret", "good", f"{path} is its owner's alone")
    elif mode & (stat.S_IROTH | stat.S_IWOTH):
        yield Finding("secret", "bad", f"everybody on this machine may read {path}; `chmod 600 {path}`")
    else:
        yield Finding("secret", "poor", f"its group may read {path}; `chmod 600 {path}` unless that is meant")


def disk(settings: Settings) -> Iterator[Finding]:
    """Judge the room beside the database, and whether that lies on a network drive (fault D09)."""
    if "://" in settings.database:
        return
    folder, database = Path(settings.database).parent, Path(settings.database)
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding("space", "unknown", f"{folder}: {error}")
        return
    size = database.stat().st_size if database.exists() else 0
    yield space(folder, free, size)
    yield network_drive(folder.resolve(), _MOUNTS.read_text() if _MOUNTS.exists() else "")


def space(folder: Path, free: int, size: int) -> Finding:
    """Judge the bytes that are free: a migration or a backup needs as much again as the database has."""
    says = f"{free / 1e6:,.0f} MB free in {folder}, the database has {size / 1e6:,.0f} MB"
    if free < _NEVER_FREE:
        return Finding("space", "bad", f"{says}; nothing can be written soon: make room")
    wanted = max(_LEAST_FREE, 2 * size)
    return (
        Finding("space", "poor", f"{says}; keep {wanted / 1e6:,.0f} MB free")
        if free < wanted
        else Finding("space", "good", says)
    )


def network_drive(folder: Path, mounts: str) -> Finding:
    """Judge where a folder lies, by the lines of /proc/mounts: SQLite's locks do not hold on network drives."""
    rows = (line.split(" ") for line in mounts.splitlines())
    found = [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    around = [(at, kind) for at, kind in found if folder.is_relative_to(at)]
    if not around:
        return Finding("drive", "unknown", f"what {folder} lies on is not seen from here")
    kind = max(around, key=lambda one: len(one[0]))[1]
    if kind in _REMOTE:
        says = f"{folder} lies on a network drive ({kind}), where two programs can spoil the database; use a local disk"
        return Finding("drive", "bad", says)
    return Finding("drive", "good", f"{folder} lies on {kind}")


def database(settings: Settings) -> Finding:
    """Judge the file of the database, without bringing it up to date or making it."""
    if "://" in settings.database:
        return Finding("database", "unknown", "a server: look at it with its own tools")
    path = Path(settings.database)
    if not path.exists():
        return Finding("database", "good", f"{path} is made at the first start")
    try:
        return Finding("database", "good", f"{path} is whole, with schema {backup.check(path)}")
    except StoreError as error:
        return Finding("database", "bad", str(error))


def zones(profiles: ProfileSet) -> Iterator[Finding]:
    """Judge whether the machine knows the time zones of the profiles."""
    for zone in sorted({profile.schedule.timezone for profile in profiles}):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield Finding("zone", "bad", f"this machine does not know {zone}; `pip install --upgrade tzdata`")
        else:
            yield Finding("zone", "good", zone)


def extras(settings: Settings) -> Iterator[Finding]:
    """Judge whether what the settings ask for is installed."""
    channels: tuple[ChannelSettings, ...] = (settings.channel, *settings.channels.values())
    wanted = {
        "apprise": ("apprise", any(one.kind == "apprise" for one in channels)),
        "dkim": ("dkim", bool(settings.sender.dkim)),
        "embeddings": ("onnxruntime", settings.embeddings is not None),
        "postgres": ("psycopg", settings.database.startswith("postgres")),
    }
    for extra, (module, is_wanted) in wanted.items():
        if is_wanted and importlib.util.find_spec(module) is None:
            yield Finding("extra", "bad", f"the settings need more packages: `pip install 'paper-monitor[{extra}]'`")
        elif is_wanted:
            yield Finding("extra", "good", extra)
