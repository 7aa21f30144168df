"""Texts as word pieces. The only file that knows tokenizers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from index.errors import ModelError


@dataclass(frozen=True, slots=True)
class Pieces:
    """Hold the word pieces of a text: their ids, and the characters of the text that each stands for."""

    ids: list[int]
    places: list[tuple[int, int]]


class Vocabulary:
    """Cut texts by a model's tokenizer.json. Safe for several threads."""

    def __init__(self, file: Path) -> None:
        """Load a tokenizer.

        Raises: ModelError, when the file is none.
        """
        try:
            self._bare = Tokenizer.from_file(str(file))
            self._whole = Tokenizer.from_file(str(file))
        except Exception as error:  # what tokenizers raises is Exception itself
            raise ModelError(
                f"the tokenizer {file} does not load ({error})",
                "a tokenizer.json",
                "Delete its folder, so that it is made again, or install Footnote again",
            ) from error
        self._bare.no_truncation()
        self._bare.no_padding()
        self._whole.no_padding()
        self._cutting = threading.Lock()

    def bare(self, texts: Sequence[str]) -> list[Pieces]:
        """Cut texts, adding nothing and leaving nothing off."""
        return [Pieces(e.ids, e.offsets) for e in self._bare.encode_batch(list(texts), add_special_tokens=False)]

    def whole(self, texts: Sequence[str], longest: int) -> list[list[int]]:
        """Give the ids of texts as their model reads them: marks added, at most `longest` of them."""
        with self._cutting:
            if (self._whole.truncation or {}).get("max_length") != longest:
                self._whole.enable_truncation(longest)
            return [e.ids for e in self._whole.encode_batch(list(texts))]

    def id(self, piece: str) -> int:
        """Give the id of a piece, such as "[CLS]".

        Raises: ModelError, when the vocabulary has none.
        """
        found = self._bare.token_to_id(piece)
        if found is None:
            raise ModelError(f"a vocabulary without {piece}", "one of the BERT family", "Install Footnote again")
        return int(found)
