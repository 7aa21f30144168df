from conftest import BAKERY

from index import Library, Place
from qa import Turn
from qa.recalled import MAX_TURNS, Recalled
from qa.records import Cited

WHO = Turn("Who opened a bakery?", "as shown", "", (Cited(Place("bakery", 0, 50), (0, 10)),))


def test_quotes_are_taken_from_the_articles_with_the_words_that_answered(small: Library) -> None:
    recalled = Recalled([WHO], small)
    assert recalled.quote.text == BAKERY.text[:50]
    assert recalled.quote.short == "Rosa Quint"
    assert recalled.places == (Place("bakery", 0, 50),)


def test_a_turn_without_places_is_quoted_as_it_says(small: Library) -> None:
    assert Recalled([Turn("Who?  bakery", "Rosa Quint did.")], small).quote.text == "Rosa Quint did."


def test_an_article_that_is_gone_is_named_and_nothing_of_it_is_used(small: Library) -> None:
    gone = Turn("Who sails?", "Ivo Brandt sails.", "", (Cited(Place("gone", 0, 17), (0, 10)),))
    recalled = Recalled([gone], small)
    assert recalled.gone == ["gone"]
    assert recalled.quote.text == ""


def test_a_place_after_the_end_of_a_changed_article_is_not_used(small: Library) -> None:
    assert Recalled([Turn("Who bakes?", "", "", (Cited(Place("bakery", 0, 10**6)),))], small).quote.text == ""


def test_small_talk_and_blank_turns_are_not_leant_on(small: Library) -> None:
    turns = [WHO, Turn("thanks"), Turn("  "), Turn("?!"), Turn("how many articles mention bread?"), Turn("the of")]
    assert Recalled(turns, small).turns == [WHO]


def test_only_the_newest_turns_count(small: Library) -> None:
    turns = [Turn(f"What is number {i} of the bakery?") for i in range(200)]
    assert Recalled(turns, small).turns == turns[-MAX_TURNS:]
