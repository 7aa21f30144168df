from pytest import mark

from qa import Turn
from qa.followup import standalone

BALI = (Turn("Where did Biden and Xi meet in 2022?", "They met on the island of Bali on Monday."),)


@mark.parametrize(
    "question",
    [
        "Who is the White House press secretary?",
        "What did Captain Brandt say about that storm?",
        "How many kinds of bread does Rosa Quint sell?",
        "Is there a ferry to Oster on Sundays?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, BALI) == question


@mark.parametrize(
    ("question", "words"),
    [
        ("And in 2023?", ["2023", "Biden", "Xi", "meet"]),
        ("Why?", ["Biden", "Xi", "meet", "2022"]),
        ("What did they say there?", ["Biden", "Xi", "2022"]),
        ("How long did it take?", ["Biden", "Xi", "meet"]),
        ("what about Taiwan", ["Taiwan", "Biden", "Xi"]),
    ],
)
def test_a_question_that_leans_on_the_turn_before_takes_its_words(question: str, words: list[str]) -> None:
    query = standalone(question, BALI)
    assert query.startswith(question)
    assert all(word in query for word in words)


def test_a_new_year_takes_the_place_of_the_old_one() -> None:
    assert "2022" not in standalone("And in 2023?", BALI)


def test_who_said_that_asks_about_the_quote() -> None:
    assert "island of Bali" in standalone("Who said that?", BALI)


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    second = standalone("And in 2023?", BALI)
    third = standalone("How long?", (*BALI, Turn("And in 2023?", "In Woodside.", second)))
    assert all(word in third for word in ("Biden", "Xi", "2023"))


@mark.parametrize("history", [(), (Turn(""),), (Turn("  ", "x"),), (Turn("?!"),), (Turn("the of", ""),)])
def test_an_empty_history_changes_nothing(history: tuple[Turn, ...]) -> None:
    assert standalone("And in 2023?", history) == "And in 2023?"


def test_a_huge_turn_adds_little() -> None:
    history = (Turn("wheat barley rye " * 50_000, "oats " * 50_000),) * 200
    assert len(standalone("Why?", history)) < 500
    assert len(standalone("Who said that?", history)) < 500
