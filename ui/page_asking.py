"""Questions from the page into answers, told stage by stage."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from index import FootnoteError, Library
from index.errors import QuestionError
from qa import answer
from qa.conversations import new_id
from ui.answer_html import Limits, Shown, message_html, stage_html, turn_html
from ui.authority import may_change, owner_of
from ui.escaping import escaped
from ui.line import Line
from ui.page_talks import Talks
from ui.page_writing import Writing
from ui.wording import searched

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[0-9a-f-]{8,64}")
_KEYS = 2_000
_MOST_SOURCES = 500
_BETWEEN_STAGES = 1.0
"""Seconds from one stage told to the next: Gradio takes milliseconds of a processor for each, for all who wait."""
STOPPED = "Stopped. The question was not answered."


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a question as the page sends it; `key` is of this one sending."""

    key: str
    conversation: str
    question: str
    limits: Limits
    alone: bool

    @classmethod
    def of(cls, data: Any) -> Asked:
        """Read what a page, or anyone, sent.

        Raises: QuestionError.
        """
        get = data.get if isinstance(data, dict) else {}.get
        key, question, id = get("key"), get("question"), get("conversation")
        if not (isinstance(key, str) and _KEY.fullmatch(key) and isinstance(question, str)):
            raise QuestionError("no question came", "one from the page", "Load the page anew")
        sources = get("sources") or []
        if not (isinstance(sources, list) and all(isinstance(one, str) for one in sources[:_MOST_SOURCES])):
            raise QuestionError("the outlets are no list", "names of outlets", "Load the page anew")
        limits = Limits(_day(get("after")), _day(get("before")), tuple(sources[:_MOST_SOURCES]), _day(get("as_of")))
        conversation = id if isinstance(id, str) and _ID.fullmatch(id) else new_id()
        return cls(key, conversation, question, limits, bool(get("alone")))


def _day(value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise QuestionError(f"{str(value)[:40]!r} is no date", "a day, month and year", "Correct the dates") from None


class Asking:
    """Answer the questions of all visitors, a few at a time."""

    def __init__(self, library: Library, talks: Talks, line: Line, writing: Writing | None = None) -> None:
        self._library = library
        self._writing = writing or Writing(None)
        self._talks = talks
        self._line = line
        self._known: OrderedDict[str, asyncio.Task[None] | None] = OrderedDict()

    async def ask(self, data: Any, visitor: str, request: HTTPConnection) -> AsyncIterator[str]:
        """Give what there is to see of a question as it changes, the answer last; nothing for one that came before.

        The answer is made and kept also when nobody waits for it any more.
        """
        try:
            asked = Asked.of(data)
        except QuestionError as error:
            yield _channel("", "", "done", message_html(str(error)))
            return
        if asked.key in self._known:
            return
        owner, may_judge = owner_of(request), may_change(request)
        told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        work = asyncio.create_task(self._work(asked, visitor, owner, may_judge, told))
        self._remember(asked.key, work)
        state = "working"
        while state == "working":
            state, html = await told.get()
            while not told.empty():
                state, html = told.get_nowait()
            yield _channel(asked.key, asked.conversation, state, html)
            if state == "working":
                await asyncio.wait([work], timeout=_BETWEEN_STAGES)

    def stop(self, key: str) -> None:
        """Stop working on a question."""
        work = self._known.get(key)
        if work:
            work.cancel()
        self._writing.stop(key)

    async def _work(
        self, asked: Asked, visitor: str, owner: str, may_judge: bool, told: asyncio.Queue[tuple[str, str]]
    ) -> None:
        def say(text: str) -> None:
            told.put_nowait(("working", stage_html(text)))

        def moved(before: int) -> None:
            people = "1 person" if before == 1 else f"{before:,} people"
            say(f"{people} before you" if before else "You are next")

        try:
            say(f"Searching {searched(self._library)}")
            async with self._line.place(visitor, moved):
                html = await asyncio.to_thread(self._answered, asked, owner, may_judge)
            told.put_nowait(("done", html))
        except asyncio.CancelledError:
            told.put_nowait(("stopped", message_html(STOPPED)))
        except FootnoteError as error:
            told.put_nowait(("refused", message_html(str(error))))
        except Exception:
            told.put_nowait(("refused", message_html("This went wrong inside Footnote; its log says what. Ask again.")))
            raise
        finally:
            self._known[asked.key] = None

    def _answered(self, asked: Asked, owner: str, may_judge: bool) -> str:
        begun = time.perf_counter()
        history = self._talks.history(asked.conversation, owner)
        limits = asked.limits
        found = answer(
            asked.question,
            self._library,
            history=history,
            after=limits.after,
            before=limits.before,
            sources=limits.sources,
            as_of=limits.as_of,
            alone=asked.alone,
        )
        seconds = time.perf_counter() - begun
        note = self._talks.add(found, asked.conversation, owner)
        shown = Shown(
            len(history),
            searched(self._library),
            seconds,
            limits,
            asked.alone,
            note=note,
            may_judge=may_judge and not note,
        )
        return turn_html(found, shown) + self._writing.offered(asked.key, owner, found)

    def _remember(self, key: str, work: asyncio.Task[None]) -> None:
        self._known[key] = work
        while len(self._known) > _KEYS and next(iter(self._known.values())) is None:
            self._known.popitem(last=False)


def _channel(key: str, conversation: str, state: str, html: str) -> str:
    return (
        f'<div data-key="{escaped(key)}" data-conversation="{escaped(conversation)}" data-state="{state}">{html}</div>'
    )
