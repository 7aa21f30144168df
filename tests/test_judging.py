"""What readers judge becomes a set that measures the library, and only what is sound of it."""

import json
from pathlib import Path

from conftest import BAKERY, meant
from pytest import fixture, mark, raises

from index import Article, Library, Passage, Place
from qa import Answer, Citation
from qa.conversations import ConversationError, delete, keep, new_id
from qa.judging import Judgement, JudgingError, Verdict, judge, judgements, own_questions
from qa.questions import read_questions

QUOTE, OTHER = Place("bakery", 0, 50), Place("bakery", 51, 81)


def _cited(number: int, place: Place) -> Citation:
    return Citation(number, Passage(BAKERY, 0, len(BAKERY.text)), place.start, place.end, 0.9)


@fixture
def talk(small: Library) -> str:
    id = new_id()
    question = "Who opened a bakery?"
    keep(Answer(question, meant(question), (_cited(1, QUOTE), _cited(2, OTHER)), (), 0.8), id, small)
    keep(Answer("Why?", meant("Why?"), (), (), 0.1, (_cited(1, OTHER),)), id, small)
    return id


def read(library: Library, folder: Path) -> list:
    file = folder / "own.jsonl"
    file.write_text("".join(f"{line}\n" for line in own_questions(library)), "utf-8")
    return read_questions(file)


def test_a_checked_quote_is_a_right_span_and_a_wrong_one_is_none(small: Library, talk: str, tmp_path: Path) -> None:
    judge(small, talk, 0, quote=QUOTE, verdict=Verdict.CHECKED)
    now = judge(small, talk, 0, quote=OTHER, verdict=Verdict.NO_ANSWER)
    assert judgements(small, talk) == {0: now}
    (question,) = read(small, tmp_path)
    assert question.question == "Who opened a bakery?"
    assert [(span.article, span.start, span.end) for span in question.relevant] == [("bakery", 0, 50)]
    assert question.relevant[0].text == BAKERY.text[:50]
    (row,) = map(json.loads, own_questions(small))
    assert [(one["start"], one["verdict"]) for one in row["wrong"]] == [(51, "no-answer")]


@mark.parametrize("verdict", [Verdict.SOURCE, Verdict.NO_ANSWER])
def test_a_wrong_quote_alone_says_nothing_of_the_question(small: Library, talk: str, verdict: Verdict) -> None:
    judge(small, talk, 0, quote=QUOTE, verdict=verdict, missing="the council's minutes")
    assert list(own_questions(small)) == []
    assert judgements(small, talk)[0].missing == "the council's minutes"


def test_an_answer_that_is_not_there_is_judged_with_its_conversation(small: Library, talk: str, tmp_path: Path) -> None:
    judge(small, talk, 1, absent=True, missing="  a history\n of rye ")
    (question,) = read(small, tmp_path)
    assert not question.answerable
    assert [turn.question for turn in question.history] == ["Who opened a bakery?"]
    assert question.history[0].answer == f"{BAKERY.text[:50]} {BAKERY.text[51:81]}"
    (row,) = map(json.loads, own_questions(small))
    assert row["missing"] == "a history of rye"
    with raises(JudgingError, match="quotes were shown"):
        judge(small, talk, 0, absent=True)


def test_the_closest_sentence_can_turn_out_to_answer(small: Library, talk: str, tmp_path: Path) -> None:
    judge(small, talk, 1, absent=True)
    judge(small, talk, 1, quote=OTHER, verdict=Verdict.CHECKED)
    (question,) = read(small, tmp_path)
    assert question.answerable


def test_a_judgement_is_taken_back_and_then_nothing_is_left_of_it(small: Library, talk: str) -> None:
    judge(small, talk, 0, quote=QUOTE, verdict=Verdict.CHECKED)
    assert judge(small, talk, 0, quote=QUOTE) == Judgement()
    assert judgements(small, talk) == {}


def test_judgements_outlive_the_conversation_and_not_the_words(small: Library, talk: str) -> None:
    judge(small, talk, 0, quote=QUOTE, verdict=Verdict.CHECKED)
    delete(talk, small)
    assert len(list(own_questions(small))) == 1
    assert all("bakery on Mill" not in body for _, _, body in small.judgements.all()), "places, no words of articles"
    small.remove("bakery")
    assert list(own_questions(small)) == []
    small.add([Article("bakery", "Another", "Another text stands here now, as long as the one before it was, or so.")])
    assert list(own_questions(small)) == []


def test_only_what_was_shown_can_be_judged(small: Library, talk: str) -> None:
    for turn in (-1, 2, 99):
        with raises(JudgingError):
            judge(small, talk, turn, absent=False)
    for place in (Place("bakery", 0, 49), Place("ferry", 0, 50)):
        with raises(JudgingError, match="no quote of the answer"):
            judge(small, talk, 0, quote=place, verdict=Verdict.CHECKED)
    with raises(ConversationError):
        judge(small, talk, 0, owner="bob", quote=QUOTE, verdict=Verdict.CHECKED)
