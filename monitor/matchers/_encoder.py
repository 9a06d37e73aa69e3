"""Texts as vectors, by a model that the operator supplies; nothing is ever downloaded.

The folder holds ``model.onnx`` and ``tokenizer.json``, as exporters of sentence encoders write them. A text's vector is
the mean of its tokens' (Reimers and Gurevych 2019, "Sentence-BERT"), at unit length and in half precision, so that one
that was kept is the same as one made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.errors import MonitorError

Vector = NDArray[np.float32]

log = logging.getLogger(__name__)

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
HOUR = 3600.0
_AT_ONCE, _MOST_TOKENS = 32, 256
_MOST_KEPT = 40_000
_KEY = 16


def missing(folder: Path) -> tuple[str, str] | None:
    """Return why vectors cannot be made with the model in ``folder``, and what to do; ``None`` when they can."""
    if not all(importlib.util.find_spec(name) for name in ("onnxruntime", "tokenizers")):
        return "the packages that run a model are not installed", "pip install 'paper-monitor[embeddings]'"
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            return f"{folder} has no {name}", "export a sentence encoder to ONNX and put both files there"
    return None


class Encoder:
    """Makes vectors, and keeps them by a hash of the text in memory and, if given, in the file ``kept``.

    ``seconds`` of each hour are spent on texts that are not known yet; what is over gets no vector in that hour.
    ``now`` is a clock in seconds that never goes back.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float = HOUR,
        kept: Path | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._seconds = seconds
        self._file = kept
        self._now = now
        self._hour, self._spent = now(), 0.0

    def encode(self, texts: Sequence[str], most: int | None = None) -> Vector:
        """Return a unit row a text; all zero for a text without a token, and for one that the hour has no time for.

        With ``most``, no more than so many of the texts that are not known yet get one, the last ones.
        Raises MonitorError when the model cannot be read or does not take text.
        """
        keys = [
            hashlib.blake2b(text.encode(errors="replace"), digest_size=_KEY, key=self._model).digest() for text in texts
        ]
        unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        made = dict(self._made(unknown if most is None else dict(list(unknown.items())[max(0, len(unknown) - most) :])))
        self._keep(made)
        known = self._vectors | made
        nothing = np.zeros(self._width, np.float16)
        rows: Vector = np.array([known.get(key, nothing) for key in keys], np.float32).reshape(len(keys), self._width)
        return rows

    def _made(self, unknown: dict[bytes, str]) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
        """Give the vectors of texts, short ones first so that little is padded, while the hour's time lasts."""
        ordered = sorted(unknown.items(), key=lambda one: (len(one[1]), one[0]))
        for start in range(0, len(ordered), _AT_ONCE):
            began = self._now()
            if began - self._hour >= HOUR:
                self._hour, self._spent = began, 0.0
            if self._spent >= self._seconds:
                return
            some = ordered[start : start + _AT_ONCE]
            yield from zip((key for key, _ in some), self._run([text for _, text in some]), strict=True)
            self._spent += self._now() - began

    def _run(self, texts: Sequence[str]) -> NDArray[np.float16]:
        tokenizer, session = self._opened
        try:
            read = tokenizer.encode_batch(list(texts))
            ids = np.array([one.ids for one in read], np.int64).reshape(len(read), -1)
            mask = np.array([one.attention_mask for one in read], np.int64).reshape(ids.shape)
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            if not ids.size:
                return np.zeros((len(texts), self._width), np.float16)
            (tokens, *_) = session.run(None, {one.name: given[one.name] for one in session.get_inputs()})
        except Exception as error:  # whatever a foreign model raises
            raise MonitorError(f"{self._folder / MODEL} does not take text: {error}") from error
        weights = mask[:, :, None].astype(np.float32)
        means = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.where(lengths > 0, lengths, 1), np.float16)

    @cached_property
    def _opened(self) -> tuple[Any, Any]:
        import onnxruntime
        import tokenizers

        try:
            tokenizer = tokenizers.Tokenizer.from_file(str(self._folder / TOKENIZER))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # one order of sums on any number of cores
            session = onnxruntime.InferenceSession(str(self._folder / MODEL), options)
        except Exception as error:  # either library raises bare exceptions
            raise MonitorError(f"the model in {self._folder} cannot be read: {error}") from error
        tokenizer.enable_truncation(_MOST_TOKENS)
        tokenizer.enable_padding()
        return tokenizer, session

    @cached_property
    def _width(self) -> int:
        """How many numbers a vector has, as the model declares it."""
        _, session = self._opened
        shape = session.get_outputs()[0].shape
        if len(shape) != 3 or not isinstance(shape[2], int):
            raise MonitorError(f"{self._folder / MODEL} gives no row a token: export it without a pooling layer")
        return int(shape[2])

    @cached_property
    def _record(self) -> np.dtype[Any]:
        return np.dtype([("key", f"V{_KEY}"), ("vector", np.float16, (self._width,))])

    @cached_property
    def _model(self) -> bytes:
        """What tells this model's vectors from those of others that the file may hold."""
        read = b"".join((self._folder / name).read_bytes() for name in (MODEL, TOKENIZER))
        return hashlib.blake2b(read, digest_size=_KEY).digest()

    @cached_property
    def _vectors(self) -> dict[bytes, NDArray[np.float16]]:
        """The vectors that were kept, oldest first."""
        if self._file is None or not self._file.is_file():
            return {}
        whole, size = self._file.read_bytes(), self._record.itemsize
        held = np.frombuffer(whole[: len(whole) // size * size], self._record)[-_MOST_KEPT:]
        return {row["key"].tobytes(): row["vector"] for row in held}

    def _keep(self, made: dict[bytes, NDArray[np.float16]]) -> None:
        """Add vectors to those that are known; the oldest go when they are too many."""
        if not made:
            return
        self._vectors.update(made)
        for key in list(self._vectors)[:-_MOST_KEPT]:
            del self._vectors[key]
        if self._file is None:
            return
        try:
            size = self._file.stat().st_size if self._file.is_file() else 0
            is_sound = size % self._record.itemsize == 0 and size < 2 * _MOST_KEPT * self._record.itemsize
            with self._file.open("ab" if is_sound else "wb") as file:
                file.write(self._records(made if is_sound else self._vectors))
        except OSError as error:  # they are made again next time
            log.warning("vectors are not kept: %s", error)

    def _records(self, vectors: dict[bytes, NDArray[np.float16]]) -> bytes:
        rows = [(np.void(key), vector) for key, vector in vectors.items()]
        return np.array(rows, self._record).tobytes()
