"""What was said before in a conversation, and who, where and when it was about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.engine import Engine
from index.records import Place
from index.terms import terms
from qa.asides import aside
from qa.names import TITLE, WORD, last_word
from qa.records import Turn

MAX_TURNS = 8
"""How many turns, the newest, a question can lean on."""
_MAX_QUESTION, _MAX_ANSWER = 400, 2_000

_TITLED = re.compile(rf"\b{TITLE}\.?\s+(?:of\s+\w+\s+)?(?P<name>{WORD}(?:\s+{WORD})*)")
_SPEAKER = re.compile(rf"(?P<name>{WORD}(?:\s+{WORD})+)(?:,| said| told| says)")


@dataclass(frozen=True, slots=True)
class Quote:
    """Hold a quote of an earlier turn: its sentence, and the words in it that answered."""

    text: str
    short: str = ""


class Recalled:
    """Hold the turns a question may lean on, the newest last, none of them blank."""

    def __init__(self, turns: Sequence[Turn], library: Engine) -> None:
        spoken = [turn for turn in turns[-2 * MAX_TURNS :] if turn.question.strip()]
        asked = [turn for i, turn in enumerate(spoken) if aside(turn.question[:_MAX_QUESTION], spoken[:i])[0] is None]
        self.turns = [turn for turn in asked if terms(turn.question[:_MAX_QUESTION])][-MAX_TURNS:]
        self.gone: list[str] = []
        self.quotes = [self._quotes(turn, library) for turn in self.turns]

    def _quotes(self, turn: Turn, library: Engine) -> list[Quote]:
        quotes = []
        for cited in turn.cited[:3]:
            article = library.article(cited.place.article, cited.place.version)
            if article is None:
                self.gone.append(cited.place.article)
            elif cited.place.end <= len(article.text):
                text = article.text[cited.place.start : cited.place.end]
                quotes.append(Quote(text, article.text[slice(*cited.answer)] if cited.answer else ""))
        if not turn.cited and turn.answer.strip():
            quotes.append(Quote(turn.answer[:_MAX_ANSWER]))
        return quotes

    @property
    def question(self) -> str:
        """Give the newest question as it was searched."""
        last = self.turns[-1]
        return (last.query or last.question)[:_MAX_QUESTION]

    @property
    def places(self) -> tuple[Place, ...]:
        """Give the places that the newest turn quoted."""
        return tuple(cited.place for cited in self.turns[-1].cited[:3])

    @property
    def quote(self) -> Quote:
        """Give the first quote of the newest turn, an empty one when it had none."""
        return self.quotes[-1][0] if self.quotes[-1] else Quote("")

    @cached_property
    def people(self) -> frozenset[str]:
        """Give the last words of the names that are spoken of as people's."""
        texts = self._texts()
        return frozenset(
            last_word(match["name"]) for text in texts for match in (*_TITLED.finditer(text), *_SPEAKER.finditer(text))
        )

    def _texts(self) -> list[str]:
        return [
            text
            for turn, quotes in zip(self.turns, self.quotes, strict=True)
            for text in (turn.question[:_MAX_QUESTION], *(quote.text for quote in quotes))
        ]
