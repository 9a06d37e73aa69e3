"""Try a profile before it is saved, and save it."""

from __future__ import annotations

from pathlib import Path

from monitor.app import App
from monitor.errors import MonitorError, NotFoundError
from monitor.jobs import preview
from monitor.jobs.preview import Draft
from monitor.settings.load import load_profile, profile_files
from monitor.settings.write import replace

DAYS = 7


def text_of(app: App, profile_id: str) -> str:
    """Return a profile's file as it stands. Raises NotFoundError."""
    return _file(app, profile_id).read_text(encoding="utf-8")


def trial(app: App, profile_id: str, text: str) -> Draft:
    """Return the digest that a profile with this text would have made of the last week.

    Nothing is written. Raises ConfigError with every problem of the text.
    """
    profile = load_profile(_file(app, profile_id), text)
    return preview.run(app, profile, profile.to[0], DAYS)


def save(app: App, profile_id: str, text: str) -> None:
    """Write a profile's file, whole or not at all; a running daemon takes it over within seconds.

    Raises ConfigError when the text is no profile, and MonitorError when the settings allow no edits.
    """
    if app.settings.web is None or not app.settings.web.edit:
        raise MonitorError("profiles cannot be edited here; set 'edit: true' under 'web:' in monitor.yaml to allow it")
    path = _file(app, profile_id)
    trial(app, profile_id, text)
    replace(path, text)


def _file(app: App, profile_id: str) -> Path:
    found = {path.stem: path for path in profile_files(app.settings.profiles)}
    if profile_id not in found:
        raise NotFoundError("profile", profile_id)
    return found[profile_id]
