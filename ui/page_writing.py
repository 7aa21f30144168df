"""What a language model writes over the quotes of an answer that is shown already."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from qa import Answer, LanguageModel, Written, write
from ui.answer_html import stage_html, written_place
from ui.authority import may_change, owner_of
from ui.escaping import escaped
from ui.wording import written_head
from ui.written_html import written_html

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_AT_ONCE = 4
_MOST_WAITING = 500


class Writing:
    """Have a model write over answers, when the page that shows them asks; without a model, over none.

    A few at a time, in threads of their own: no question waits for a model. What is written is kept nowhere.
    """

    def __init__(self, model: LanguageModel | None) -> None:
        self._model = model
        self._answers: OrderedDict[str, tuple[str, Answer]] = OrderedDict()
        self._at_work: dict[str, asyncio.Task[Written]] = {}
        self._free = asyncio.Semaphore(_AT_ONCE)

    def offered(self, key: str, owner: str, answer: Answer) -> str:
        """Remember an answer to be written over; give what stands in that place until then, "" for none."""
        if self._model is None or not answer.found:
            return ""
        self._answers[key] = owner, answer
        while len(self._answers) > _MOST_WAITING:
            self._answers.popitem(last=False)
        return f'<div class="fn-writing">{stage_html(f"{self._model.name} writes from these quotes")}</div>'

    async def written(self, key: str, request: HTTPConnection) -> dict[str, str]:
        """Write over an answer that was offered under a key, once; "" when there is none, or it was stopped."""
        owner, answer = self._answers.pop(key, ("", None))
        if self._model is None or answer is None or owner != owner_of(request):
            return {"html": ""}
        work = asyncio.create_task(self._work(answer, self._model))
        self._at_work[key] = work
        try:
            await asyncio.wait({work})
            html = "" if work.cancelled() else _html(work.result(), answer, reasons=may_change(request))
            return {"html": html}
        finally:
            work.cancel()
            del self._at_work[key]

    def stop(self, key: str) -> None:
        """Stop writing, or see that it does not begin."""
        self._answers.pop(key, None)
        work = self._at_work.get(key)
        if work:
            work.cancel()

    async def _work(self, answer: Answer, model: LanguageModel) -> Written:
        async with self._free:
            return await _in_thread(lambda: write(answer, model))


def _in_thread(piece: Callable[[], Written]) -> asyncio.Future[Written]:
    """Run in a thread of its own, which who stops waiting leaves to end by itself."""
    outcome: Future[Written] = Future()
    outcome.set_running_or_notify_cancel()  # from here on it cannot be cancelled under the thread

    def run() -> None:
        try:
            outcome.set_result(piece())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            outcome.set_exception(error)

    threading.Thread(target=run, name="writer", daemon=True).start()
    return asyncio.wrap_future(outcome)


def _html(written: Written, answer: Answer, *, reasons: bool) -> str:
    """Draw what was written, or one quiet line; the reasons of a failure name the model's address."""
    if written.sentences:
        places = {one.number: written_place(one.passage.article, one.start, one.end) for one in answer.citations}
        return written_html(written, link=lambda number: f"#{places[number]}")
    said = written_head(written) if reasons or not written.failed else f"{written.model} wrote nothing this time."
    return f'<p class="fn-stage">{escaped(said)}</p>'
