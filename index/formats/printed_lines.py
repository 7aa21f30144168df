"""Lines of printed pages into flowing text: paragraphs joined, broken words mended, heads of pages left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

LINE_END_HYPHEN = "\x02"
"""Stands in a line's text where it was broken at a hyphen, when the two parts are one line already."""

_NEXT_PAGE = "\x03"
_ENDS_SENTENCE = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_STARTS_ITEM = re.compile(r"(?:[•▪‣◦●–—*-]|\d{1,3}[.)]|\(?[a-z]\))\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W\d_]*){LINE_END_HYPHEN}({_NEXT_PAGE}*)([^\W\d_]*)")
_EDGE_LINES = 2
_FEWEST_REPEATS = 3
_REPEATED = 0.1
"""Smallest share of the pages on which a head or foot stands; sides and chapters often have their own."""

_WIDER_STEP = 1.3
_OTHER_SIZE = 1.12
_INDENT = 0.7
_SHORT = 0.85
_COLUMN = 36.0
"""Width in points within which lines count as beginning at the same place: half an inch."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold a printed line and where it stands, in points from the page's lower left corner.

    `bottom` is that of its first character and `last_bottom` that of its last: they differ when a hyphen joins lines.
    """

    text: str
    left: float
    right: float
    bottom: float
    last_bottom: float
    height: float


def flowing_text(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Give the text of pages, its paragraphs parted by empty lines, and the offsets where page 2, 3, … begin.

    A page without text begins where the next one with text does.
    """
    pages = _without_heads(pages)
    pieces: list[str] = []
    before: Line | None = None
    turned = ""
    for page in pages:
        starts = _paragraph_starts(page)
        for number, line in enumerate(page):
            if before is not None:
                new = number in starts if number else not _runs_on(before, line)
                hyphen = not new and re.search(r"[^\W\d_]-$", before.text) is not None
                pieces[-1] = pieces[-1].removesuffix("-") if hyphen else pieces[-1]
                pieces.append("\n\n" if new else LINE_END_HYPHEN if hyphen else " ")
            pieces += [turned, line.text]
            before, turned = line, ""
        turned += _NEXT_PAGE
    text = "".join([*pieces, turned.removesuffix(_NEXT_PAGE)])
    words = Counter(_whole_words(text))
    parts = _BROKEN.sub(lambda match: _mended(match, words), text).split(_NEXT_PAGE)
    return "".join(parts), tuple(accumulate(map(len, parts[:-1])))


def _without_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out what stands at the edge of many pages, its digits aside: heads, feet, page numbers."""
    edges = [{_shape(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])} for page in pages]
    counts = Counter(shape for edge in edges for shape in edge)
    heads = {shape for shape, count in counts.items() if count >= _FEWEST_REPEATS and count >= _REPEATED * len(pages)}
    return [
        [
            line
            for number, line in enumerate(page)
            if not (_shape(line) in heads and (number < _EDGE_LINES or number >= len(page) - _EDGE_LINES))
        ]
        for page in pages
    ]


def _shape(line: Line) -> str:
    """Give a line's text without its numbers; one of numbers alone, as rows of tables are, keeps them."""
    shape = re.sub(r"\d+", "#", line.text)
    return shape if shape == "#" or re.search(r"[^\W_]", shape) else line.text


def _paragraph_starts(page: Sequence[Line]) -> set[int]:
    """Give the numbers of the lines of a page that begin a paragraph, the page's first line aside."""
    steps = sorted(step for a, b in pairwise(page) if (step := a.last_bottom - b.bottom) > 0)
    step = steps[len(steps) // 4] if steps else 0.0
    ends: dict[int, float] = {}
    for line in page:
        column = int(line.left // _COLUMN)
        ends[column] = max(ends.get(column, 0.0), line.right)
    return {
        number
        for number, (a, b) in enumerate(pairwise(page), 1)
        if _parts(a, b, step, max(ends.get(int(a.left // _COLUMN) + side, 0.0) for side in (-1, 0, 1)))
    }


def _parts(a: Line, b: Line, step: float, end: float) -> bool:
    if _STARTS_ITEM.match(b.text):
        return True
    if max(a.height, b.height) > _OTHER_SIZE * min(a.height, b.height):
        return True
    if a.last_bottom <= b.bottom:
        return not _runs_on(a, b)
    if a.last_bottom - b.bottom > _WIDER_STEP * step:
        return True
    indented = b.left - a.left > _INDENT * b.height
    short = a.right - a.left < _SHORT * (end - a.left)
    return bool(_ENDS_SENTENCE.search(a.text)) and (indented or short)


def _runs_on(a: Line, b: Line) -> bool:
    """Say whether b, at the head of a page or column, goes on with a's sentence."""
    return not _ENDS_SENTENCE.search(a.text) and (b.text[:1].islower() or a.text.endswith(("-", ",")))


def _whole_words(text: str) -> Iterator[str]:
    """Give the words that no line end breaks, in small letters; a compound, and its parts too."""
    for word in _WORD.findall(re.sub(rf"[^\W\d_]*{LINE_END_HYPHEN}{_NEXT_PAGE}*[^\W\d_]*", " ", text)):
        yield word.lower()
        if "-" in word:
            yield from word.lower().split("-")


def _mended(match: re.Match[str], words: Counter[str]) -> str:
    """Put a broken word together as the rest of the text writes it; what looks like a compound keeps its hyphen."""
    head, turned, tail = match.groups()
    joined, compound = words[f"{head}{tail}".lower()], words[f"{head}-{tail}".lower()]
    if not head or not tail or not tail[0].islower():
        keeps = True
    elif joined or compound:
        keeps = compound > joined
    else:
        keeps = bool(words[head.lower()] and words[tail.lower()])
    return f"{head}{'-' if keeps else ''}{turned}{tail}"
