"""`monitor feedback`: more like this, less like this, never this word, always this author."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.cli.tables import print_table
from monitor.types.feedback import FeedbackKind

if TYPE_CHECKING:
    from monitor.jobs.say import Said


@click.command("feedback")
@click.argument("profile")
@click.argument("kind", required=False, type=click.Choice(get_args(FeedbackKind)))
@click.argument("what", required=False)
@click.option("--topic", default="", help="The topic that it holds for; the paper's own, or all, when absent.")
@click.option("--undo", type=int, metavar="NUMBER", help="Take back what was said under this number.")
@click.pass_obj
def command(
    config: Path, profile: str, *, kind: FeedbackKind | None, what: str | None, topic: str, undo: int | None
) -> None:
    """Say what PROFILE wants more or less of, mutes or follows; without a KIND, list what was said.

    WHAT is a paper for more and less (an id, a URL or words of its title), a word for mute, an author (in full) or a
    term for follow. It counts from the next digest on.

    \b
    Examples:
      monitor feedback ada more 2303.16203
      monitor feedback ada mute survey
      monitor feedback ada --undo 3
    """
    if kind and not what:
        raise click.UsageError(f"say what: monitor feedback {profile} {kind} WHAT")
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import say

            reader = app.profiles.named(profile)
            if undo is not None:
                say.take_back(app, reader, undo)
            if kind and what:
                say.run(app, reader, kind, what, topic)
            said = say.listed(app, reader)
        finally:
            run_async(app.close())
    rows = [_row(one) for one in said]
    print_table(f"What readers of {profile} said", ("number", "when", "what", "of", "topic", ""), rows)


def _row(one: Said) -> tuple[object, ...]:
    word = one.feedback
    back = f"taken back on {word.undone_at:%Y-%m-%d}" if word.undone_at else ""
    return word.id, f"{word.at:%Y-%m-%d %H:%M}", word.kind, one.title or word.text, word.topic or "all", back
