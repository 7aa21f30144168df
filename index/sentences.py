"""Where paragraphs and sentences begin and end, as offsets into an unchanged text.

A package was wanted here; none fits: pysbd is abandoned and slow, syntok rewrites
words and splits "U.S. Sen.", the others need a download. docs/log.md has the figures.
"""

from __future__ import annotations

import re

Span = tuple[int, int]

MAX_SENTENCE = 1000
"""Longest sentence in characters; a longer one is cut at a clause or a space."""

_TITLES = frozenset(
    (
        "mr mrs ms mx messrs dr prof sen sens rep reps gov govs gen lt col maj sgt cpl capt cmdr adm pres hon rev fr "
        "sr. st mt ft vs fig figs eq no nos vol pp cf ca approx dept univ viz"
    ).split()
)
"""Abbreviations that something always follows."""

_MAY_END = frozenset(
    (
        "jan feb mar apr jun jul aug sep sept oct nov dec inc corp ltd co bros jr sr etc al a.m p.m ave blvd rd est "
        "ph.d e.g i.e calif fla conn mass mich minn penn tex wash wis okla ore ariz colo"
    ).split()
)
"""Abbreviations that may also close a sentence; what follows decides."""

_STARTERS = frozenset(
    (
        "a after all also although an and another as at because before both but by despite during each earlier even "
        "every few for from he her here his how however i if in instead it its last later many meanwhile more most "
        "neither next no none nor not now on once one only or other others our over she since so some still such that "
        "the their then there these they this those though through to today two under until we what when where whether "
        "which while who why with without yet you your"
    ).split()
)

_SPEECH = (
    r"(?:said|says|asked|asks|added|adds|told|replied|wrote|writes|shouted|cried|answered|wondered|"
    r"exclaimed|called|continued|insisted|joked|tweeted)"
)

_CLOSERS = "\"'”’»)]}*_"
_OPENERS = "\"'“‘«([{*_"
_BREAK = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*(?=\s)|[。！？]+[」』”’）]*|[।؟۔](?=\s)")
_WORD_BEFORE = re.compile(r"[^\s(\[“‘\"'«—–-]+$")
_ATTRIBUTION = re.compile(rf"(?:(?:[A-Z][\w.’'-]*|the|a|an)\s+){{1,5}}{_SPEECH}\b|{_SPEECH}\s+(?:[A-Z]|the\b|a\b|an\b)")
_MARKED_LINE = re.compile(r"\s*(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|>|\|)")
_NEWLINE = re.compile(r"[^\S\n]*\n")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_WRAP_WIDTH = 120


def paragraph_spans(text: str) -> list[Span]:
    """Find the paragraphs of a text, in order, without surrounding white space.

    A blank line always parts two paragraphs. A single newline does too, unless the line
    was wrapped there: the next word would not have fitted in the width of its block.
    """
    spans: list[Span] = []
    block_start = 0
    for gap in [*_BLANK.finditer(text), None]:
        block_end = gap.start() if gap else len(text)
        spans += _lines_joined(text, block_start, block_end)
        block_start = gap.end() if gap else block_end
    return spans


def sentence_spans(text: str) -> list[Span]:
    """Find the sentences of a text, in order, without surrounding white space.

    Together they hold every character that is not white space; none is longer than
    `MAX_SENTENCE`, none crosses a paragraph. A text of white space has none.
    """
    return [span for start, end in paragraph_spans(text) for span in sentences_between(text, start, end)]


def sentences_between(text: str, start: int, end: int) -> list[Span]:
    """Find the sentences of one paragraph, given by its span."""
    spans: list[Span] = []
    at = start
    for match in _BREAK.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, at, match, end):
            spans.append(_strip(text, at, match.end()))
            at = match.end()
    last = _strip(text, at, end)
    if last[0] < last[1]:
        spans.append(last)
    whole = _join_single_words(text, [span for span in spans if span[0] < span[1]])
    return [piece for span in whole for piece in _cut_long(text, *span)]


def _lines_joined(text: str, start: int, end: int) -> list[Span]:
    cuts = [match.end() for match in _NEWLINE.finditer(text, start, end)]
    lines = [_strip(text, a, b) for a, b in zip([start, *cuts], [*cuts, end], strict=True)]
    lines = [line for line in lines if line[0] < line[1]]
    if not lines:
        return []
    width = max(b - a for a, b in lines)
    joined = [lines[0]]
    for line in lines[1:]:
        previous = joined[-1]
        last_line = text.rfind("\n", previous[0], previous[1]) + 1 or previous[0]
        last_line, _ = _strip(text, last_line, previous[1])
        first_word = text[line[0] : line[1]].split(maxsplit=1)[0]
        wrapped = width <= _WRAP_WIDTH and previous[1] - last_line + 1 + len(first_word) > width
        heading = text.startswith("#", last_line)
        if wrapped and not heading and not _MARKED_LINE.match(text, line[0], line[1]):
            joined[-1] = (previous[0], line[1])
        else:
            joined.append(line)
    return joined


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    mark = match.group()
    if mark[0] in "。！？।؟۔":
        return True
    rest = text[match.end() : min(end, match.end() + 120)].lstrip()
    following = rest.lstrip(_OPENERS)
    if not following or following[0].islower() or not (following[0].isalnum() or rest[0] in _OPENERS):
        return False
    closed = mark.rstrip(_CLOSERS) != mark
    if closed and mark[0] in "!?" and _ATTRIBUTION.match(rest):
        return False
    if mark.rstrip(_CLOSERS) != ".":
        return True
    before = _WORD_BEFORE.search(text, start, match.start())
    word = before.group().lower() if before else ""
    next_word = re.split(r"[^\w’']", following, maxsplit=1)[0]
    if word in _TITLES and not (word == "no" and not following[0].isdigit()):
        return False
    if word in {"no", "nos", "p"} and following[0].isdigit():
        return False
    dotted = "." in word or (len(word) == 1 and word.isalpha())
    if word in _MAY_END or dotted:
        return closed or (next_word.lower() in _STARTERS and word not in {"e.g", "i.e"})
    return True


def _join_single_words(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and text[start - 1].isspace() and len(text[start:end].split()) == 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _cut_long(text: str, start: int, end: int) -> list[Span]:
    pieces: list[Span] = []
    while end - start > MAX_SENTENCE:
        window = text[start : start + MAX_SENTENCE]
        cut = max(window.rfind("; ", MAX_SENTENCE // 2), window.rfind(": ", MAX_SENTENCE // 2)) + 1
        cut = cut or max((m.start() for m in re.finditer(r"\s", window)), default=0) or MAX_SENTENCE
        pieces.append(_strip(text, start, start + cut))
        start, _ = _strip(text, start + cut, end)
    return [piece for piece in [*pieces, (start, end)] if piece[0] < piece[1]]


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
