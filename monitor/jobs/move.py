"""Bring the readers of another program here: a profile each, and what they read there as sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.jobs import new_profile
from monitor.jobs.add_sources import add_sources
from monitor.moves import Moved, MovedReader
from monitor.settings import opml
from monitor.settings.draft import Draft, DraftTopic
from monitor.settings.load import load_settings, profile_files
from monitor.settings.opml import OpmlFeed
from monitor.settings.yaml import read_document
from monitor.text import one_line

MOST_TOPICS = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written: profiles by id with their files of papers, lines of sources; and what is left out."""

    profiles: Mapping[str, tuple[Draft, Mapping[str, bytes]]]
    sources: tuple[str, ...]
    left_out: tuple[str, ...]


def plan(config: Path, moved: Moved, to: str = "", zone: str = "UTC") -> Plan:
    """Return what bringing ``moved`` to the installation of ``config`` would write.

    ``to`` stands for addresses that are not known. A profile that is here already stays as it is. Raises ConfigError.
    """
    settings = load_settings(config)
    here: dict[str, Any] = read_document(config).value.get("sources") or {}
    left_out = list(moved.left_out)
    wrong = {name: problem for name, url in moved.feeds.items() if (problem := opml.wrong_with(url))}
    left_out += [f"{name}: {problem}" for name, problem in wrong.items()]
    new = opml.named([OpmlFeed(name, url) for name, url in moved.feeds.items() if name not in wrong], here)
    lines = [*opml.lines(new), *(_line(name, raw) for name, raw in moved.sources.items() if name not in here)]
    reads = opml.by_feed({**here, **{name: {"url": feed.url} for name, feed in new.items()}})
    taken = {path.stem for path in profile_files(settings.profiles)}
    profiles: dict[str, tuple[Draft, Mapping[str, bytes]]] = {}
    for reader in moved.readers:
        profile_id = opml.free_name(opml.slug(reader.name) or "reader", profiles)
        if profile_id in taken:
            left_out.append(f"{reader.name}: profile {profile_id} is here already; rename its file to take this one in")
        elif not (reader.to or to):
            left_out.append(f"{reader.name}: no address is kept there; say --to ADDRESS")
        elif found := _profile(profile_id, reader, reader.to or to, zone, reads, left_out):
            profiles[profile_id] = found
    return Plan(profiles, tuple(lines), tuple(left_out))


def carry_out(config: Path, planned: Plan) -> Iterator[tuple[Path, int]]:
    """Write it: the sources first; then yield each profile as it is written, and how many papers it likes.

    Raises MonitorError at what cannot be written; what was written before it stands, and the same can be done again.
    """
    if planned.sources:
        add_sources(config.resolve(), planned.sources)
    folder = load_settings(config).profiles
    for profile_id, (draft, files) in planned.profiles.items():
        yield new_profile.create(folder, profile_id, draft, files)


def _profile(
    profile_id: str, reader: MovedReader, to: str, zone: str, reads: Mapping[str, str], left_out: list[str]
) -> tuple[Draft, Mapping[str, bytes]] | None:
    topics: dict[str, DraftTopic] = {}
    files: dict[str, bytes] = {}
    for topic in reader.topics:
        name = opml.free_name(one_line(topic.name, 60) or "topic", topics)
        if len(topics) == MOST_TOPICS:
            left_out.append(f"{reader.name}: a profile has at most {MOST_TOPICS} topics, {topic.name} has no place")
        elif topic.library:
            file = f"{profile_id}/{opml.free_name(opml.slug(name) or 'topic', {Path(one).stem for one in files})}"
            file += Path(topic.library[0]).suffix
            files[file] = topic.library[1]
            topics[name] = DraftTopic(library=file, name=name)
        elif source := reads.get(opml.feed_key(topic.feed), ""):
            topics[name] = DraftTopic(query=f"source:{source}", name=name)
    matcher = "" if files else "rules"
    draft = Draft(to, tuple(topics.values()), reader.name, zone=zone, budget=reader.budget or 12, matcher=matcher)
    return (draft, files) if topics else None


def _line(name: str, raw: Mapping[str, Any]) -> str:
    return f"{name}: {{{', '.join(f'{key}: {json.dumps(value)}' for key, value in raw.items())}}}"
