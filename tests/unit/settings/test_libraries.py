"""Files of papers beside a profile: read with it, watched with it, and confined to its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.settings.load import load_profiles
from monitor.settings.watch import Watcher
from monitor.sources import LARGEST_FILE
from monitor.sources.references import MOST
from monitor.types.listings import Entry
from monitor.types.profiles import Profile
from tests.pdf import Line, pdf

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Folder, Problems

BIB = "@article{a, title={Lanterns in the Fog}, abstract={We move a lantern.}, eprint={2611.01234}}\n"


def profile(folder: Folder, like: str, unlike: str = "[]") -> Path:
    unlike_line = f", unlike: {unlike}" if unlike != "[]" else ""
    return folder.profile(f"to: ada@example.org\ntopics:\n  t: {{like: {like}{unlike_line}}}\n")


def loaded(folder: Folder) -> Profile:
    (found,) = load_profiles(folder.profiles)
    return found


def test_a_file_stands_for_its_papers_among_the_names(folder: Folder) -> None:
    (folder.profiles / "mine.bib").write_text(BIB)
    (folder.profiles / "ids.txt").write_text("arXiv:2303.16203\n")
    (folder.profiles / "not.txt").write_text("# not these\nAnother Title\n")
    profile(folder, '[mine.bib, "A Title", ids.txt]', "not.txt")
    (topic,) = loaded(folder).topics
    lantern, *names = topic.like
    assert isinstance(lantern, Entry)
    assert (lantern.title, lantern.ids, lantern.where) == (
        "Lanterns in the Fog",
        ("arxiv:2611.01234",),
        "mine.bib line 1",
    )
    assert names == ["A Title", "arXiv:2303.16203"]
    assert topic.unlike == ("Another Title",)


def test_one_file_is_written_without_a_list_and_may_lie_a_folder_deeper(folder: Folder) -> None:
    (folder.profiles / "refs").mkdir()
    (folder.profiles / "refs" / "my library.bib").write_text(BIB)
    profile(folder, "refs/my library.bib")
    assert len(loaded(folder).topics[0].like) == 1


def test_an_edit_of_the_file_is_seen_and_changes_the_fingerprint(folder: Folder) -> None:
    library = folder.profiles / "mine.bib"
    library.write_text(BIB)
    profile(folder, "mine.bib")
    watcher, before = Watcher(folder.settings), loaded(folder).fingerprint
    assert loaded(folder).fingerprint == before
    library.write_text(BIB.replace("Fog", "Rain"))
    assert [watcher.changed() for _ in range(3)] == [False, True, False]
    assert loaded(folder).fingerprint != before


def test_what_a_file_says_is_cleaned_as_what_sources_say(folder: Folder) -> None:
    (folder.profiles / "mine.ris").write_text("TY  - JOUR\nTI  - Fog\u202e<script>x</script> &amp; rain\nER  -\n")
    profile(folder, "mine.ris")
    (one,) = loaded(folder).topics[0].like
    assert isinstance(one, Entry)
    assert one.title == "Fog & rain"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../monitor.txt", "lies elsewhere"),
        ("/etc/hosts.txt", "lies elsewhere"),
        ("a/b/c.bib", "lies elsewhere"),
        ("link.bib", "lies elsewhere"),
        ("folder.bib", "is no file"),
        ("mime.bib", "there is no file"),
        ("huge.bib", "more than 20 MB"),
        ("empty.bib", "empty"),
        ("cut.rdf", "line 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_where_the_profile_names_it(
    folder: Folder, problems: Problems, name: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.bib").write_text(BIB)
    (folder.profiles / "link.bib").symlink_to(tmp_path / "elsewhere.bib")
    (folder.profiles / "folder.bib").mkdir()
    (folder.profiles / "mine.bib").write_text(BIB)
    (folder.profiles / "empty.bib").touch()
    (folder.profiles / "cut.rdf").write_text("<rdf>\n<a>")
    with (folder.profiles / "huge.bib").open("wb") as huge:
        huge.truncate(LARGEST_FILE + 1)
    profile(folder, f'["A Title", "{name}"]')
    (problem,) = problems(lambda: load_profiles(folder.profiles))
    assert said in problem.message
    assert (problem.line, problem.column) == (3, 25)
    assert ("mine.bib" in problem.hint) == (name == "mime.bib")


def test_a_broken_record_is_a_warning_at_its_line_in_the_file(folder: Folder) -> None:
    path = folder.profiles / "mine.bib"
    path.write_text(BIB + "@article{b, title={Never closed\n")
    profile(folder, "mine.bib")
    few, broken = load_profiles(folder.profiles).warnings
    assert (few.path.name, few.message) == ("ada.yaml", "one paper is not enough to be sure of a topic")
    assert (broken.path, broken.line) == (path, 2)


def test_a_library_of_thousands_counts_in_part_and_says_so(folder: Folder) -> None:
    (folder.profiles / "all.txt").write_text("".join(f"Paper {number}\n" for number in range(MOST + 1)))
    profile(folder, "all.txt")
    (warning,) = load_profiles(folder.profiles).warnings
    assert warning.message == "this file holds 5,001 papers: the first 5,000 count"
    assert len(loaded(folder).topics[0].like) == MOST


def test_a_pdf_stands_for_its_paper_and_one_that_cannot_is_a_problem(folder: Folder, problems: Problems) -> None:
    (folder.profiles / "fog.pdf").write_bytes(pdf((Line("Lanterns in the Fog", 17), Line("doi:10.1000/fog", y=60))))
    profile(folder, "[fog.pdf]")
    (paper,) = loaded(folder).topics[0].like
    assert isinstance(paper, Entry)
    assert (paper.title, paper.ids, paper.where) == ("Lanterns in the Fog", ("doi:10.1000/fog",), "fog.pdf page 1")
    (folder.profiles / "fog.pdf").write_bytes(pdf(()))
    (problem,) = problems(lambda: loaded(folder))
    assert "fog.pdf" in problem.message
    assert "it is a scan" in problem.message
