"""An installation for each test, and daemons that do not outlive it."""

from __future__ import annotations

import signal

import pytest

from tests.acceptance.installation import installed


@pytest.fixture
def installation(tmp_path):
    return installed(tmp_path)


@pytest.fixture
def daemon(installation):
    """Starts the daemon; ends it by its id if the test did not."""
    running = []

    def start(*arguments):
        process = installation.start("run", *arguments)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)
