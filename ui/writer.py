"""The options that name a language model to write over the quotes; without them there is none."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FootnoteError

if TYPE_CHECKING:
    from qa import LanguageModel

_KEY_BYTES = 4096


class WriterError(FootnoteError):
    """A language model was named in part, or its key cannot be read."""


def writer_options() -> argparse.ArgumentParser:
    """Make the options, as a parent of the commands that take them."""
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group(
        "a language model that writes over the quotes (off unless named; sends it the question and the quotes)"
    )
    group.add_argument(
        "--writer",
        metavar="URL",
        default=os.environ.get("FOOTNOTE_WRITER", ""),
        help="an OpenAI-compatible address, such as http://127.0.0.1:11434/v1 (default: $FOOTNOTE_WRITER)",
    )
    group.add_argument(
        "--writer-model",
        metavar="NAME",
        default=os.environ.get("FOOTNOTE_WRITER_MODEL", ""),
        help="the model's name there (default: $FOOTNOTE_WRITER_MODEL)",
    )
    group.add_argument(
        "--writer-key-file",
        metavar="FILE",
        type=Path,
        help="holds the key alone (default: the key in $FOOTNOTE_WRITER_KEY, or none)",
    )
    group.add_argument(
        "--writer-seconds", metavar="N", type=_seconds, default=20.0, help="how long it may take (default 20)"
    )
    group.add_argument(
        "--writer-plain-http", action="store_true", help="allow http without encryption to another machine"
    )
    return parent


def chosen_writer(settings: argparse.Namespace) -> LanguageModel | None:
    """Give the language model that the options name; None without an address.

    Raises: FootnoteError, when they do not fit together or the key cannot be read.
    """
    if not settings.writer:
        return None
    if not settings.writer_model:
        raise WriterError(
            "--writer is given without a model",
            "the model's name",
            "Add --writer-model NAME, or set $FOOTNOTE_WRITER_MODEL",
        )
    from qa import LanguageModel

    return LanguageModel(
        settings.writer,
        settings.writer_model,
        _key(settings.writer_key_file),
        seconds=settings.writer_seconds,
        plain_http=settings.writer_plain_http,
    )


def _key(file: Path | None) -> str:
    if file is None:
        return os.environ.get("FOOTNOTE_WRITER_KEY", "").strip()
    try:
        with file.open("rb") as stream:
            key = stream.read(_KEY_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not ASCII"
        raise WriterError(
            f"the key file {file} cannot be read ({reason})", "a file with the key alone", "Check it"
        ) from None
    if not key:
        raise WriterError(f"the key file {file} is empty", "a file with the key alone", "Check it")
    return key


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds above 0 and up to 600")
    return seconds
