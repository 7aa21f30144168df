"""A progress bar on standard error. The only file that knows tqdm."""

from __future__ import annotations

import sys
from typing import NoReturn

from tqdm import tqdm


def bar(what: str, total: int, unit: str, *, shown: bool = True) -> tqdm[NoReturn]:
    """Make a bar with rate and time left, for a terminal; a context manager with `update(n)`."""
    return tqdm(
        total=total, desc=what, unit=unit, unit_scale=unit == "char", file=sys.stderr, disable=not shown or None
    )


def estimated(what: str, total: int, *, shown: bool = True) -> tqdm[NoReturn]:
    """Make a bar for work of which `total` is an estimate that may be corrected: share done, a text, and time left."""
    layout = "{desc}: {percentage:3.0f}%{postfix}, {remaining} left |{bar}|"  # a comma precedes the postfix
    return tqdm(total=total, desc=what, bar_format=layout, file=sys.stderr, disable=not shown or None)


def note(text: str) -> None:
    """Write a line on standard error, above a bar that is shown there."""
    tqdm.write(text, file=sys.stderr)
