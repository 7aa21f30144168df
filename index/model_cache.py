"""Exported models, kept for this user: made once, found again without loading anything heavy."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

VERSION = 1
"""Counts what an export is made of; another number makes exports anew."""


@dataclass(frozen=True, slots=True)
class About:
    """Describe an exported encoder: `fingerprint` is that of the model it was made from.

    `longest` counts word pieces, `prompt` stands before every text, `inputs` are the graph's;
    without inputs there is no graph, and sentence-transformers runs the model.
    """

    fingerprint: str
    longest: int
    lower: bool
    prompt: str
    inputs: list[str]


@dataclass(frozen=True, slots=True)
class Export:
    """Name the files of an exported encoder."""

    folder: Path
    about: About

    @property
    def graph(self) -> Path:
        return self.folder / "graph.onnx"

    @property
    def vocabulary(self) -> Path:
        return self.folder / "tokenizer.json"


def root() -> Path:
    """Give the folder of all exports: $FOOTNOTE_CACHE, else the user's cache folder."""
    if given := os.environ.get("FOOTNOTE_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "footnote"


def place(model: Path) -> Path:
    """Give the folder for the export of a model; another one when a file of the model has changed."""
    seen = hashlib.sha256(f"{VERSION}\0{model}".encode())
    for file in sorted(model.rglob("*")):
        if file.is_file():
            stat = file.stat()
            seen.update(f"\0{file.relative_to(model)}\0{stat.st_size}\0{stat.st_mtime_ns}".encode())
    return root() / seen.hexdigest()[:32]


def found(folder: Path) -> Export | None:
    """Find what was exported to a folder; None when nothing was, or something of it is missing."""
    try:
        about = About(**json.loads((folder / "about.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    export = Export(folder, about)
    return export if not about.inputs or (export.graph.is_file() and export.vocabulary.is_file()) else None


def workplace(folder: Path) -> Path:
    """Make a folder to export to, on the disk of the place where it is kept; elsewhere when that cannot be written."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="footnote-"))


def keep(made: Path, about: About, folder: Path) -> Export:
    """Put a finished export in its place, and give it from there; from where it is when that cannot be."""
    (made / "about.json").write_text(json.dumps(asdict(about)), "utf-8")
    for _ in range(2):
        try:
            made.rename(folder)
            return Export(folder, about)
        except OSError:  # another process was faster, or something broken is there, or nothing can be written
            if other := found(folder):
                shutil.rmtree(made, ignore_errors=True)
                return other
            shutil.rmtree(folder, ignore_errors=True)
    return Export(made, about)
