"""uvicorn, as the pages want it: nothing of a request in a log, bounds on everything, no banner."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn

from monitor.app import App
from monitor.errors import MonitorError
from monitor.web.routes import site

log = logging.getLogger(__name__)

_CONNECTIONS = 500
_HEADERS = 32_768
_PATIENCE = 5


class Server(uvicorn.Server):
    """A server whose end is decided by the program around it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell the log where."""
        await super().startup(sockets)
        log.info("the pages are served at http://%s:%d", self.config.host, self.config.port)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the daemon."""
        yield


def server(app: App) -> Server:
    """Return a server of the pages of ``app``, not yet started. Raises MonitorError when there are none."""
    pages = site(app)
    web = app.settings.web
    assert web is not None
    config = uvicorn.Config(
        pages, host=web.host, port=web.port, http="h11", ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, limit_concurrency=_CONNECTIONS, timeout_keep_alive=15,
        timeout_graceful_shutdown=_PATIENCE, h11_max_incomplete_event_size=_HEADERS,
    )  # fmt: skip
    return Server(config)


async def serve(app: App, stop: asyncio.Event) -> None:
    """Serve the pages until ``stop``. Raises MonitorError when the address cannot be listened at."""
    running = server(app)
    task = asyncio.create_task(_until_up(running, app))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    running.should_exit = True
    waiting.cancel()
    await task


async def _until_up(running: Server, app: App) -> None:
    try:
        await running.serve()
    except SystemExit:  # how uvicorn says that it cannot listen
        web = app.settings.web
        assert web is not None
        raise MonitorError(
            f"{web.host}:{web.port} cannot be listened at; is another program there? change web.listen"
        ) from None
