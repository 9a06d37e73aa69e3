"""Summaries by a model: asked ahead, kept, bounded by the day, and never needed."""

import asyncio
from dataclasses import replace

from monitor.errors import SummaryError
from monitor.jobs import cycle, summarise
from monitor.settings.values import SummariesSettings
from monitor.summaries.openai import Endpoint
from tests.unit.jobs.conftest import listing


class Model(Endpoint):
    """A model that says the same of every paper, or fails."""

    def __init__(self, said="A model said this of the paper."):
        super().__init__("http://model.example/v1", "tiny")
        self.said = said
        self.asked = []

    async def summarize(self, title, _abstract):
        self.asked.append(title)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def opened(world, model, *, numbers=(1, 2, 3), a_day=10):
    world.pages["hf.example"] = listing(*numbers)
    app = world.open()
    app.settings = replace(app.settings, summaries=SummariesSettings("http://model.example/v1", "tiny", a_day=a_day))
    app.summaries = model
    return app


def text_of(world):
    return world.channel.delivered[-1].part("plain")


def test_what_the_model_says_stands_in_the_mail_and_is_asked_once(world):
    model = Model()
    app = opened(world, model)
    report = asyncio.run(cycle.run(app))
    assert report.counts["summaries"] == 3
    assert text_of(world).count("A model said this of the paper.") == 3
    asyncio.run(summarise.run(app))
    assert len(model.asked) == 3


def test_what_cannot_be_shown_is_not_asked_again_and_the_abstract_speaks(world):
    model = Model("")
    app = opened(world, model)
    assert asyncio.run(cycle.run(app)).counts["summaries refused"] == 3
    assert "A diffusion model meets" in text_of(world)
    asyncio.run(summarise.run(app))
    assert len(model.asked) == 3


def test_a_day_has_its_budget(world):
    model = Model()
    app = opened(world, model, a_day=2)
    asyncio.run(cycle.run(app))
    asyncio.run(summarise.run(app))
    assert len(model.asked) == 2
    world.later(days=1)
    asyncio.run(summarise.run(app))
    assert len(model.asked) == 3


def test_a_model_that_fails_rests_is_told_of_and_holds_up_no_mail(world):
    model = Model(SummaryError("model.example", "no answer in time"))
    app = opened(world, model)
    report = asyncio.run(cycle.run(app))
    assert ("summaries", "model.example: no answer in time; the abstracts' own sentences stand in") in report.failures
    assert "A diffusion model meets" in text_of(world)
    asyncio.run(summarise.run(app))
    assert len(model.asked) == 1
    world.later(minutes=16)
    model.said = "It is back and says this."
    assert asyncio.run(summarise.run(app)).counts["summaries"] == 3
