from conftest import BAKERY, meant
from pytest import mark

from index import Passage
from qa import Answer, Citation
from qa.calibration import THRESHOLD, measured
from ui.wording import no_answer_notes, parts, trust


def test_trust_is_told_in_cases_that_were_measured() -> None:
    right, of = measured(0.99)
    assert (
        trust(Answer("Who?", meant("Who?"), (), (), 0.99))
        == f"In tests, the first quote was right in {right} of {of} cases like this."
    )


def test_more_confidence_was_right_more_often() -> None:
    for told in (False, True):
        found = [measured(confidence, in_conversation=told) for confidence in (THRESHOLD, (1 + THRESHOLD) / 2, 1.0)]
        shares = [right / of for right, of in found]
        assert shares == sorted(shares)
        assert 0.3 < shares[0] < shares[-1] < 1


@mark.parametrize(
    ("answer", "expected"), [(None, ("Rosa Quint opened", "", "")), ((5, 10), ("Rosa ", "Quint", " opened"))]
)
def test_a_quote_has_three_parts(answer: tuple[int, int] | None, expected: tuple[str, str, str]) -> None:
    assert parts(Citation(1, Passage(BAKERY, 0, 50), 0, 17, 0.9, answer)) == expected


def test_one_word_is_a_word_and_without_closest_there_is_a_hint() -> None:
    notes = no_answer_notes(Answer("What?", meant("What?"), (), (), 0.0, (), ("zither",)))
    assert notes[0] == "No article holds the word “zither”."
    assert notes[1].startswith("Try other words")
