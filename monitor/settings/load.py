"""From files to settings and profiles, or to one error that holds every mistake in every file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from monitor.errors import ConfigError, ConfigProblem
from monitor.registry import did_you_mean
from monitor.settings.advice import advise
from monitor.settings.credentials import literal_secrets, resolve
from monitor.settings.fields import check_id
from monitor.settings.installation import (
    WrittenBackup,
    WrittenEmbeddings,
    WrittenSender,
    WrittenSettings,
    WrittenSummaries,
)
from monitor.settings.kinds import read_channel, read_channels, read_sources, under, validated
from monitor.settings.libraries import Libraries, read_libraries
from monitor.settings.schema import WrittenProfile
from monitor.settings.values import (
    BackupSettings,
    ChannelSettings,
    DkimKey,
    EmbeddingsSettings,
    EngineSettings,
    Loaded,
    ProfileSet,
    SenderSettings,
    Settings,
    SourceSettings,
    SummariesSettings,
)
from monitor.settings.yaml import Document, read_document, shown
from monitor.types.profiles import Profile

__all__ = [
    "ChannelSettings",
    "EmbeddingsSettings",
    "Loaded",
    "ProfileSet",
    "SenderSettings",
    "Settings",
    "SourceSettings",
    "SummariesSettings",
    "database_of",
    "load_all",
    "load_draft",
    "load_profile",
    "load_profiles",
    "load_settings",
    "profile_files",
    "profiles_folder",
]

T = TypeVar("T")


@dataclass(slots=True)
class _Outcome(Generic[T]):
    """A value, if there is one, and all that is to be said about the files it came from."""

    value: T | None = None
    problems: list[ConfigProblem] = field(default_factory=list)
    warnings: list[ConfigProblem] = field(default_factory=list)

    def get(self) -> T:
        if self.problems or self.value is None:
            raise ConfigError(_in_order(self.problems))
        return self.value


def load_settings(path: Path) -> Settings:
    """Return what ``monitor.yaml`` at ``path`` says.

    Relative paths in it count from its own folder, and ``${env:NAME}`` and ``${file:path}`` are looked up. Raises
    ConfigError with every problem of the file.
    """
    return _settings(path)[0].get()


def load_profiles(folder: Path) -> ProfileSet:
    """Return the profiles in ``folder``: one for each ``<id>.yaml`` or ``<id>.yml``, sorted by id.

    Raises ConfigError with every problem of every file, and when there is no profile.
    """
    return _profiles(folder).get()


def load_profile(path: Path, draft: str | None = None) -> Profile:
    """Return the profile at ``path``, or what it would be with the text ``draft``. Raises ConfigError."""
    return _profile(path, draft).get()


def load_draft(path: Path, profile_id: str) -> Profile:
    """Return the profile ``profile_id`` as the edited file at ``path`` has it, whatever that is called.

    Raises ConfigError.
    """
    return _profile(path, profile_id=profile_id).get()


def load_all(path: Path) -> Loaded:
    """Return the settings at ``path`` and the profiles that they name.

    Raises one ConfigError with every problem of ``monitor.yaml`` and of every profile.
    """
    settings, folder = _settings(path)
    profiles = _profiles(folder)
    problems = [*settings.problems, *profiles.problems, *_not_installed(settings.value, profiles.value)]
    if problems:
        raise ConfigError(_in_order(problems))
    return Loaded(settings.get(), profiles.get(), _in_order([*settings.warnings, *profiles.warnings]))


def _not_installed(settings: Settings | None, profiles: ProfileSet | None) -> Iterable[ConfigProblem]:
    """Yield a problem for each source, channel or model that a profile names and monitor.yaml does not."""
    if settings is None or profiles is None:
        return
    known = [source.name for source in settings.sources]
    for profile in profiles:
        name = profile.schedule.after
        if name and name not in known:
            hint = did_you_mean(name, known)
            document = _document(profiles, profile)
            yield document.problem(("schedule", "after"), f"no source is named {shown(name)}", hint)
        if profile.channel and profile.channel not in settings.channels:
            hint = did_you_mean(profile.channel, settings.channels) or "add it under 'channels:' in monitor.yaml"
            document = _document(profiles, profile)
            yield document.problem(("channel",), f"no channel is named {shown(profile.channel)}", hint)
        alert = profile.alerts.channel
        if alert and alert not in (*settings.channels, settings.channel.kind):
            hint = did_you_mean(alert, ("email", *settings.channels))
            yield _document(profiles, profile).problem(("trends", "alert"), f"no channel is named {shown(alert)}", hint)
        asked = {"matcher": profile.topics[0].matchers, "experiment": profile.experiment}
        for key, kinds in asked.items():
            if "embeddings" in kinds and settings.embeddings is None:
                hint = "add 'embeddings: {folder: ...}' to monitor.yaml, a folder with model.onnx and tokenizer.json"
                yield _document(profiles, profile).problem((key,), "there is no model for 'embeddings'", hint)


def _document(profiles: ProfileSet, profile: Profile) -> Document:
    return read_document(next(file for file in profile_files(profiles.folder) if file.stem == profile.id))


def profile_files(folder: Path) -> list[Path]:
    """Return the files of ``folder`` that are profiles by their name, sorted; what editors leave lying about is not.

    Raises OSError when the folder cannot be listed.
    """
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.suffix.lower() in {".yaml", ".yml"} and not entry.name.startswith((".", "#"))
    )


def profiles_folder(path: Path) -> Path:
    """Return the folder of profiles that ``monitor.yaml`` names. Raises ConfigError when it cannot be read."""
    path = Path(path).absolute()
    return _named_folder(read_document(path), path.parent)


def database_of(path: Path) -> str:
    """Return the database that ``monitor.yaml`` names, whatever else is wrong there; the usual one if unreadable."""
    path = Path(path).absolute()
    try:
        document = read_document(path)
        named = resolve(document.value.get("database"), ("database",), document, path.parent)
    except ConfigError:
        named = None
    return _database(path.parent, named if isinstance(named, str) else "monitor.db")


def _in_order(problems: Iterable[ConfigProblem]) -> tuple[ConfigProblem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column)))


# --- profiles ------------------------------------------------------------------------------------------------------


def _profiles(folder: Path) -> _Outcome[ProfileSet]:
    try:
        files = profile_files(folder)
    except OSError as error:
        reason = f"the folder of profiles cannot be read: {(error.strerror or str(error)).lower()}"
        return _Outcome(
            problems=[ConfigProblem(folder, 1, 1, reason, hint="make it, or change 'profiles:' in monitor.yaml")]
        )
    if not files:
        hint = "write one, such as ada.yaml, with a line 'to: you@example.org' and a topic under 'topics:'"
        return _Outcome(problems=[ConfigProblem(folder, 1, 1, "there is no profile in this folder", hint=hint)])
    outcomes = [_profile(file) for file in files]
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    warnings = [warning for outcome in outcomes for warning in outcome.warnings]
    profiles = sorted((outcome.value for outcome in outcomes if outcome.value), key=lambda profile: profile.id)
    found = ProfileSet(folder, tuple(profiles), _in_order(warnings))
    return _Outcome(found, [*problems, *_shared_ids(files)], warnings)


def _shared_ids(files: list[Path]) -> list[ConfigProblem]:
    problems, first = [], dict[str, Path]()
    for file in files:
        other = first.setdefault(file.stem, file)
        if other is not file:
            message = f"{other.name} and {file.name} would both be the profile {file.stem!r}"
            problems.append(ConfigProblem(file, 1, 1, message, hint="rename or remove one"))
    return problems


def _profile(path: Path, draft: str | None = None, profile_id: str = "") -> _Outcome[Profile]:
    profile_id = profile_id or path.stem
    try:
        document = read_document(path, draft)
    except ConfigError as error:
        return _Outcome(problems=list(error.problems))
    try:
        check_id(profile_id)
    except ValueError:
        message = f"{shown(profile_id)} cannot be a profile's id"
        document.problems.append(
            document.problem_at(
                1, 1, message, "rename the file: small letters, digits and dashes, such as ada-diffusion.yaml"
            )
        )
    written = validated(WrittenProfile, document.value, (), document)
    libraries = read_libraries(written, document) if written else Libraries()
    if written is None or document.problems:
        return _Outcome(problems=document.problems)
    warnings = [*advise(written, document, libraries.expanded), *libraries.warnings]
    return _Outcome(written.profile(profile_id, libraries.expanded), warnings=warnings)


# --- monitor.yaml --------------------------------------------------------------------------------------------------


def _settings(path: Path) -> tuple[_Outcome[Settings], Path]:
    """Return the settings, and the folder of profiles even when they cannot be used."""
    path = Path(path).absolute()
    folder = path.parent  # not resolved: a Kubernetes ConfigMap is a symlink into a folder that comes and goes
    try:
        document = read_document(path)
    except ConfigError as error:
        return _Outcome(problems=list(error.problems)), folder / "profiles"
    written = validated(WrittenSettings, _with_secrets(document, folder), (), document)
    sources, channels = read_sources(document, folder), read_channels(document, folder)
    channel = read_channel(document.value.get("channel"), ("channel",), document, folder)
    profiles = _named_folder(document, folder)
    _require_sender(document, (channel, *channels.values()))
    if written and written.engine.kind != "local" and not written.database.startswith("postgresql"):
        hint = "write 'database: postgresql://...', or leave 'engine' out"
        document.problems.append(document.problem(("engine", "kind"), "workers share a PostgreSQL database only", hint))
    embeddings = _embeddings(written.embeddings, document, folder) if written else None
    if written is None or channel is None or document.problems:
        return _Outcome(problems=document.problems), profiles
    value = Settings(
        path=path,
        folder=folder,
        database=_database(folder, written.database),
        profiles=profiles,
        sources=sources,
        channel=channel,
        channels=channels,
        sender=_sender(written.sender),
        snapshots_keep_days=written.snapshots_keep_days,
        snapshots_keep_mb=written.snapshots_keep_mb,
        operator=written.operator,
        roles=written.roles,
        engine=EngineSettings(**dict(written.engine)),
        backup=_backup(folder, written.backup),
        mails_keep_days=written.mails_keep_days,
        allow_hosts=tuple(written.allow_hosts),
        templates=folder / written.templates if written.templates else None,
        proxy=written.proxy,
        web=written.web.settings() if written.web else None,
        embeddings=embeddings,
        summaries=_summaries(written.summaries),
        spread=written.spread or timedelta(),
    )
    keys = ("database", "proxy", "channel", "channels", "sender", "sources", "web", "summaries")
    warnings = [found for key in keys for found in literal_secrets(document.value.get(key), (key,), document)]
    return _Outcome(value, warnings=warnings), profiles


def _embeddings(written: WrittenEmbeddings | None, document: Document, folder: Path) -> EmbeddingsSettings | None:
    if written is None:
        return None
    from monitor.matchers._encoder import missing

    found = under(folder, written.folder)
    if why := missing(found):
        document.problems.append(document.problem(("embeddings", "folder"), *why))
    return EmbeddingsSettings(found, written.minutes)


def _with_secrets(document: Document, folder: Path) -> dict[str, Any]:
    """Return what the file says, with the secrets outside sources and channel looked up."""
    raw: dict[str, Any] = document.value
    secret = ("database", "proxy", "sender", "web", "summaries")
    found = {key: resolve(raw[key], (key,), document, folder) for key in secret if key in raw}
    return raw | found


def _summaries(written: WrittenSummaries | None) -> SummariesSettings | None:
    if written is None:
        return None
    return SummariesSettings(written.base_url, written.model, written.api_key or "", written.seconds, written.a_day)


def _sender(written: WrittenSender) -> SenderSettings:
    keys = tuple(DkimKey(selector, key) for selector, key in written.dkim.items())
    return SenderSettings(written.name, written.address, written.reply_to, written.postal, keys)


def _require_sender(document: Document, channels: Iterable[ChannelSettings | None]) -> None:
    if "sender" not in document.value and any(channel and channel.kind != "file" for channel in channels):
        hint = "add 'sender: {name: ..., address: ...}': readers see it"
        document.problems.append(document.problem_with_key((), "'sender' is missing", hint))


def _named_folder(document: Document, folder: Path) -> Path:
    named = document.value.get("profiles")
    return under(folder, named if isinstance(named, str) else "profiles")


def _backup(folder: Path, written: WrittenBackup | None) -> BackupSettings | None:
    return BackupSettings(under(folder, written.folder), written.every, written.keep) if written else None


def _database(folder: Path, text: str) -> str:
    scheme, is_url, rest = text.partition("://")
    if not is_url:
        return str(under(folder, text))
    if scheme.startswith("sqlite") and rest.startswith("/") and not rest.startswith(("//", "/:")) and rest != "/":
        return f"{scheme}:///{under(folder, rest[1:])}"  # SQLAlchemy would count from the working directory
    return text
