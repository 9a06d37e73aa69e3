"""`monitor profile`: make a profile, try an edit, and see what it would say."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import explain
from monitor.cli.installation import errors_told, json_text, opened, run_async
from monitor.cli.learn import share
from monitor.cli.tables import print_table
from monitor.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.jobs.compare import Side
    from monitor.types.papers import Paper
    from monitor.types.verdicts import Match

_SHOWN = 20


@click.group("profile")
def command() -> None:
    """Make a profile, and see what an edit of it would do before it is saved.

    \b
    Examples:
      monitor profile new ada --about "Diffusion models used as classifiers" --to ada@example.org
      monitor profile diff drafts/ada.yaml
    """


command.add_command(explain.command, "test")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.pass_obj
def list_(config: Path, *, as_json: bool) -> None:
    """List the profiles: for whom, when, and how much they found in the last 14 days.

    \b
    Example:
      monitor profile list
    """
    with opened(config) as app:
        from monitor.jobs import profiles

        found = profiles.listed(app)
    if as_json:
        click.echo(json_text([asdict(one) for one in found]))
        return
    print_table(
        "Profiles", ("profile", "topics", "readers", "leaves", "in 14 days", "last digest"),
        [(one.id, ", ".join(one.topics), one.readers, one.leaves, one.matched, one.last or "-") for one in found],
    )  # fmt: skip


@command.command("new")
@click.argument("name")
@click.option("--about", default="", help="What it is about, in a sentence or an abstract.")
@click.option(
    "--from", "source", default="", metavar="PAPERS",
    help="Papers that fit: a .bib, .ris, .rdf, .csv, .json or .txt file, a PDF, or the ORCID iD of their author.",
)  # fmt: skip
@click.option("--to", default="", help="Where the digest goes.")
@click.option("--at", default="08:00", show_default=True, help="When it leaves on weekdays.")
@click.option("--timezone", "zone", default="UTC", show_default=True, help="The time zone, as in Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Print the file instead of writing it.")
@click.pass_obj
def new(config: Path, name: str, *, about: str, source: str, to: str, at: str, zone: str, dry_run: bool) -> None:
    """Write the profile NAME.yaml to go on with in an editor; what is there is never written over.

    Asks at a terminal for what is not said. Papers from a file are put beside it as they are, and named under `like`.

    \b
    Examples:
      monitor profile new ada --about "Diffusion models used as classifiers" --to ada@example.org
      monitor profile new ada --from refs.bib --to ada@example.org
      monitor profile new ada --from 0000-0002-1825-0097 --to ada@example.org --dry-run
    """
    if sys.stdin.isatty() and not (about or source):
        about = click.prompt("What do you follow, in a sentence")
        at, zone = click.prompt("When does it leave on weekdays", at), click.prompt("Your time zone", zone)
    if sys.stdin.isatty() and not to:
        to = click.prompt("Where does the digest go (an address)")
    if not to or not (about or source):
        raise click.UsageError("say --to ADDRESS, and --about TEXT or --from PAPERS")
    with errors_told():
        from monitor.settings.draft import Draft, DraftTopic
        from monitor.settings.load import load_settings

        settings = load_settings(config)
        papers = run_async(_papers(config, source)) if source else None
        topic = DraftTopic(about, papers[0] if papers else "")
        draft = Draft(to, (topic,), name=name, at=at, zone=zone)
        if dry_run:
            click.echo(draft.text(), nl=False)
            return
        from monitor.jobs import new_profile

        path, liked = new_profile.create(settings.profiles, name, draft, dict([papers] if papers else []))
    click.echo(f"made {path}" + (f", which likes {counted(liked, 'paper')}" if liked else ""))
    click.echo(f"  $EDITOR {path}\n  monitor preview {name} --open\n  monitor profile suggest {name}")


async def _papers(config: Path, source: str) -> tuple[str, bytes]:
    from monitor.clock import SystemClock
    from monitor.ingest.fetch import HttpFetcher
    from monitor.jobs import new_profile
    from monitor.settings.load import load_settings

    settings = load_settings(config)
    fetcher = HttpFetcher(SystemClock(), settings.sender.address, settings.allow_hosts, proxy=settings.proxy)
    try:
        return await new_profile.library(source, fetcher)
    finally:
        await fetcher.close()


@command.command("diff")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--against", metavar="PROFILE", help="The profile that it is an edit of; the one of the file's name.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 365), help="Over how many days.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.pass_obj
def diff(config: Path, file: Path, *, against: str | None, days: int, as_json: bool) -> None:
    """Show what an edited profile, FILE, would add and drop, and how right it is by what readers said so far.

    \b
    Examples:
      cp profiles/ada.yaml drafts/ && $EDITOR drafts/ada.yaml
      monitor profile diff drafts/ada.yaml --days 30
      monitor profile diff idea.yaml --against ada
    """
    with opened(config) as app:
        from monitor.jobs import compare
        from monitor.settings.load import load_draft

        saved = app.profiles.named(against or file.stem)
        _refuse_saved(file, saved.id, app.profiles.folder)
        found = compare.run(app, saved, load_draft(file, saved.id), days)
    if as_json:
        click.echo(json_text(asdict(found)))
        return
    click.echo(f"{saved.id}, news of {counted(days, 'day')}: {counted(found.papers, 'paper')}")
    print_table("", ("", "matched", "right of what readers judged", "wanted and found"),
                [_side("now", found.now), _side("edited", found.edited)])  # fmt: skip
    _tell_papers("comes", found.comes)
    _tell_papers("goes", found.goes)
    if found.keys:
        click.echo(f"changed besides: {', '.join(found.keys)}")


def _refuse_saved(file: Path, name: str, folder: Path) -> None:
    """Raise MonitorError, saying what to do, when ``file`` is no draft: not there, or the saved profile itself."""
    from monitor.errors import MonitorError
    from monitor.settings.load import profile_files

    own = next(one for one in profile_files(folder) if one.stem == name)
    if not file.exists() or file.samefile(own):
        what = f"{file} is what holds already" if file.exists() or str(file) == name else f"there is no file {file}"
        then = f"`cp {own} draft.yaml`, edit the copy, `monitor profile diff draft.yaml --against {name}`"
        raise MonitorError(f"{what}: {then}")


def _side(name: str, side: Side) -> tuple[object, ...]:
    return name, side.matched, share(side.right), share(side.found)


def _tell_papers(what: str, some: Sequence[tuple[Match, Paper]]) -> None:
    click.echo(f"{what}: {len(some)}")
    for match, paper in some[:_SHOWN]:
        why = f" ({match.reasons[0].kind}: {match.reasons[0].text})" if match.reasons else ""
        click.echo(f"  {match.probability:4.0%}  {match.topic}: {paper.title}{why}\n        {paper.key}")
    if len(some) > _SHOWN:
        click.echo(f"  and {len(some) - _SHOWN} more")


@command.command("suggest")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.pass_obj
def suggest(config: Path, name: str, *, as_json: bool) -> None:
    """Name phrases, authors and institutions that the papers liked in profile NAME share, and that it does not say.

    \b
    Example:
      monitor profile suggest ada
    """
    with opened(config) as app:
        from monitor.jobs import suggest as job

        found = job.run(app, app.profiles.named(name))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
        return
    if not found:
        click.echo("nothing: the liked papers share no more than chance would give, or it is all said already")
    for topic, key in dict.fromkeys((one.topic, one.key) for one in found):
        click.echo(f"{topic}:\n  {key}:")
        for one in found:
            if (one.topic, one.key) == (topic, key):
                click.echo(f"    - {one.text}    # in {one.liked} of {one.of} liked, and in {one.usual:.1%} of all")
