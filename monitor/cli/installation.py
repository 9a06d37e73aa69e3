"""What commands share: opening the installation, running it, and telling errors to a person."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from monitor.clock import Clock, FrozenClock
from monitor.errors import ConfigError, MonitorError
from monitor.text import counted

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.settings.load import Loaded

P = ParamSpec("P")
T = TypeVar("T")

EXIT_PARTLY = 1
EXIT_CONFIG = 2
EXIT_FAILED = 3


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn an expected error into its message and an exit status: 2 for configuration, 3 for everything else."""
    try:
        yield
    except ConfigError as error:
        click.echo(str(error), err=True)
        click.echo(f"{counted(len(error.problems), 'problem')} in the configuration; nothing was done", err=True)
        sys.exit(EXIT_CONFIG)
    except MonitorError as error:
        click.echo(f"monitor: {error}", err=True)
        sys.exit(EXIT_FAILED)


def json_text(found: object) -> str:
    """Return what was found as JSON; dates and times are ISO 8601, and whatever else JSON has no word for is text."""
    import json

    def told(one: object) -> str:
        return one.isoformat() if isinstance(one, date) else str(one)  # a moment is a date too

    return json.dumps(found, indent=1, default=told)


def required(path: Path) -> None:
    """Raise MonitorError, saying what to do, when there is no configuration at ``path``."""
    if not path.is_file():
        raise MonitorError(f"there is no {path}; `monitor init DIR` makes one, --config names another")


def configuration(path: Path) -> Loaded:
    """Return the configuration at ``path``, and say where to read its warnings if it has some. Raises ConfigError."""
    loaded = read_configuration(path)
    if loaded.warnings:
        told = counted(len(loaded.warnings), "warning")
        click.echo(f"note: {told} about the configuration; `monitor check` says more", err=True)
    return loaded


def read_configuration(path: Path) -> Loaded:
    """Return the configuration at ``path``; its warnings are the caller's to tell. Raises ConfigError."""
    required(path)
    with _without_collecting():
        from monitor.settings.load import load_all

        return load_all(path)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: what is loaded stays, and looking through it again and again is a tenth of all."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def open_installation(path: Path, clock: Clock | None = None) -> App:
    """Return the installation that ``path`` configures, on its own clock if none. Raises ConfigError, StoreError."""
    from monitor.app import open_app

    loaded = configuration(path)
    return open_app(loaded.settings, loaded.profiles, clock=clock)


@contextmanager
def opened(path: Path) -> Iterator[App]:
    """Give the installation that ``path`` configures, tell its errors, and close it."""
    with errors_told():
        app = open_installation(path)
        try:
            yield app
        finally:
            run_async(app.close())


def clock_at(at: datetime | None) -> Clock | None:
    """Return a clock that stands at ``at`` (UTC where it names no zone), or ``None`` for the installation's own."""
    return None if at is None else FrozenClock(at if at.tzinfo else at.replace(tzinfo=UTC))


def log_to_stderr(verbosity: int, *, as_json: bool = False) -> None:
    """Send the log to standard error: warnings at 0, what is done at 1, each paper's way at 2; as text, or as JSON."""
    import logging

    from monitor.cli.log import JsonFormatter, TextFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO if verbosity else logging.WARNING)
    logging.getLogger("monitor").setLevel(logging.DEBUG if verbosity > 1 else logging.NOTSET)
    for library in ("apscheduler", "alembic", "procrastinate", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)


def logged(command: Callable[P, T]) -> Callable[..., T]:
    """Give a command that runs for long -q, -v and --log, and send its log to standard error as they say."""

    @click.option("-q", "--quiet", is_flag=True, help="Log warnings only.")
    @click.option(
        "-v", "--verbose", is_flag=True, envvar="MONITOR_VERBOSE",
        help="Log what is decided about each paper too, from listing to delivery; MONITOR_VERBOSE=1 says it too.",
    )  # fmt: skip
    @click.option(
        "--log", "form", type=click.Choice(["text", "json"]), envvar="MONITOR_LOG", default="text", show_default=True,
        help="How the lines of the log are written; MONITOR_LOG says it too.",
    )  # fmt: skip
    @wraps(command)
    def told(*arguments: Any, quiet: bool, verbose: bool, form: str, **options: Any) -> T:
        log_to_stderr(2 if verbose else int(not quiet), as_json=form == "json")
        return command(*arguments, **options)

    return told


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Return what ``work`` returns, run to its end on a loop of its own."""
    import asyncio

    return asyncio.run(work)
