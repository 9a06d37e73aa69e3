"""PDFs that stand for the paper in them, and those that cannot."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from time import monotonic

import pypdf
import pytest

from monitor.errors import ParseError
from monitor.sources import _pdf, _pdf_text, references
from monitor.types.listings import Entry
from tests.pdf import Line, of_streams, pdf

TITLE = (Line("Lanterns in the Fog:", 17, y=720), Line("A Study of Halos", 17, y=700))
BODY = (
    Line("Ada Bee, Carl Dee", 12, y=670),
    Line("Abstract", 11, y=640),
    Line("We move one lantern along a known path and mea-", y=620),
    Line("sure depth in fog. It halves the error of 12.5 m.", y=606),
    Line("1 Introduction", 12, y=570),
    Line("Fog is thick, as arXiv:1706.03762 says (doi:10.1000/other).", y=550),
)
STAMP = Line("arXiv:2611.01234v2  [cs.CV]  3 Nov 2026", 20, x=30, y=200, aside=True)
ABSTRACT = "We move one lantern along a known path and measure depth in fog. It halves the error of 12.5 m."


def read(body: bytes) -> Entry | str:
    ((found,)) = references.read("paper.pdf", body).items
    return found


def test_the_stamp_of_arxiv_names_the_paper_and_the_largest_letters_are_its_title() -> None:
    found = read(pdf((STAMP, *TITLE, *BODY)))
    assert isinstance(found, Entry)
    assert (found.ids, found.title) == (("arxiv:2611.01234v2",), "Lanterns in the Fog: A Study of Halos")
    assert (found.abstract, found.where) == (ABSTRACT, "page 1")


@pytest.mark.parametrize(
    ("info", "ids"),
    [
        ({}, ()),
        ({"Subject": "Fog 12 \\(2026\\), doi:10.1000/Fog.1."}, ("doi:10.1000/fog.1",)),
        ({"doi": "10.1000/fog.1"}, ("doi:10.1000/fog.1",)),
        ({"arXivID": "https://arxiv.org/abs/2611.01234v1"}, ("arxiv:2611.01234v1",)),
    ],
)
def test_what_the_file_says_names_the_paper_and_what_it_cites_does_not(
    info: dict[str, str], ids: tuple[str, ...]
) -> None:
    found = read(
        pdf((*TITLE, *BODY[:-1], Line("as arXiv:1706.03762, doi 10.1000/a and 10.1000/b say", y=500)), info=info)
    )
    assert isinstance(found, Entry)
    assert found.ids == ids


def test_the_one_doi_of_a_first_page_is_its_own() -> None:
    found = read(pdf((*TITLE, Line("https://doi.org/10.1000/Fog.7.", y=60)), (Line("10.1000/other"),)))
    assert isinstance(found, Entry)
    assert found.ids == ("doi:10.1000/fog.7",)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("A Study of Halos", "A Study of Halos"),
        ("Microsoft Word - final3.doc", "Lanterns in the Fog: A Study of Halos"),
        ("", "Lanterns in the Fog: A Study of Halos"),
    ],
)
def test_a_title_that_the_file_says_counts_where_the_page_prints_it(said: str, title: str) -> None:
    found = read(pdf((*TITLE, *BODY), info={"Title": said}))
    assert isinstance(found, Entry)
    assert found.title == title


def test_a_page_with_a_stamp_and_no_title_is_the_id_alone() -> None:
    assert read(pdf((STAMP,))) == "arXiv:2611.01234v2"


def locked(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf((*TITLE, *BODY))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def test_a_file_that_anybody_may_open_is_read_although_it_is_encrypted() -> None:
    assert isinstance(read(locked("")), Entry)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Lanterns in the Fog", "is no PDF"),
        (b"", "is no PDF"),
        (b"%PDF-1.4\n" + b"nothing of the kind " * 50, "is broken"),
        (pdf((*TITLE, *BODY))[:200], "is broken"),
        (pdf(()), "is a scan"),
        (pdf((Line("12", 30), Line("x y", 8))), "neither id nor title"),
    ],
)
def test_what_cannot_stand_for_a_paper_is_told(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read(body)


def test_a_file_with_a_password_is_told() -> None:
    with pytest.raises(ParseError, match="locked with a password"):
        read(locked("secret"))


@pytest.mark.parametrize(
    ("stream", "limits", "reason"),
    [
        (b"BT /F1 9 Tf (a) Tj ET\n" * 2_000_000, _pdf.Limits(seconds=1), "takes longer"),
        (b" " * 70_000_000, _pdf.Limits(seconds=20, memory=140_000_000), "takes more memory"),
        (b"[" * 200_000, _pdf.Limits(seconds=2), "is broken: RecursionError"),
    ],
)
def test_a_file_that_asks_for_much_is_given_up(stream: bytes, limits: _pdf.Limits, reason: str) -> None:
    began = monotonic()
    with pytest.raises(ParseError, match=reason):
        list(_pdf.read(of_streams(stream), limits))
    assert monotonic() - began < 4 * limits.seconds + 2


def test_without_pypdf_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pdf, "find_spec", lambda _: None)
    with pytest.raises(ParseError, match=r"pip install 'paper-monitor\[pdf\]'"):
        read(pdf((*TITLE, *BODY)))


def test_the_same_bytes_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    body = pdf((*TITLE, *BODY, Line("read once", y=90)))
    first = read(body)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("read again"))
    assert read(body) == first


def test_a_file_is_not_read_by_what_cannot_bound_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(_pdf_text.resource, "setrlimit", refused)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "argv", ["", "1", "1000"])
    monkeypatch.setattr(_pdf_text, "told", lambda _: pytest.fail("read"))
    monkeypatch.setattr(_pdf_text.logging, "disable", lambda: None)  # type: ignore[attr-defined]
    monkeypatch.setattr(_pdf_text.logging, "disable", lambda: None)  # type: ignore[attr-defined]  # of a process of its own
    _pdf_text._main()
    with pytest.raises(ParseError, match="may not bound itself"):
        _pdf.paper_in(json.loads(capsys.readouterr().out))
