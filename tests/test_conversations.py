import json
from dataclasses import replace
from datetime import date

from conftest import BAKERY, meant
from pytest import mark, raises

from index import Library, Passage, Place
from qa import Answer, Citation
from qa.asides import reply
from qa.conversations import ConversationError, delete, forget_lost, keep, new_id, rename, reopen
from qa.followup import resolve
from qa.leaning import Lean

QUOTE = Citation(1, Passage(BAKERY, 0, 50), 0, 50, 0.9123, (0, 10))
FOUND = Answer(
    "Who opened it?",
    replace(meant("Who opened it?", "Who opened the bakery?"), lean=Lean.POINTER, light=("rye",)),
    (QUOTE,),
    (),
    0.75,
)
NONE = Answer(
    "Who owns a zither?", meant("Who owns a zither?"), (), (), 0.1, (replace(QUOTE, answer=None),), ("zither",)
)


def test_a_conversation_comes_back_as_it_was(small: Library) -> None:
    id = new_id()
    assert keep(FOUND, id, small)
    assert keep(NONE, id, small)
    first, second = reopen(id, small).told
    assert first.answer.citations == (QUOTE,)
    assert (first.answer.question, first.answer.query) == ("Who opened it?", "Who opened the bakery?")
    assert first.answer.meant.lean is Lean.POINTER
    assert first.answer.meant.light == ("rye",)
    assert first.answer.confidence == 0.75
    assert not second.answer.found
    assert second.answer.closest == NONE.closest
    assert second.answer.unknown == ("zither",)
    assert (first.lost, second.lost) == (0, 0)


def test_the_next_question_leans_on_a_reopened_conversation(small: Library) -> None:
    id = new_id()
    keep(FOUND, id, small)
    history = reopen(id, small).history
    assert replace(history[0], cited=()) == replace(FOUND.turn, cited=())
    assert [cited.answer for cited in history[0].cited] == [(0, 10)]
    assert resolve("What does she sell?", history, small).text == "What does Rosa Quint sell?"


def test_quotes_of_a_removed_article_are_left_out_and_counted(small: Library) -> None:
    id = new_id()
    keep(FOUND, id, small)
    small.remove("bakery")
    (told,) = reopen(id, small).told
    assert (told.answer.citations, told.lost) == ((), 1)


CLOSED = replace(BAKERY, text="Hugo Finch closed a bakery on Mill Lane on Tuesday, to everyone’s regret.")


def test_a_quote_is_shown_from_the_version_it_was_quoted_from_until_that_is_forgotten(small: Library) -> None:
    id = new_id()
    stored = small.article("bakery")
    quote = replace(QUOTE, passage=Passage(stored, 0, 50))
    keep(replace(FOUND, citations=(quote,)), id, small)
    small.add([CLOSED])
    small.add([replace(BAKERY, title="A bakery")])
    (told,) = reopen(id, small).told
    (shown,) = told.answer.citations
    assert (shown.quote, told.lost) == (QUOTE.quote, 0)
    assert shown.place == Place("bakery", 0, 50, stored.version)
    assert shown.passage.article.title == BAKERY.title
    assert resolve("What does she sell?", [told.answer.turn], small).text == "What does Rosa Quint sell?"
    small.drop_old("bakery")
    (told,) = reopen(id, small).told
    assert told.answer.citations[0].passage.article.title == "A bakery", "the same words at the same place"
    small.add([CLOSED])
    small.drop_old("bakery")
    (told,) = reopen(id, small).told
    assert (told.answer.citations, told.lost) == ((), 1)


def test_a_conversation_that_was_kept_before_there_were_versions_comes_back(small: Library) -> None:
    id = new_id()
    keep(FOUND, id, small)
    turn = json.loads(small.conversations.turns(id)[0])
    del turn["as_of"], turn["citations"][0]["version"], turn["citations"][0]["also"]
    small.conversations.append("older", json.dumps(turn), "Older")
    small.add([CLOSED])
    assert reopen("older", small).told[0].answer.citations[0].quote == QUOTE.quote


def test_near_copies_and_the_day_asked_about_come_back(small: Library) -> None:
    small.add(
        [
            replace(BAKERY, id="copy", text=f"News. {BAKERY.text}", origin="/copy"),
            replace(BAKERY, id="other", origin="/other"),
        ]
    )
    also = tuple(Passage(small.article(name), at, at + 50) for name, at in (("copy", 6), ("other", 0)))
    id = new_id()
    keep(replace(FOUND, citations=(replace(QUOTE, also=also),), as_of=date(2022, 1, 1)), id, small)
    small.remove("other")
    (told,) = reopen(id, small).told
    (shown,) = told.answer.citations
    assert shown.also == also[:1]
    assert [passage.text for passage in shown.also] == [QUOTE.quote]
    assert told.answer.as_of == date(2022, 1, 1)


def test_a_count_is_made_anew(small: Library) -> None:
    id, question = new_id(), "How many articles mention bread?"
    keep(Answer(question, meant(question), (), (), reply=reply(question, [], small)), id, small)
    assert reopen(id, small).told[0].answer.reply.total == 1
    small.remove("bakery")
    assert reopen(id, small).told[0].answer.reply.total == 0


def test_the_first_question_names_a_conversation_until_it_is_renamed(small: Library) -> None:
    id = new_id()
    keep(Answer("word " * 60, meant("word"), (), ()), id, small)
    name = reopen(id, small).kept.name
    assert name.endswith("…")
    assert len(name) <= 80
    assert rename(id, "  The\nbakery ", small) == reopen(id, small).kept.name == "The bakery"


@mark.parametrize("act", [reopen, delete, lambda id, library: rename(id, "x", library)])
def test_a_conversation_that_is_not_there(small: Library, act) -> None:
    with raises(ConversationError, match="there is no conversation 'nothing'; expected"):
        act("nothing", small)


def test_a_conversation_of_another_owner_is_not_there(small: Library) -> None:
    id = new_id()
    keep(FOUND, id, small, owner="one")
    with raises(ConversationError):
        reopen(id, small, owner="two")
    assert not keep(NONE, id, small, owner="two")
    assert len(reopen(id, small, owner="one").told) == 1


def test_ids_cannot_be_guessed() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
    assert all(len(new_id()) == 32 for _ in range(10))


def test_words_that_a_question_was_filled_with_go_when_a_quote_is_lost(small: Library) -> None:
    filled = replace(NONE, meant=replace(meant("What does she sell?", "What does Rosa Quint sell?")), closest=())
    mine, theirs, other = new_id(), new_id(), new_id()
    for id, owner in ((mine, ""), (theirs, "them")):
        keep(FOUND, id, small, owner)
        keep(filled, id, small, owner)
    keep(filled, other, small)
    kept = small.conversations.turns(other)
    forget_lost(small)
    assert "Rosa" in "".join(small.conversations.turns(mine)), "while all quotes stand"
    small.remove("bakery")
    forget_lost(small)
    for id, owner in ((mine, ""), (theirs, "them")):
        bodies = "".join(small.conversations.turns(id, owner))
        assert "Rosa" not in bodies
        assert "rye" not in bodies
        assert [told.answer.question for told in reopen(id, small, owner).told] == [FOUND.question, filled.question]
    assert small.conversations.turns(other) == kept
