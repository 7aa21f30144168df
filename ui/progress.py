"""A progress bar on standard error. The only file that knows tqdm."""

from __future__ import annotations

import sys
from typing import NoReturn

from tqdm import tqdm


def bar(what: str, total: int, unit: str, *, shown: bool = True) -> tqdm[NoReturn]:
    """Make a bar with rate and time left; a context manager with `update(n)`."""
    return tqdm(total=total, desc=what, unit=unit, unit_scale=unit == "char", file=sys.stderr, disable=not shown)
