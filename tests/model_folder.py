"""A folder with a tiny model of random weights, as an exporter of sentence encoders would leave it."""

from pathlib import Path

import numpy as np
import onnx
import tokenizers
from onnx import TensorProto, helper, numpy_helper

WIDTH = 48
SPECIAL = ("[PAD]", "[UNK]")


def make(
    folder: Path, vocabulary: tuple[str, ...], *, inputs: tuple[str, ...] = ("input_ids", "attention_mask")
) -> Path:
    """Write ``model.onnx`` and ``tokenizer.json`` into ``folder``: each known word has a random vector of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {word: number for number, word in enumerate((*SPECIAL, *vocabulary))}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(5).normal(size=(len(words), WIDTH)).astype(np.float32)
    table[:2] = 0.01
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs]
    rows = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", WIDTH])
    look_up = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([look_up], "tiny", given, [rows], [numpy_helper.from_array(table, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, str(folder / "model.onnx"))
    return folder
