from datetime import date

from pytest import mark, raises

from index import Library
from index.errors import QuestionError
from qa import Turn, retrieve


def test_passages_come_best_first_and_no_more_than_asked(small: Library) -> None:
    hits = retrieve("Why was the ferry to Oster late?", small, k=2)
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].passage.article.id == "ferry"
    assert hits[0].score >= hits[1].score


def test_the_conversation_is_searched_with_the_question(small: Library) -> None:
    hits = retrieve("Why?", small, k=1, history=[Turn("When did the ferry run to Oster?")])
    assert hits[0].passage.article.id == "ferry"


def test_filters_are_passed_on(small: Library) -> None:
    assert [
        hit.passage.article.id for hit in retrieve("ferry", small, after=date(2021, 1, 1), sources=["Harbour Post"])
    ] == ["bakery"]
    assert retrieve("ferry", small, before=date(1999, 1, 1)) == []


@mark.parametrize("question", ["", "  \n", "?!", "…"])
def test_a_blank_question_is_refused(small: Library, question: str) -> None:
    with raises(QuestionError, match="blank"):
        retrieve(question, small)


def test_half_a_character_is_refused(small: Library) -> None:
    with raises(QuestionError, match="half a character"):
        retrieve("why \ud800", small)


def test_a_question_of_10000_characters_is_refused(small: Library) -> None:
    with raises(QuestionError, match=r"10,000 characters; expected at most 1,000"):
        retrieve("why " * 2499 + "why?", small)
    assert retrieve("why " * 249 + "fog", small, k=1)
