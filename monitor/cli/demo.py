"""`monitor demo`: two weeks of sample listings in a few seconds, with mails to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import resources
from monitor.cli.installation import errors_told, run_async
from monitor.cli.tables import Told, print_table, progress
from monitor.clock import FrozenClock

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.jobs.overview import Overview
    from monitor.jobs.reports import Report
    from monitor.testing import FakeFetcher
    from monitor.types.profiles import Profile

SETTINGS = """\
# Made by `monitor demo`: sample listings, mails written to a folder.
database: monitor.db
profiles: profiles
sources:
  hf: {kind: hf_daily}
  dropped: {kind: snapshot, path: snapshots}
channel: {kind: file, path: outbox}
sender: {name: Paper Monitor, address: monitor@demo.example.org}
"""
_POLL_AT = time(4, 0, tzinfo=UTC)


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--open", "opens", is_flag=True, help="Open the last mail in a browser.")
def command(folder: Path | None, *, opens: bool) -> None:
    """Play the sample listings through the whole program, without network, into FOLDER (default: a new temporary one).

    FOLDER becomes an installation of its own: look around in it with `monitor --config FOLDER/monitor.yaml status`.

    \b
    Examples:
      monitor demo
      monitor demo try --open
    """
    with errors_told():
        home = make_home(folder)
        report, view = run_async(play(home))
    _tell(home, report, view)
    pages = sorted((home / "outbox").glob("*.html"))
    if opens and pages:
        click.launch(str(pages[-1]))


def make_home(folder: Path | None) -> Path:
    """Return a folder with the demo's own configuration in it. Refuses one that holds something else."""
    import shutil
    import tempfile

    if folder is None:
        home = Path(tempfile.mkdtemp(prefix="paper-monitor-demo-"))
    elif folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; name a new folder")
    else:
        home = folder.resolve()
        home.mkdir(parents=True, exist_ok=True)
    (home / "snapshots").mkdir()
    (home / "monitor.yaml").write_text(SETTINGS, encoding="utf-8")
    shutil.copytree(resources.folder("config") / "profiles", home / "profiles")
    for schema in resources.folder("config").glob("*.schema.json"):
        shutil.copy(schema, home)
    return home


async def play(home: Path) -> tuple[Report, Overview]:
    """Let two weeks of listings pass in ``home``, and return what came of it and how things stand at their end."""
    from monitor.app import open_app
    from monitor.jobs import overview
    from monitor.settings.load import load_all

    listings = resources.folder("config") / "samples" / "listings"
    days = sorted({date.fromisoformat(file.name[:10]) for file in listings.iterdir()})
    clock = FrozenClock(datetime.combine(days[0], _POLL_AT))
    loaded = load_all(home / "monitor.yaml")
    app = open_app(loaded.settings, loaded.profiles, clock=clock, fetcher=_samples(listings, clock))
    try:
        with progress(len(days)) as told:
            report = await _play_days(app, clock, listings, days, told)
        return report, overview.run(app)
    finally:
        await app.close()


async def _play_days(app: App, clock: FrozenClock, listings: Path, days: Sequence[date], told: Told) -> Report:
    """Let each day pass: its listings come in the morning, each profile's digest leaves at its hour."""
    import shutil

    from monitor.jobs import cycle
    from monitor.jobs.reports import Report

    report = Report()
    for day in days:
        told(f"{day:%A} {day.day} {day:%B}")
        for file in listings.glob(f"{day}*.txt"):
            shutil.copyfile(file, app.settings.folder / "snapshots" / file.name)
        clock.set(datetime.combine(day, _POLL_AT))
        report.add(await cycle.read(app))
        for moment in _hours(app.profiles, day):
            clock.set(moment)
            report.add(await cycle.mail(app))
    return report


def _hours(profiles: Iterable[Profile], day: date) -> list[datetime]:
    from monitor.digest.due import moment
    from monitor.types.ledger import Slot

    return sorted({moment(profile.schedule, Slot(day)) for profile in profiles})


def _samples(listings: Path, clock: FrozenClock) -> FakeFetcher:
    """Return a fetcher that answers for the Hugging Face API from the sample files, by date."""
    import re

    from monitor.testing import FakeFetcher

    def answer(url: str) -> bytes | Exception | None:
        found = re.search(r"date=(\d{4}-\d\d-\d\d)", url)
        file = listings / f"{found[1]}.hf.json" if found else None
        return file.read_bytes() if file and file.exists() else None

    return FakeFetcher(answer, clock)


def _tell(home: Path, report: Report, view: Overview) -> None:
    counts = report.counts
    rows = [
        ("listings read", counts["listings"]),
        ("papers", view.papers),
        ("new", view.verdicts.get("new", 0)),
        ("revised", view.verdicts.get("revised", 0)),
        ("near-duplicates", view.verdicts.get("near_duplicate", 0)),
        ("seen again", counts["seen"]),
        ("rising", view.trends),
        ("matches", view.matches),
        ("digests", counts["digests"]),
    ]
    for part, note in report.notes:
        click.echo(f"note: {part}: {note}", err=True)
    for part, reason in report.failures:
        click.echo(f"failed: {part}: {reason}", err=True)
    print_table("Two weeks of samples", ("what", "count"), rows)
    mails = sorted((home / "outbox").glob("*.html"))
    click.echo(f"\nThe mails lie in {home / 'outbox'}; the last ones, to open in a browser:")
    for mail in mails[-3:]:
        click.echo(f"  {mail}")
    click.echo(f"\nLook around:  monitor --config {home / 'monitor.yaml'} status\nYour own:     monitor init papers")
