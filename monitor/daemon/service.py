"""The daemon: opens the installation, ticks, reloads what people edit, and stops cleanly."""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor.app import App, open_app, open_channel, open_channels, open_links, open_summaries
from monitor.daemon import memory
from monitor.daemon.duties import Duties
from monitor.daemon.notify import notify
from monitor.daemon.schedule import Jobs, ticking
from monitor.engine import open_engine
from monitor.engine.local import LocalEngine
from monitor.errors import ConfigProblem, MonitorError, StoreError
from monitor.jobs import topics
from monitor.settings.load import Loaded, load_all
from monitor.settings.watch import Watcher
from monitor.store import backup as backup_store
from monitor.store import beats, marks, outbox
from monitor.store.lock import Heart, only_one
from monitor.text import counted

log = logging.getLogger(__name__)

ALIVE = timedelta(seconds=10)
PREPARE = timedelta(minutes=10)
WATCH = timedelta(seconds=2)
PATIENCE = 10.0
"""Seconds that running jobs get to finish after SIGTERM."""
LONGEST_PATIENCE = 60.0
"""Seconds that they get while a mail is on its way: broken off, it would come twice."""


async def serve(path: Path, load: Callable[[Path], Loaded] = load_all) -> None:
    """Run the installation that ``path`` configures until SIGTERM or SIGINT; ``load`` reads it, now and after edits.

    Raises ConfigError, and StoreError when the database cannot be used or another process has it.
    """
    memory.settle()
    watcher = Watcher(path)  # before loading, so that no edit falls between
    loaded = load(path)
    _warn(loaded)
    with only_one(loaded.settings.database) as heart:
        _refuse_damage(loaded.settings.database)
        app = open_app(loaded.settings, loaded.profiles)
        memory.keep()
        try:
            await _serve(app, Reloader(app, partial(load, path), watcher, loaded), heart)
        finally:
            await app.close()


def _warn(loaded: Loaded, before: Loaded | None = None) -> None:
    """Log what will disappoint in a configuration, but not what was so ``before``, be it on another line now."""
    told = {_told(one) for one in before.warnings} if before else set()
    for warning in loaded.warnings:
        if _told(warning) not in told:
            log.warning("%s", warning)


def _told(warning: ConfigProblem) -> tuple[Path, str, str]:
    return warning.path, warning.message, warning.source_line


def _refuse_damage(database: str) -> None:
    """Raise StoreError when the database's file is there and damaged: it is never made anew over what it held."""
    if "://" not in database and Path(database).exists() and Path(database).stat().st_size:
        backup_store.check(Path(database))


async def _serve(app: App, reload: Reloader, heart: Heart) -> None:
    with app.store.write() as session:
        outbox.release_claims(session)
        marks.drop(session, "configuration")
    stop, duties = asyncio.Event(), Duties(app)
    engine = duties.engine = open_engine(app.settings.engine.kind, app, duties.do)
    here = engine if isinstance(engine, LocalEngine) else LocalEngine()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload.ask)
    scheduler = ticking(_jobs(app, reload, duties, heart), here)
    working = asyncio.create_task(engine.run())
    if app.settings.web and "web" in app.settings.roles:
        from monitor.web import server

        here.start("pages", lambda: server.serve(app, stop))
    log.info("watching %s for %s", counted(len(app.sources), "source"), counted(len(app.profiles), "profile"))
    notify("READY=1")
    await stop.wait()
    notify("STOPPING=1")
    log.info("stopping: no new work, %g s for what runs, %g s for mails", PATIENCE, LONGEST_PATIENCE)
    scheduler.shutdown(wait=False)
    app.stopping = True
    drained = (one.drain(PATIENCE, lambda: app.under_way > 0, LONGEST_PATIENCE) for one in {here, engine})
    for name in itertools.chain(*await asyncio.gather(*drained)):
        log.warning("%s did not end in time and was broken off; it is done again", name)
    await working
    if app.store.is_shared:
        with suppress(StoreError):
            beats.stop(app.store)


def _jobs(app: App, reload: Reloader, duties: Duties, heart: Heart) -> Jobs:
    """Return what this process does for itself, and the ticks of the duties that others may share."""

    async def ready() -> None:
        await asyncio.to_thread(topics.prepare, app)
        await asyncio.to_thread(memory.give_back)

    async def alive() -> None:
        heart.beat()
        notify("WATCHDOG=1")
        if app.store.is_shared:
            await asyncio.to_thread(beats.beat, app.store, app.clock.now())

    async def watch() -> None:
        if reload.if_changed():
            await duties.edited()

    return {
        "alive": (ALIVE, alive),
        **{f"tick {name}": (pause, partial(duties.tick, name)) for name, pause in duties.pauses().items()},
        "prepare": (PREPARE, ready),
        "reload": (WATCH, watch),
    }


class Reloader:
    """Takes over what people edit, as soon as all of it is right; until then the last good configuration holds."""

    def __init__(self, app: App, load: Callable[[], Loaded], watcher: Watcher, loaded: Loaded) -> None:
        self._app = app
        self._loaded = loaded
        self._load = load
        self._watcher = watcher

    def ask(self) -> None:
        """Have it reloaded at the next look, changed or not: once, also when an edit was about to be noticed."""
        self._watcher.look_again()

    def if_changed(self) -> bool:
        """Reload when a file changed or somebody asked; returns whether a new configuration holds."""
        return self._watcher.changed() and self.now()

    def now(self) -> bool:
        """Reload; returns whether a new configuration holds."""
        try:
            loaded = self._load()
            self._take(loaded)
        except MonitorError as error:
            log.error("the configuration was changed and is not usable; the last good one holds:\n%s", error)  # noqa: TRY400 - the trace says nothing to the person who edits
            self._mark(str(error))
            return False
        self._mark("")
        log.info("the configuration was read again: %s", counted(len(loaded.profiles), "profile"))
        _warn(loaded, self._loaded)
        self._loaded = loaded
        return True

    def _mark(self, wrong: str) -> None:
        """Note, for ``monitor status`` and the operator, what is wrong in the files now; nothing when they are good."""
        with self._app.store.write() as session:
            if wrong:
                marks.put(session, "configuration", self._app.clock.now(), wrong)
            else:
                marks.drop(session, "configuration")

    def _take(self, loaded: Loaded) -> None:
        new, old = loaded.settings, self._app.settings
        if new.database != old.database:
            log.warning("a new database: is used after a restart only")
        app = self._app  # all of it is opened before any of it is used: what fails here leaves the old one whole
        links = open_links(new) if new.web != old.web else app.links
        channel = open_channel(new.channel) if new.channel != old.channel else app.channel
        channels = open_channels(new) if new.channels != old.channels else app.channels
        if new.summaries != old.summaries:
            app.summaries, app.summaries_rest = open_summaries(new), None
        app.links, app.channel, app.channels = links, channel, channels
        app.settings, app.profiles = new, loaded.profiles
