"""Questions as anyone may send them: answered once, in their conversation, and refused with reasons."""

import asyncio
import re
import uuid
from types import SimpleNamespace
from typing import Any

from pytest import MonkeyPatch, mark

from index import Library
from qa.conversations import new_id, reopen
from ui import page_asking as module
from ui.authority import Visitor
from ui.line import Line
from ui.page_asking import Asking
from ui.page_talks import Talks

HERE = SimpleNamespace(state=SimpleNamespace(visitor=Visitor()))


def sent(question: str, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "question": question, **more}


def ask(library: Library, *data: Any, request: Any = HERE, talks: Talks | None = None) -> list[list[str]]:
    async def scene() -> list[list[str]]:
        asking = Asking(library, talks or Talks(library), Line())
        return [[html async for html in asking.ask(one, "visitor", request)] for one in data]

    return asyncio.run(scene())


def state(html: str) -> str:
    return re.search('data-state="(.*?)"', html).group(1)


def test_stages_come_first_and_the_answer_last_and_it_is_kept(seed_library: Library) -> None:
    id = new_id()
    first, second = ask(
        seed_library,
        sent("Where did Biden and Xi meet in 2022?", conversation=id),
        sent("And in 2023?", conversation=id),
    )
    assert [state(html) for html in first] == ["working", "done"]
    assert "Searching 60 passages in 16 articles" in first[0]
    assert "<strong>" in first[1]
    assert 'data-turn="1"' in second[-1]
    assert "Searched as: Where did Biden and Xi meet in 2023?" in second[-1]
    assert [told.answer.question for told in reopen(id, seed_library).told] == [
        "Where did Biden and Xi meet in 2022?",
        "And in 2023?",
    ]
    (later,) = ask(seed_library, sent("Who said that?", conversation=id))
    assert 'data-turn="2"' in later[-1], "another program goes on where the first one ended"


def test_a_question_that_is_sent_twice_is_answered_once(seed_library: Library) -> None:
    one = sent("What is strategic ambiguity?", conversation=new_id())
    first, again = ask(seed_library, one, one)
    assert state(first[-1]) == "done"
    assert again == []
    assert len(reopen(one["conversation"], seed_library).told) == 1


@mark.parametrize(
    "data",
    [
        None,
        "text",
        [],
        {},
        {"key": "x", "question": "Why?"},
        {"key": str(uuid.uuid4()), "question": 7},
        sent("Why did it rain?", after="yesterday"),
        sent("Why did it rain?", before=[1]),
        sent("Why did it rain?", sources="all"),
        sent("Why did it rain?", sources=[1, 2]),
        sent("?!"),
        sent("why? " * 2000),
    ],
)
def test_what_cannot_be_asked_gets_a_reason_and_is_not_kept(seed_library: Library, data: Any) -> None:
    before = len(seed_library.conversations.all())
    (said,) = ask(seed_library, data)
    assert "fn-message" in said[-1]
    assert "expected" in said[-1]
    assert len(seed_library.conversations.all()) == before


def test_a_question_can_be_stopped_and_is_not_kept(seed_library: Library) -> None:
    one = sent("What is strategic ambiguity?", conversation=new_id())

    async def scene() -> list[str]:
        asking = Asking(seed_library, Talks(seed_library), Line())
        said = []
        async for html in asking.ask(one, "visitor", HERE):
            said.append(html)
            asking.stop(one["key"])
        return said

    assert [state(html) for html in asyncio.run(scene())] == ["working", "stopped"]


def test_those_who_wait_see_how_many_are_before_them(seed_library: Library, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BETWEEN_STAGES", 0)

    async def scene() -> list[list[str]]:
        asking = Asking(seed_library, Talks(seed_library), Line(1))

        async def one(visitor: str) -> list[str]:
            return [html async for html in asking.ask(sent("What is strategic ambiguity?"), visitor, HERE)]

        return await asyncio.gather(*(one(f"visitor {number}") for number in range(4)))

    first, *_, last = asyncio.run(scene())
    assert "before you" not in "".join(first)
    assert "3 people before you" in "".join(last)
    assert "1 person before you" in "".join(last)
    assert [state(said[-1]) for said in (first, last)] == ["done", "done"]


def test_many_who_ask_at_once_each_get_their_own_answers_in_turns(seed_library: Library) -> None:
    questions = ["Where did Biden and Xi meet in 2022?", "And in 2023?"]
    visitors = {f"visitor {number}": new_id() for number in range(8)}
    answered: list[tuple[str, int]] = []

    async def scene() -> None:
        asking = Asking(seed_library, Talks(seed_library), Line(2))

        async def one(visitor: str, conversation: str) -> None:
            for turn, question in enumerate(questions):
                data = sent(question, conversation=conversation)
                said = [html async for html in asking.ask(data, visitor, HERE)]
                answered.append((visitor, turn))
                assert f'data-key="{data["key"]}" data-conversation="{conversation}" data-state="done"' in said[-1]
                assert f'data-turn="{turn}"' in said[-1]
                assert re.sub(r"\s+", " ", question) in said[-1]

        await asyncio.gather(*(one(*visitor) for visitor in visitors.items()))

    asyncio.run(scene())
    assert {visitor for visitor, _ in answered[:8]} == set(visitors), "nobody was answered twice before all were once"
    for conversation in visitors.values():
        assert [told.answer.question for told in reopen(conversation, seed_library).told] == questions


def test_what_is_remembered_of_conversations_has_an_end(small: Library) -> None:
    talks = Talks(small)
    ask(small, *(sent("list the sources", conversation=new_id()) for _ in range(230)), talks=talks)
    assert len(talks._turns) == 200
