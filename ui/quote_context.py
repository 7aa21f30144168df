"""What stands before a quote that cannot be understood without it."""

from __future__ import annotations

import re
from string import ascii_letters, digits

from index.sentences import sentence_spans
from qa import Citation

_LEANING = re.compile(
    r"[“\"‘'(]?(?:he|she|it|they|we|i|his|her|its|their|our|my|this|that|these|those|such|both|neither|but|and|or|so|"
    r"then|there|yet|still|also|however|therefore|thus|hence|instead|meanwhile|nevertheless|nonetheless|moreover|"
    r"furthermore|besides|otherwise|afterwards?|later|earlier|the (?:former|latter|two|pair|other))\b",
    re.I,
)
_WINDOW = 3_000
_GOES_ON = frozenset(",;:" + ascii_letters + digits)


def context_before(citation: Citation) -> tuple[int, int] | None:
    """Give the place of the sentence before a quote that opens with "He", "That", "However" and the like.

    None for a quote that stands alone, and for one with nothing before it.
    """
    if not _LEANING.match(citation.quote):
        return None
    text = citation.passage.article.text
    first = max(0, citation.start - _WINDOW)
    spans = sentence_spans(text[first : citation.start])
    if not spans or (first and len(spans) == 1):
        return None
    if len(spans) > 1 and text[first + spans[-2][1] - 1] in _GOES_ON:
        return None  # a piece of a sentence that is too long to be shown whole
    start, end = spans[-1]
    return first + start, first + end
