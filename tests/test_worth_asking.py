from pytest import mark

from qa.worth_asking import Kind, brings


@mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("They met in Bali.", Kind.PLACE, True),
        ("They lost in Tuesday’s vote for Mr. Hale.", Kind.PLACE, False),
        ("They met again.", Kind.PLACE, False),
        ("Brandt met Quint on Nov. 14.", Kind.TIME, True),
        ("Brandt met Quint.", Kind.TIME, False),
        ("The baker, Rosa Quint, was there.", Kind.PERSON, True),
        ("The baker was there.", Kind.PERSON, False),
        ("They spoke five times.", Kind.NUMBER, True),
        ("They spoke.", Kind.NUMBER, False),
        ("He left because it rained.", Kind.REASON, True),
        ("He left.", Kind.REASON, False),
    ],
)
def test_a_sentence_brings_what_people_ask_for(sentence: str, kind: Kind, expected: bool) -> None:
    assert brings(sentence, kind) is expected
