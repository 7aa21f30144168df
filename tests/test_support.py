from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from benchmarks.parts import Part
from benchmarks.writing import pairs
from qa.support import Source, doubtful, shares_nothing

BAKERY = Source(
    "Rosa Quint opened a bakery on Mill Lane with 12 ovens on Monday, the mayor of Oster said.",
    "A bakery opens",
    "Harbour Post",
    date(2021, 3, 2),
)
LETTER = Source("“I never signed that letter,” Professor Amara Diallo told the U.S. court.", "The letter", "Post")


def marked(sentence: str, *sources: Source) -> list[str]:
    return [sentence[start:end] for start, end in doubtful(sentence, sources or (BAKERY,))]


@mark.parametrize(
    "sentence",
    [
        "Rosa Quint opened a bakery on Mill Lane.",
        "On Monday Rosa Quint opened her bakery, the Mayor of Oster said.",
        "The bakery of Quint has twelve ovens.",
        "Quint's bakery has 12 ovens, according to the Harbour Post of 2 March 2021.",
        "A bakery with 12 ovens was opened in 2021.",
        "Officials said that she opened a bakery on Mill Lane.",
    ],
)
def test_what_the_quote_says_is_not_marked(sentence: str) -> None:
    assert marked(sentence) == []


@mark.parametrize(
    ("sentence", "words"),
    [
        ("Anna Berg opened a bakery on Mill Lane.", ["Anna Berg"]),
        ("Rosa Berg opened a bakery on Mill Lane.", ["Rosa Berg"]),
        ("Rosa Lane opened a bakery on Mill Lane.", ["Rosa Lane"]),
        ("Putin opened a bakery on Mill Lane.", ["Putin"]),
        ("Rosa Quint opened a bakery in Paris.", ["Paris"]),
        ("Ms. Rosa Quint opened a bakery.", ["Ms"]),
        ("Rosa Quint opened a bakery with 13 ovens.", ["13"]),
        ("Rosa Quint opened a bakery with twenty ovens.", ["twenty"]),
        ("Rosa Quint opened a bakery on Tuesday.", ["Tuesday"]),
        ("Rosa Quint opened a bakery on 1 March 2020.", ["1 March 2020"]),
        ("Rosa Quint opened a bakery in May 2021.", ["May", "2021"]),
        ("Rosa Quint did not open a bakery.", ["not"]),
        ("Rosa Quint never opened a bakery.", ["never"]),
        ("Rosa Quint closed a bakery on Mill Lane.", ["closed"]),
        ("Rosa Quint said “It opened on Monday”.", ["“It opened on Monday”"]),
        ("Rosa Quint opened “a bakery on Mill Lane with 12 ovens.", ["“a bakery on Mill Lane with 12 ovens."]),
        ("Rosa Quint opened a bakery” on Mill Lane.", ["Rosa Quint opened a bakery”"]),
        ("Rosa Quint opened ‘nine bakeries’ on Mill Lane.", ["‘nine bakeries’"]),
        ("Giants danced upon distant moons.", ["Giants danced upon distant moons."]),
    ],
)
def test_what_the_quote_does_not_say_is_marked(sentence: str, words: list[str]) -> None:
    assert marked(sentence) == words


def test_a_quotation_is_word_for_word_or_marked() -> None:
    assert marked("Amara Diallo said: “I never signed that letter.”", LETTER) == []
    assert marked('Diallo said she "never signed that letter".', LETTER) == []
    assert marked("Diallo said: “I … signed that letter.”", LETTER) == ["“I … signed that letter.”"]
    assert marked("Diallo said: “I signed that letter.”", LETTER) == ["“I signed that letter.”"]


def test_a_not_that_is_left_out_is_found_at_its_word() -> None:
    assert marked("Amara Diallo signed that letter.", LETTER) == ["signed"]
    assert marked("Amara Diallo never signed that letter.", LETTER) == []
    assert marked("Amara Diallo denied that she signed that letter.", LETTER) == []


def test_a_country_and_its_people_count_as_one_name() -> None:
    assert marked("Amara Diallo told an American court that she never signed it.", LETTER) == []
    assert marked("The Russian court sat.", Source("A court in Russia sat.")) == []
    assert marked("The Canadian court sat.", Source("A court in Russia sat.")) == ["Canadian"]


def test_each_sentence_is_held_against_the_quotes_it_names_alone() -> None:
    assert marked("Amara Diallo opened a bakery on Mill Lane.") == ["Amara Diallo"]
    assert marked("Rosa Quint signed that letter on Monday.", LETTER) != []


def test_a_word_in_common_is_something() -> None:
    assert shares_nothing("The moon is made of cheese.", (BAKERY,))
    assert not shares_nothing("The bakeries sold cheese.", (BAKERY,))


@given(st.text(max_size=200), st.text(max_size=200))
def test_marks_are_spans_of_the_sentence_in_order(sentence: str, quote: str) -> None:
    at = 0
    for start, end in doubtful(sentence, (Source(quote, quote, quote, date(2020, 2, 29)),)):
        assert at <= start < end <= len(sentence)
        at = end + 1


def test_the_sound_pairs_that_were_developed_on_have_no_mark_and_few_unsound_ones_lack_it() -> None:
    judged = list(pairs(Part.CHOOSE))
    sound = [pair for pair in judged if not pair.unsupported]
    assert [pair.sentence for pair in sound if doubtful(pair.sentence, pair.sources)] == []
    unsound = [pair for pair in judged if pair.unsupported]
    assert sum(bool(doubtful(pair.sentence, pair.sources)) for pair in unsound) >= 0.9 * len(unsound)
