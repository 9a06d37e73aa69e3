"""Vectors of a model that an operator supplies: a tiny real one."""

import numpy as np
import pytest

from monitor.errors import MonitorError
from monitor.matchers import _encoder
from monitor.matchers._encoder import Encoder, missing
from tests import model_folder

WORDS = ("denoising", "of", "images", "bandits", "with", "regret")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return model_folder.make(tmp_path_factory.mktemp("model"), WORDS)


class Time:
    """A clock that goes on by a second each time it is read."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        self.seconds += 1
        return self.seconds


def test_a_vector_is_the_unit_mean_of_the_tokens(folder):
    one, two, both = Encoder(folder).encode(["denoising", "bandits", "denoising bandits"])
    assert np.linalg.norm(both) == pytest.approx(1, abs=1e-3)
    table = np.random.default_rng(5).normal(size=(len(WORDS) + 2, model_folder.WIDTH)).astype(np.float32)[[2, 5]]
    mean = table.mean(axis=0) / np.linalg.norm(table.mean(axis=0))
    assert both == pytest.approx(mean, abs=2e-3)
    assert one @ two == pytest.approx(
        float(table[0] @ table[1] / np.linalg.norm(table[0]) / np.linalg.norm(table[1])), abs=5e-3
    )


def test_what_stands_beside_a_text_does_not_change_its_vector(folder):
    alone = Encoder(folder).encode(["denoising"])
    among = Encoder(folder).encode(["denoising", "denoising of images with regret and much more beside it"])
    assert alone[0] == pytest.approx(among[0], abs=1e-3)


def test_a_text_without_a_token_has_no_vector(folder):
    rows = Encoder(folder).encode(["", "images"])
    assert not rows[0].any()
    assert rows[1].any()
    assert Encoder(folder).encode([]).shape == (0, model_folder.WIDTH)
    assert not Encoder(folder).encode([""]).any()


def test_each_text_is_read_once_by_its_words_and_kept_over_a_restart(folder, tmp_path, monkeypatch):
    read = []
    run = Encoder._run

    def noted(self, texts):
        read.extend(texts)
        return run(self, texts)

    monkeypatch.setattr(Encoder, "_run", noted)
    first = Encoder(folder, kept=tmp_path / "vectors")
    before = first.encode(["images", "regret", "images"])
    first.encode(["images", "bandits"])
    again = Encoder(folder, kept=tmp_path / "vectors").encode(["images", "regret", "images"])
    assert sorted(read) == ["bandits", "images", "regret"]
    assert np.array_equal(before, again)


def test_a_torn_file_of_vectors_and_one_that_cannot_be_written_do_no_harm(folder, tmp_path):
    kept = tmp_path / "vectors"
    wanted = Encoder(folder, kept=kept).encode(["images", "regret"])
    kept.write_bytes(kept.read_bytes()[:-3])
    assert np.array_equal(Encoder(folder, kept=kept).encode(["images", "regret"]), wanted)
    assert np.array_equal(Encoder(folder, kept=kept).encode(["images", "regret"]), wanted)
    assert np.array_equal(Encoder(folder, kept=tmp_path / "no" / "folder").encode(["images", "regret"]), wanted)


def test_vectors_of_another_model_are_not_taken_for_ours(folder, tmp_path):
    other = model_folder.make(tmp_path / "other", WORDS[::-1])
    Encoder(other, kept=tmp_path / "vectors").encode(["images"])
    mixed = Encoder(folder, kept=tmp_path / "vectors").encode(["images"])
    assert np.array_equal(mixed, Encoder(folder).encode(["images"]))


def test_only_so_many_vectors_are_kept(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(_encoder, "_MOST_KEPT", 10)
    encoder = Encoder(folder, kept=tmp_path / "vectors")
    for number in range(60):
        encoder.encode([f"images {number}"])
    assert len(encoder._vectors) == 10
    assert (tmp_path / "vectors").stat().st_size <= 20 * encoder._record.itemsize
    assert encoder.encode(["images 1"]).any()


def test_an_hour_has_time_for_so_much_and_the_next_for_more(folder):
    time = Time()
    encoder = Encoder(folder, seconds=1, now=time)
    texts = [f"images {number}" for number in range(100)]
    assert encoder.encode(texts).any(axis=1).sum() == 32
    assert encoder.encode(texts).any(axis=1).sum() == 32
    time.seconds += 3600
    assert encoder.encode(texts).any(axis=1).sum() == 64


def test_a_model_may_ask_for_token_types(tmp_path):
    made = model_folder.make(tmp_path, WORDS, inputs=("input_ids", "attention_mask", "token_type_ids"))
    assert Encoder(made).encode(["images"]).any()


def test_what_is_missing_is_told_with_what_to_do(folder, tmp_path, monkeypatch):
    assert missing(folder) is None
    told = missing(tmp_path)
    assert told
    assert told[0] == f"{tmp_path} has no model.onnx"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert (missing(folder) or ("", ""))[1] == "pip install 'paper-monitor[embeddings]'"


def test_a_model_that_is_none_is_told(folder, tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text((folder / "tokenizer.json").read_text())
    with pytest.raises(MonitorError, match="cannot be read"):
        Encoder(tmp_path).encode(["images"])
    asks = model_folder.make(tmp_path / "asks", WORDS, inputs=("input_ids", "pixels"))
    with pytest.raises(MonitorError, match="does not take text"):
        Encoder(asks).encode(["images"])
