"""The same words in another text: only white space and the kind of quotation marks may differ."""

from __future__ import annotations

import re

_MARKS = "\"'“”„‟«»‘’‚‛‹›"
_MARK = re.compile(f"[{_MARKS}]")
_GAP = r"(?:(?!\n\s*\n)\s)+"


def plain(text: str) -> str:
    """Give a text with single blanks and one kind of quotation mark, to compare it with others."""
    return _MARK.sub('"', " ".join(text.split()))


def standing(quote: str, text: str) -> tuple[int, int] | None:
    """Find where the words of a quote first stand in a text, within a paragraph; None when they do not."""
    words = [_MARK.sub(f"[{_MARKS}]", re.escape(word)) for word in quote.split()]
    if not words:
        return None
    match = re.search(rf"(?<!\w){_GAP.join(words)}(?!\w)", text)
    return match.span() if match else None
