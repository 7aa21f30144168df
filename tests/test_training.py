"""What the reader learns from: near misses that are none of the answers, examples whose answers stay where they are."""

import random

import numpy as np
from pytest import approx, mark

from index.encoder import default_vocabulary
from training.reader import conversations, near_misses
from training.reader.encoding import batches, encoded, padded
from training.reader.examples import cropped
from training.reader.measure import best_f1, predicted
from training.reader.records import Example

PASSAGE = (
    "Rosa Quint opened a bakery on Mill Lane in 1987. Ivo Brandt of Oster sold her the house for 4,000 crowns. "
    "The first loaf went to Hilda Moss. In 1991 a flood reached the oven, and the shop closed for nine weeks."
)
ASKED = Example("Who sold Rosa Quint the house in 1987?", "The bakery", PASSAGE, ((49, 68),), "test")


def draws(make) -> set[str | None]:
    return {make(random.Random(seed)) for seed in range(60)}


def test_names_are_found_and_words_that_only_open_a_sentence_are_not() -> None:
    text = "The bakery of Rosa Quint is closed. Fog lay over Oster. NATO met Hilda Moss."
    assert [text[a:b] for a, b in near_misses.names(text)] == ["Rosa Quint", "Oster", "NATO", "Hilda Moss"]


def test_another_name_takes_the_place_of_one_and_is_never_the_answer() -> None:
    made = draws(lambda d: near_misses.other_name(ASKED.question, PASSAGE, ["Ivo Brandt of Oster"], d))
    assert made <= {"Who sold Mill Lane the house in 1987?", "Who sold Hilda Moss the house in 1987?"}
    assert "Who sold Hilda Moss the house in 1987?" in made


def test_another_year_takes_the_place_of_a_year() -> None:
    made = draws(lambda d: near_misses.other_number(ASKED.question, PASSAGE, ["Ivo Brandt"], d))
    assert "Who sold Rosa Quint the house in 1991?" in made
    assert all("1987" not in (one or "") for one in made)
    assert draws(lambda d: near_misses.other_number("Who sold it?", PASSAGE, [], d)) == {None}


def test_a_word_becomes_its_opposite() -> None:
    assert draws(lambda d: near_misses.opposite("When did the First shop open?", d)) == {
        "When did the Last shop open?",
        "When did the First shop close?",
    }
    assert draws(lambda d: near_misses.opposite("Who is it?", d)) == {None}


def test_a_question_is_denied() -> None:
    made = draws(lambda d: near_misses.denied("When did the shop close for nine weeks?", d))
    assert made == {
        "When didn't the shop close for nine weeks?",
        "When did the shop not close for nine weeks?",
        "When did the shop never close for nine weeks?",
    }
    assert draws(lambda d: near_misses.denied("When did it not close for long?", d)) == {None}


def test_the_sentence_that_answers_is_left_out_unless_the_answer_is_said_elsewhere() -> None:
    left = near_misses.without_answer(PASSAGE, ASKED.spans, ["Ivo Brandt of Oster"])
    assert "Brandt" not in left
    assert left.startswith("Rosa Quint")
    assert left.endswith("nine weeks.")
    assert near_misses.without_answer(PASSAGE, ((0, 10),), ["o"]) is None


@mark.parametrize("seed", range(40))
def test_a_cropped_passage_keeps_its_answer(seed: int) -> None:
    long = Example("Who?", "", PASSAGE * 6, ((len(PASSAGE) * 3 + 49, len(PASSAGE) * 3 + 68),), "test")
    kept = cropped(long, random.Random(seed))
    ((start, end),) = kept.spans
    assert kept.passage[start:end] == PASSAGE[49:68]
    assert len(kept.passage) <= 800
    assert kept.passage in long.passage


def test_word_pieces_mark_where_an_answer_begins_and_ends() -> None:
    ((_, one),) = encoded([ASKED], default_vocabulary())
    first, last = (one.places[marks[0] - one.passage] for marks in (one.first, one.last))
    assert PASSAGE[first[0] : last[1]] == "Ivo Brandt of Oster"
    arrays = padded([one])
    assert arrays["inside"].sum() == len(one.places)
    assert arrays["segments"][0, one.second - 1 : one.second + 1].tolist() == [0, 1]


def test_batches_hold_every_example_once_and_no_more_pieces_than_allowed() -> None:
    lengths = [random.Random(i).randint(5, 300) for i in range(500)]
    made = batches(lengths, 1000, 0)
    assert sorted(i for batch in made for i in batch) == list(range(500))
    assert all(max(lengths[i] for i in batch) * len(batch) <= 1000 for batch in made)


def test_a_prediction_is_the_best_span_that_may_be() -> None:
    ((_, one),) = encoded([ASKED], default_vocabulary())
    ends = np.full((len(one.ids), 2), -5.0)
    ends[one.first[0], 0], ends[one.last[0], 1], ends[0] = 3.0, 4.0, 1.0
    ends[one.last[0] + 3, 0] = 9.0  # begins after the best end, and no good end follows
    ends[one.last[0] + 3 :, 1] = -30.0
    found = predicted(one, ends, 0.5)
    assert PASSAGE[found.start : found.end] == "Ivo Brandt of Oster"
    assert (found.whole, found.span) == (0.5, 7 - 2)


def test_the_best_f1_refuses_what_is_better_refused() -> None:
    assert best_f1([3.0, 2.0], [1.0, 0.5], [1.0, 2.5]) == approx((2 + 1) / 4)
    assert best_f1([0.0], [1.0], [1.0]) == approx(0.5)


def test_the_loss_is_small_for_a_right_reader_and_large_for_a_wrong_one() -> None:
    import torch

    from training.reader.model import loss

    inside = torch.tensor([[False, False, True, True, True]])
    ends = torch.full((1, 5, 2), -9.0)
    ends[0, 3] = 9.0
    answered, none = torch.zeros((1, 5, 2), dtype=torch.bool), torch.zeros((1, 5, 2), dtype=torch.bool)
    answered[0, 3], none[0, 0] = True, True
    assert float(loss(ends, torch.tensor([9.0]), inside, answered)) < 0.01
    assert float(loss(ends, torch.tensor([9.0]), inside, none)) > 10


SHE = Example("When did Rosa Quint sell the house on Mill Lane?", "The bakery", PASSAGE, ((45, 49),), "test")
WHO = Example("Who sold the house to Rosa Quint?", "The bakery", PASSAGE, ((49, 68),), "test")


def test_a_follow_up_leaves_out_what_was_named_before_and_keeps_its_answer() -> None:
    made = [conversations.leaning([[SHE, WHO]], 2, random.Random(seed)) for seed in range(60)]
    found = {one.question for some in made for one in some}
    assert all(" | " in question for question in found)
    asked = {question.partition(" | ")[0] for question in found}
    assert any("Rosa Quint" not in question for question in asked)
    assert any(question.startswith(("When did she", "When did he", "When did it")) for question in asked)
    assert {one.passage for some in made for one in some} == {PASSAGE}
    assert {one.spans for some in made for one in some} <= {SHE.spans, WHO.spans}


def test_a_conversation_about_something_else_leaves_the_question_as_it_is() -> None:
    other = Example("How old is the mill?", "The mill", "The mill is old. It turns.", ((4, 8),), "test")
    for one in conversations.changed([SHE, other], 2, random.Random(1)):
        asked, bar, said = one.question.partition(" | ")
        assert asked in {SHE.question, other.question}
        assert bar
        assert said


def test_the_passage_of_another_conversation_does_not_answer() -> None:
    one = Example("When was it built? | How old is the mill?", "The mill", "The mill is old.", ((4, 8),), "test")
    two = Example("Where is it? | What is the tower?", "The tower", "The tower is in Oster.", ((16, 21),), "test")
    for made in conversations.of_another([one, two], 20, random.Random(1)):
        assert made.spans == ()
        assert made.question in {"When was it built? | What is the tower?", "Where is it? | How old is the mill?"}
        assert made.passage == (one.passage if made.question.startswith("When") else two.passage)
