"""What a language model wrote, as HTML, escaped, and nothing like a quote."""

from __future__ import annotations

from collections.abc import Callable

from qa import Written
from qa.writing import WrittenSentence
from ui.escaping import escaped
from ui.wording import DOUBTFUL, doubtful_parts, dropped_note, written_head


def written_html(written: Written, link: Callable[[int], str] | None = None) -> str:
    """Draw what was written, with doubtful words underlined and named to screen readers.

    `link` gives the address of a quote by its number; without it, the numbers are plain.
    """
    sentences = "".join(
        f'<p class="fn-written-sentence" dir="auto">{_sentence(one)} {_marks(one, link)}</p>'
        for one in written.sentences
    )
    note = dropped_note(written)
    left_out = f'<p class="fn-written-note">{escaped(note)}</p>' if note else ""
    return (
        '<section class="fn-written" aria-label="Written by a language model">'
        f'<p class="fn-written-head">{escaped(written_head(written))}</p>{sentences}{left_out}</section>'
    )


def _sentence(sentence: WrittenSentence) -> str:
    return "".join(_doubtful(part) if bad else escaped(part) for part, bad in doubtful_parts(sentence))


def _doubtful(words: str) -> str:
    return (
        f'<u class="fn-doubtful" title="{DOUBTFUL}">{escaped(words)}</u>'
        f'<sup class="fn-doubtful-mark" aria-hidden="true">?</sup><span class="fn-heard"> ({DOUBTFUL})</span>'
    )


def _marks(sentence: WrittenSentence, link: Callable[[int], str] | None) -> str:
    return "".join(
        f'<a class="fn-written-mark" href="{escaped(link(number))}">[{number}]</a>'
        if link
        else f'<span class="fn-written-mark">[{number}]</span>'
        for number in sentence.quotes
    )
