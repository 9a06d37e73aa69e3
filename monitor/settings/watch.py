"""Whether the configuration changed since it was last taken. The daemon asks at each tick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from monitor.errors import ConfigError
from monitor.settings.libraries import library_files
from monitor.settings.load import profile_files, profiles_folder

_Stat: TypeAlias = tuple[str, int, int, int]
_Look: TypeAlias = tuple[_Stat, ...]


class Watcher:
    """Looks at ``monitor.yaml``, its profiles and the files of papers beside them, without threads and without waiting.

    Make it before loading, so that no edit falls between. A file is known by where it leads (so that a symlink
    switched to another folder counts), inode, size and modification time. Only stats are read, and that works on
    network file systems and bind mounts, where notifications do not.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path).absolute()
        self._settings: _Stat | None = None
        self._folder = self._path.parent
        self._taken = self._last = self._look()

    def changed(self) -> bool:
        """Return True once for each new state of the files, as soon as two calls in a row saw the same one.

        A file that is still being written looks different at each call and is not taken. Files that vanish or can
        no longer be read are a new state too: loading then says what is wrong.
        """
        look = self._look()
        is_stable, self._last = look == self._last, look
        if not is_stable or look == self._taken:
            return False
        self._taken = look
        return True

    def look_again(self) -> None:
        """Have ``changed`` tell of the present state too, as if it were new."""
        self._taken = ()

    def _look(self) -> _Look:
        return tuple(_stat(path) for path in self._files())

    def _files(self) -> Iterator[Path]:
        settings = _stat(self._path)
        if settings != self._settings:
            self._settings, self._folder = settings, self._profiles()
        yield self._path
        try:
            yield from profile_files(self._folder)
            yield from library_files(self._folder)
        except OSError:
            return

    def _profiles(self) -> Path:
        try:
            return profiles_folder(self._path)
        except ConfigError:  # an edit in the making: look where the profiles were
            return self._folder


def _stat(path: Path) -> _Stat:
    try:
        found = path.stat()
        where = path.resolve() if path.is_symlink() else path
        return str(where), found.st_ino, found.st_size, found.st_mtime_ns
    except (OSError, RuntimeError):  # gone, out of reach, or a symlink that leads to itself
        return str(path), 0, -1, 0
