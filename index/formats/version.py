"""The version of the readers: another one may read another article out of the same file."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PARSERS = ("charset-normalizer", "lxml", "pypdfium2", "pyyaml", "trafilatura")


@cache
def readers_version() -> str:
    """Sum up our readers and the packages they use: 16 hexadecimal digits."""
    seen = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        seen.update(file.read_bytes())
    for package in _PARSERS:
        seen.update(f"{package} {_installed(package)}".encode())
    return seen.hexdigest()[:16]


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
