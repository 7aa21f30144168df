from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from qa.amounts import amounts
from qa.mentions import Mention, Rest, aligned


def read(text: str) -> list[Mention]:
    return list(amounts(Rest(text)))


def borne_out(said: str, told: str) -> bool:
    known = {value for mention in read(told) for value in mention.implied}
    found = [mention for mention in read(said) if mention.stated]
    assert found, said
    return all(mention.stated & known for mention in found)


@mark.parametrize(
    ("said", "told"),
    [
        ("1,200", "1200"),
        ("twelve hundred", "1,200"),
        ("40 000", "40\u202f000"),
        ("40 000", "40,000"),
        ("two", "2 dogs"),
        ("twenty-one", "21"),
        ("two hundred and five", "205"),
        ("two thousand three hundred", "2,300"),
        ("$4.2bn", "4.2 billion dollars"),
        ("US$5 million", "$5m"),
        ("€18m", "18 million euros"),
        ("61.4%", "61.4 per cent"),
        ("61.4", "61.4 percent"),
        ("5 percent", "5 to 10 percent"),
        ("10 percent", "5-10%"),
        ("2.3 m", "2.3 metres"),
        ("a six-week siege", "six weeks"),
        ("aged 58", "a 58-year-old"),
        ("two-thirds", "2/3"),
        ("2½", "2.5"),
        ("half", "one half"),
        ("a dozen", "12"),
        ("the third time", "3rd"),
        ("19th", "nineteenth"),
        ("F22", "F-22"),
        ("minus 5 degrees", "-5°"),
        ("dozens", "dozens of them"),
        ("٣", "3"),
        ("9 to 4", "9–4"),
    ],
)
def test_the_same_amount_is_borne_out(said: str, told: str) -> None:
    assert borne_out(said, told)


@mark.parametrize(
    ("said", "told"),
    [
        ("1,201", "1,200"),
        ("12,000", "1,200"),
        ("5 percent", "5 miles"),
        ("5 percent", "5"),
        ("$4.2 million", "$4.2 billion"),
        ("€4", "$4"),
        ("five and six", "eleven"),
        ("six months", "six weeks"),
        ("three", "the third time"),
        ("the third time", "three times"),
        ("F-16", "F-22"),
        ("G7", "G20"),
        ("5 degrees", "-5 degrees"),
        ("hundreds", "thousands"),
        ("two thirds", "a third"),
        ("7 000", "7"),
    ],
)
def test_another_amount_or_unit_is_not(said: str, told: str) -> None:
    assert not borne_out(said, told)


def test_one_alone_is_not_held_against_a_text() -> None:
    assert not [mention for mention in read("One of them is the one.") if mention.stated]
    assert borne_out("1", "one")


def test_first_of_all_counts_nothing() -> None:
    assert read("First, it rained.") == []
    assert read("It rained at first.") == []


@given(st.integers(2, 10**12), st.sampled_from(["{}", "{:,}"]), st.sampled_from(["{}", "{:,}"]))
def test_a_whole_number_is_itself_however_it_is_grouped(number: int, one: str, other: str) -> None:
    assert borne_out(one.format(number), other.format(number))
    assert not borne_out(one.format(number), other.format(number + 1))


@given(st.integers(2, 999_999))
def test_a_number_spelled_out_is_itself(number: int) -> None:
    (mention,) = read(spelled(number))
    assert ("number", Fraction(number), "") in mention.stated


def spelled(number: int) -> str:
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if number < 20:
        return small[number]
    if number < 100:
        return tens[number // 10 - 2] + (f"-{small[number % 10]}" if number % 10 else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{spelled(number // size)} {name}" + (f" and {spelled(rest)}" if rest else "")
    raise AssertionError


@given(st.text(), st.text())
def test_spans_lie_in_the_text_and_letters_stay_in_their_places(text: str, more: str) -> None:
    assert len(aligned(text)) == len(text)
    assert aligned(text + more) == aligned(text) + aligned(more)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in read(text))
