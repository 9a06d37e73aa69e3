"""A look of one's own, and what happens when it fails."""

import shutil
from types import SimpleNamespace

import pytest

from monitor import resources
from monitor.errors import RenderError
from monitor.jobs.draw import draw
from tests.unit.render.test_pages import card, digest


def app(templates):
    return SimpleNamespace(settings=SimpleNamespace(templates=templates))


@pytest.fixture
def own(tmp_path):
    return shutil.copytree(resources.folder("templates"), tmp_path / "own")


def test_a_look_of_ones_own_is_used(own):
    page = own / "email" / "digest.html.j2"
    page.write_text(page.read_text().replace("<h1>", "<h1>★ "))
    rendered, problem = draw(app(own), digest(card()))
    assert "★" in rendered.html
    assert problem == ""


@pytest.mark.parametrize("name", ["email/blocks.html.j2", "text/digest.txt.j2", "email/style.css"])
def test_k18_a_look_that_fails_gives_way_to_ours_and_is_told(own, name):
    (own / name).unlink()
    rendered, problem = draw(app(own), digest(card()))
    assert rendered == draw(app(None), digest(card()))[0]
    assert name.rpartition("/")[2] in problem


def test_a_failure_of_our_own_look_is_not_hidden(own, monkeypatch):
    (own / "email" / "style.css").unlink()
    monkeypatch.setattr(resources, "folder", lambda _name: own)
    with pytest.raises(RenderError):
        draw(app(None), digest(card()))
