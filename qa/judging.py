"""Answers judged by their readers, and the judged questions that makes: the library's own set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from index.errors import FootnoteError
from index.library import Library
from index.records import Place
from qa.conversations import reopen
from qa.records import Answer, Citation

MAX_NOTE = 500


class JudgingError(FootnoteError):
    """Something cannot be judged."""


class Verdict(StrEnum):
    """What a reader says of a quote."""

    CHECKED = "checked"
    SOURCE = "wrong-source"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold what was judged of one answer.

    `verdicts` are of quotes, by their places; `absent` says that the articles do not answer;
    `missing` is a note on an article that should be in the library.
    """

    verdicts: tuple[tuple[Place, Verdict], ...] = ()
    absent: bool = False
    missing: str = ""

    def verdict(self, citation: Citation) -> Verdict | None:
        """Give what was said of a quote."""
        place = _place(citation)
        return next((verdict for one, verdict in self.verdicts if one == place), None)


def judge(
    library: Library,
    conversation: str,
    turn: int,
    *,
    owner: str = "",
    quote: Place | None = None,
    verdict: Verdict | None = None,
    absent: bool | None = None,
    missing: str | None = None,
) -> Judgement:
    """Judge a turn, counted from 0, of a kept conversation; give all that is now said of it.

    With `quote` the verdict is of that quote, None takes it back; `absent` and `missing` are of the turn.
    Raises: JudgingError, when there is no such turn or quote; ConversationError; LibraryUnwritable.
    """
    told = reopen(conversation, library, owner).told
    if not 0 <= turn < len(told) or told[turn].answer.reply:
        raise JudgingError(f"there is no answer {turn + 1}", "an answer of this conversation", "Open it anew")
    answer = told[turn].answer
    quotes = {_place(one): one for one in (*answer.citations, *answer.closest)}
    if quote is not None and not quote.version:
        quote = next((one for one in quotes if replace(one, version=0) == quote), quote)
    if quote is not None and quote not in quotes:
        raise JudgingError("this is no quote of the answer", "one that it shows", "Open the conversation anew")
    if absent and answer.found:
        raise JudgingError("quotes were shown", "an answer without any", "Judge the quotes instead")
    before = judgements(library, conversation).get(turn, Judgement())
    verdicts = {one: said for one, said in before.verdicts if one in quotes and one != quote}
    if quote is not None and verdict is not None:
        verdicts[quote] = verdict
    now = Judgement(
        tuple(verdicts.items()),
        before.absent if absent is None else absent,
        before.missing if missing is None else " ".join(missing.split())[:MAX_NOTE],
    )
    body = ""
    if now != Judgement():
        history = [_asked(one.answer) for one in told[:turn]]
        values = {
            **_asked(answer),
            "history": history,
            "verdicts": [{**_written(quotes[one]), "verdict": said.value} for one, said in now.verdicts],
            "absent": now.absent,
            "missing": now.missing,
        }
        body = json.dumps(values, ensure_ascii=False)
    library.judgements.put(conversation, turn, body)
    return now


def judgements(library: Library, conversation: str) -> dict[int, Judgement]:
    """Give what was judged of a conversation, by the number of the turn from 0."""
    return {turn: _judgement(json.loads(body)) for turn, body in library.judgements.of(conversation).items()}


def own_questions(library: Library) -> Iterator[str]:
    """Give the judged questions of a library's readers as JSON lines, as `qa.questions.read_questions` reads them.

    A question is among them when a quote for it was checked, which is then a relevant span, or
    when nothing was quoted and a reader said that the articles do not answer it. A quote is left
    out when it no longer stands in its article. Quotes said to be wrong are under `wrong`, notes
    on missing articles under `missing`, both for people to read.
    """
    for conversation, turn, body in library.judgements.all():
        values = json.loads(body)
        said = [(Verdict(one["verdict"]), _span(one, library)) for one in values["verdicts"]]
        relevant = [span for verdict, span in said if span and verdict is Verdict.CHECKED]
        if not relevant and not values["absent"]:
            continue
        row = {
            "id": f"own-{conversation[:12]}-{turn + 1}",
            "kind": "own",
            "question": values["question"],
            "history": [{"question": one["question"], "answer": _quoted(one, library)} for one in values["history"]],
            "answerable": bool(relevant),
            "answers": [],
            "relevant": relevant,
            "wrong": [{**span, "verdict": verdict.value} for verdict, span in said if span and span not in relevant],
            "missing": values["missing"],
        }
        yield json.dumps(row, ensure_ascii=False)


def _judgement(values: dict[str, Any]) -> Judgement:
    return Judgement(
        tuple(
            (Place(one["article"], one["start"], one["end"], one["version"]), Verdict(one["verdict"]))
            for one in values["verdicts"]
        ),
        values["absent"],
        values["missing"],
    )


def _asked(answer: Answer) -> dict[str, Any]:
    return {"question": answer.question, "cited": [_written(one) for one in answer.citations]}


def _written(citation: Citation) -> dict[str, Any]:
    place = _place(citation)
    return {**asdict(place), "sha256": _digest(citation.quote)}


def _span(written: dict[str, Any], library: Library) -> dict[str, Any] | None:
    article = library.article(written["article"])
    text = article.text[written["start"] : written["end"]] if article else ""
    if _digest(text) != written["sha256"]:
        return None
    return {"article": written["article"], "start": written["start"], "end": written["end"], "text": text}


def _quoted(asked: dict[str, Any], library: Library) -> str:
    return " ".join(span["text"] for span in (_span(one, library) for one in asked["cited"]) if span)


def _place(citation: Citation) -> Place:
    article = citation.passage.article
    return Place(article.id, citation.start, citation.end, article.version)


def _digest(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()
