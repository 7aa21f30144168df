from itertools import pairwise

import numpy as np
from pytest import mark

from qa.reading_model import FILE, PASSAGE, QUESTION, TITLE, Scores, layout, read_passages

BAKERY = "A bakery opens", "Rosa Quint opened a bakery on Mill Lane on Monday. She sells nine kinds of bread."
FERRY = "The ferry is late", "The ferry to Oster ran two hours late on Friday, because fog lay on the water."


def said(scores: Scores, text: str) -> str:
    first, last = np.unravel_index(int(scores.spans().argmax()), (len(scores.places),) * 2)
    return text[scores.places[first, 0] : scores.places[last, 1]]


def test_a_layout_is_question_title_and_passage_between_marks() -> None:
    laid = layout([11, 12], [21], [31, 32, 33], 1, 2)
    assert laid.ids == [1, 11, 12, 2, 21, 2, 31, 32, 33, 2]
    assert laid.ids[laid.second :][0] == 21
    assert laid.ids[laid.passage :][0] == 31


def test_each_part_of_a_layout_is_cut_to_its_length() -> None:
    laid = layout([5] * 999, [6] * 999, [7] * 999, 1, 2)
    assert [laid.ids.count(i) for i in (5, 6, 7)] == [QUESTION, TITLE, PASSAGE]


@mark.parametrize(
    ("question", "passage", "answer"),
    [
        ("Who opened a bakery?", BAKERY, "Rosa Quint"),
        ("Where did the bakery open?", BAKERY, "Mill Lane"),
        ("Why did the ferry to Oster run late?", FERRY, "fog"),
    ],
)
def test_the_reader_marks_the_words_that_answer(question: str, passage: tuple[str, str], answer: str) -> None:
    ((scores,),) = read_passages(question, [passage])
    assert answer in said(scores, passage[1])


def test_the_passage_that_answers_scores_higher() -> None:
    (bakery,), (ferry,) = read_passages("Who opened a bakery?", [BAKERY, FERRY])
    assert bakery.whole > ferry.whole + 2
    assert bakery.spans().max() - bakery.none > ferry.spans().max() - ferry.none


def test_what_is_read_does_not_depend_on_its_neighbours() -> None:
    alone = read_passages("Who opened a bakery?", [BAKERY])[0][0]
    beside = read_passages("Who opened a bakery?", [FERRY, BAKERY, FERRY])[1][0]
    assert (alone.whole, alone.none) == (beside.whole, beside.none)
    assert np.array_equal(alone.begin, beside.begin)


def test_a_long_passage_is_read_to_its_end() -> None:
    text = "The town council met again about the drains. " * 90 + BAKERY[1]
    (parts,) = read_passages("Who opened a bakery?", [("The town", text)])
    assert len(parts) > 2
    assert parts[0].places[0, 0] == 0
    assert parts[-1].places[-1, 1] == len(text)
    for one, after in pairwise(parts):
        assert after.places[0, 0] < one.places[-1, 1]
    best = max(parts, key=lambda part: part.whole)
    assert "Rosa Quint" in said(best, text)


@mark.parametrize("text", ["", " ", "\n", "x", "\u202e\ufffd", "a" * 5000])
def test_odd_texts_are_read_without_error(text: str) -> None:
    for scores in read_passages(text or "?", [(text, text)])[0]:
        assert np.isfinite(scores.whole)
        assert len(scores.places) == len(scores.begin) == len(scores.end)


def test_what_was_said_before_is_read_with_the_question() -> None:
    passages = [("", "Rosa Quint opened the bakery in 1987. Ivo Brandt opened the mill in 1991.")]

    def year(said: list[str]) -> str:
        ((scores,),) = read_passages("And when was that opened?", passages, said)
        first, last = np.unravel_index(int(scores.spans().argmax()), scores.spans().shape)
        return passages[0][1][scores.places[first][0] : scores.places[last][1]]

    assert year(["Who opened the bakery? Rosa Quint opened the bakery in Oster."]) == "1987"
    assert year(["Who opened the mill? Ivo Brandt opened the mill in Oster."]) == "1991"


def test_a_span_ends_where_it_begins_or_later_and_is_not_long() -> None:
    ((scores,),) = read_passages("Who opened a bakery?", [("", "bread and " * 100)])
    allowed = np.isfinite(scores.spans())
    first, last = np.nonzero(allowed)
    assert (last >= first).all()
    assert (last - first).max() == 29


def test_all_models_together_are_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in FILE.parent.iterdir()) <= 25_000_000
