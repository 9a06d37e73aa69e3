"""A PostgreSQL server of the tests' own: in a temporary folder, on a unix socket, as a user who owns nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy import make_url

# Nothing of it is to outlive the tests, and its journal is not to fill the memory it may lie in.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=128MB")
_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest that Debian or the PATH has; ``None`` without a server."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else None


def _place() -> Path | None:
    """Return a disk in memory, where one has room: hundreds of files make a database, in a twentieth of the time there."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


class Cluster:
    """A server that runs from ``start`` to ``stop``; ``remove`` takes its files away."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        self.folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir=_place()))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", self._data, "-U", "monitor", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._made = 0

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self, *settings: str) -> None:
        """Start the server with ``settings`` (``name=value``) and wait until it answers."""
        options = " ".join(f"-c {one}" for one in (*_QUICK, "listen_addresses=", *settings))
        options += f" -k {self.folder}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Cut all connections and stop."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def new_database(self, like: str = "template1") -> str:
        """Make a database, a copy of that of the URL ``like`` or an empty one, and return its URL."""
        self._made += 1
        name = f"monitor_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(like).database if '://' in like else like}")
        return f"postgresql://monitor@/{name}?host={self.folder}"

    def renew(self, url: str, like: str) -> None:
        """Put a copy of the database at the URL ``like`` in the place of another one."""
        self.drop(url)
        self.execute(f"CREATE DATABASE {make_url(url).database} TEMPLATE {make_url(like).database}")

    def drop(self, url: str) -> None:
        """Take a database away, whoever is connected to it."""
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run a statement as the server's owner."""
        where = f"postgresql://monitor@/postgres?host={self.folder}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def cut_all(self) -> None:
        """End all connections but our own, as an operator or a failing network does."""
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'monitor%'")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments], user=self._user, cwd=self.folder, check=True,
            stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
