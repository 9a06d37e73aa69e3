"""`monitor preview`: what a reader would get."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import clock_at, errors_told, open_installation, run_async
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.jobs.preview import Draft

_LOOK_AGAIN = 0.5


@click.command("preview")
@click.argument("profile")
@click.option(
    "--days", default=7, show_default=True, help="How many days the digest covers, as if nothing had been sent."
)
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the page; its text and headers lie beside it.",
)  # fmt: skip
@click.option("--text", "part", flag_value="text", help="Print the text part instead.")
@click.option("--headers", "part", flag_value="headers", help="Print the headers instead.")
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.option("--serve", "port", type=int, help="Show page, text and headers at http://127.0.0.1:PORT instead.")
@click.option("--watch", is_flag=True, help="Draw again whenever a template, a profile or monitor.yaml is edited.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Act as if it were this time.")
@click.pass_obj
def command(
    config: Path, profile: str, *, days: int, target: Path | None, part: str | None, opens: bool,
    port: int | None, watch: bool, at: datetime | None,
) -> None:  # fmt: skip
    """Show the digest of PROFILE as its file stands now, without sending anything.

    \b
    Examples:
      monitor preview ada --open
      monitor preview ada --days 30 --text
      monitor preview ada --serve 8025 --watch
    """
    with errors_told():
        draft = drafted(config, profile, days, at)
    if part:
        click.echo(draft.text if part == "text" else draft.headers)
        return
    drawn = _Drawn(config, profile, days, at, draft)
    target = target or Path(f"preview-{profile}.html")
    if port is None:
        _write(draft, target)
    else:
        from monitor.cli.serving import serve

        try:
            port = serve(port, drawn)
        except OSError as error:
            raise click.ClickException(f"port {port} cannot be used: {error}; name another") from error
        click.echo(f"{draft.subject}\nhttp://127.0.0.1:{port}  (Ctrl-C ends it)")
    if opens:
        click.launch(f"http://127.0.0.1:{port}" if port else str(target.resolve()))
    while watch or port is not None:
        time.sleep(_LOOK_AGAIN)
        if watch and drawn.changed() and port is None:
            _write(drawn.draft, target)


class _Drawn:
    """The draft as it is now, and how to tell that what it is made of was edited."""

    def __init__(self, config: Path, profile: str, days: int, at: datetime | None, draft: Draft) -> None:
        self._asked = (config, profile, days, at)
        self.draft = draft
        self._stamp = _stamp(config, draft)

    def changed(self) -> bool:
        """Draw again when a file was edited, and return whether one was; what is wrong with it becomes the draft."""
        from monitor.words import speak

        stamp = _stamp(self._asked[0], self.draft)
        if stamp == self._stamp:
            return False
        speak.cache_clear()
        try:
            self.draft = drafted(*self._asked)
        except MonitorError as error:
            self.draft = replace(self.draft, problem=str(error))
        self._stamp = stamp
        return True


def _stamp(config: Path, draft: Draft) -> tuple[tuple[str, int], ...]:
    files = [config, *(path for folder in draft.made_of for path in folder.rglob("*") if path.is_file())]
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files if path.is_file()))


def drafted(config: Path, profile: str, days: int, at: datetime | None) -> Draft:
    """Return the digest that a profile would get. Raises MonitorError."""
    from monitor.jobs import preview

    app = open_installation(config, clock_at(at))
    try:
        named = app.profiles.named(profile)
        return preview.run(app, named, named.to[0], days)
    finally:
        run_async(app.close())


def _write(draft: Draft, target: Path) -> None:
    for path, content in ((target, draft.html), (target.with_suffix(".txt"), draft.text)):
        path.write_text(content, encoding="utf-8")
    target.with_suffix(".headers").write_text(draft.headers + "\n", encoding="utf-8")
    click.echo(f"{draft.subject}\n{target.resolve()}  {draft.size / 1024:.0f} KB on the wire, of 90")
    if draft.problem:
        click.echo(f"problem: {draft.problem}", err=True)
