from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import fixture, mark

from index import Article, Library, Place, Query
from index.terms import terms
from qa import Turn
from qa.followup import CARRIED, LIGHT, alone, resolve
from qa.leaning import Lean
from qa.records import Cited, Resolved

HARBOUR = Article(
    "harbour",
    "The harbour of Oster",
    "Hilda Moss has been harbour master of Oster since 1987. Ms. Moss took over from Mr. Ivo Brandt. "
    "“The tide was never so high,” said Mr. Brandt. The ferry sailed to Lund in 1991.",
)
FAIR = Article("fair", "The fair of Lund", "Mr. Tor Vik opened the fair of Lund in May 1992. Nobody was hurt.")
MET = Turn("Where did Brandt and Vik meet in 1990?", "They met at the fair of Lund.")


@fixture
def library(tmp_path, letters):
    with Library.create(tmp_path / "library", letters) as made:
        made.add([HARBOUR, FAIR])
        yield made


def quoted(article: Article, sentence: str, short: str = "") -> tuple[Cited, ...]:
    start = article.text.index(sentence)
    at = article.text.index(short, start)
    return (Cited(Place(article.id, start, start + len(sentence)), (at, at + len(short)) if short else None),)


def asked(question: str, cited: tuple[Cited, ...] = (), query: str = "") -> Turn:
    return Turn(question, "shown", query, cited)


MASTER = asked(
    "Who is the harbour master of Oster?",
    quoted(HARBOUR, "Hilda Moss has been harbour master of Oster since 1987.", "Hilda Moss"),
)


def words(resolved: Resolved) -> dict[str, float]:
    return dict(resolved.query.words)


@mark.parametrize(
    "question",
    ["Who is the White House press secretary?", "Is there a ferry to Oster on Sundays?", "How old is the tide mill?"],
)
def test_a_question_that_stands_alone_keeps_its_words(library: Library, question: str) -> None:
    found = resolve(question, [MET], library)
    assert (found.text, found.lean) == (question, Lean.NONE)
    assert found.query.texts == (question,)
    assert words(found) == dict.fromkeys(terms(question), 1.0)
    assert found.light == ("Brandt", "Vik", "meet", "1990"), "earlier words only reorder what its own words find"
    assert {weight for _, weight in found.query.light} == {LIGHT}


@mark.parametrize(
    ("question", "history", "text"),
    [
        ("And in 1992?", [MET], "Where did Brandt and Vik meet in 1992?"),
        ("When?", [MET], "When did Brandt and Vik meet in 1990?"),
        ("and how long?", [MET], "How long did Brandt and Vik meet in 1990?"),
        ("What happened the year before?", [MET], "What happened in 1989? Brandt Vik meet"),
        ("and the year after?", [MET], "Where did Brandt and Vik meet in 1991?"),
        ("No, I meant in 1991.", [MET], "Where did Brandt and Vik meet in 1991?"),
        ("What about Lund?", [Turn("How old is Oster?")], "How old is Lund?"),
        ("and the oldest?", [Turn("Which is the newest ferry?")], "Which is the oldest ferry?"),
        ("no, I meant the second", [Turn("What was the first storm called?")], "What was the second storm called?"),
        ("When did she start?", [MASTER], "When did Hilda Moss start?"),
        ("Who are her friends?", [MASTER], "Who are Hilda Moss’s friends?"),
        ("Tell me more.", [MASTER], "Who is the harbour master of Oster?"),
    ],
)
def test_what_is_missing_is_filled_from_the_question_before_or_its_answer(
    library: Library, question: str, history: Sequence[Turn], text: str
) -> None:
    assert resolve(question, history, library).text == text


def test_a_pronoun_means_who_fits_it_by_how_the_library_speaks_of_them(library: Library) -> None:
    over = asked(
        "From whom did she take over?", quoted(HARBOUR, "Ms. Moss took over from Mr. Ivo Brandt.", "Ivo Brandt")
    )
    assert resolve("What did he say?", [MASTER, over], library).text == "What did Ivo Brandt say?"
    assert "Moss" in resolve("What did she say?", [MASTER, over], library).text


def test_a_pronoun_goes_on_meaning_whom_it_meant(library: Library) -> None:
    second = resolve("When did she start?", [MASTER], library)
    third = resolve("Where was she born?", [MASTER, asked("When did she start?", (), second.text)], library)
    assert third.text == "Where was Hilda Moss born?"


def test_who_said_that_asks_about_the_quote(library: Library) -> None:
    high = asked("How high was the tide?", quoted(HARBOUR, "“The tide was never so high,” said Mr. Brandt."))
    found = resolve("Who said that?", [high], library)
    assert found.lean is Lean.WHO_SAID
    assert "The tide was never so high" in found.text


def test_words_taken_over_weigh_less_than_those_asked(library: Library) -> None:
    found = resolve("What did they agree on there?", [MET], library)
    assert words(found) == {"agre": 1.0, "brandt": CARRIED, "vik": CARRIED, "meet": CARRIED, "1990": CARRIED}
    assert found.query.texts == ("What did they agree on there?", found.text)


def test_a_new_topic_does_not_drag_the_old_one_along(library: Library) -> None:
    history = [MET, Turn("How old is the tide mill?", "It is old.")]
    found = resolve("Who built it?", history, library)
    assert {"tide", "mill"} <= set(words(found))
    assert not {"brandt", "vik"} & set(words(found))


def test_a_chain_of_follow_ups_keeps_its_subject(library: Library) -> None:
    second = resolve("And in 1992?", [MET], library)
    third = resolve("How long?", [MET, Turn("And in 1992?", "At Lund.", second.text)], library)
    assert third.text == "How long did Brandt and Vik meet in 1992?"


def test_what_was_cited_is_looked_at_again_and_read_with_the_question(library: Library) -> None:
    found = resolve("When did she start?", [MASTER], library)
    assert found.query.again == (Place("harbour", 0, 55),)
    assert found.said == (
        "Who is the harbour master of Oster? Hilda Moss has been harbour master of Oster since 1987.",
    )


def test_a_question_for_more_does_not_want_the_same_again(library: Library) -> None:
    assert resolve("anything else?", [MASTER], library).besides == (Place("harbour", 0, 55),)
    assert resolve("When did she start?", [MASTER], library).besides == ()


def test_an_article_removed_since_is_named(library: Library) -> None:
    library.remove("harbour")
    found = resolve("When did she start?", [MASTER], library)
    assert found.gone == ("harbour",)
    assert "Moss" not in found.text


def test_alone_takes_a_question_by_its_own_words() -> None:
    assert alone("And in 1992?").query == Query(("And in 1992?",), (("1992", 1.0),))


@mark.parametrize(
    "history", [(), (Turn(""),), (Turn("  ", "x"),), (Turn("?!"),), (Turn("thanks"),), (Turn("the of", ""),)]
)
def test_an_empty_history_changes_nothing(library: Library, history: Sequence[Turn]) -> None:
    assert resolve("And in 1992?", history, library) == alone("And in 1992?")


def test_huge_turns_and_many_of_them_add_little(library: Library) -> None:
    history = [Turn("wheat barley rye " * 50_000, "oats " * 50_000, "rye " * 50_000)] * 200
    for question in ("Why?", "Who said that?", "What is it?", "How high is the tide at Lund?"):
        found = resolve(question, history, library)
        assert len(found.text) < 1_000
        assert len(found.query.words) + len(found.query.light) < 60
        assert sum(map(len, found.said)) < 2_000


QUESTIONS = st.sampled_from(
    [
        "And in 1992?",
        "Why?",
        "Who said that?",
        "When did she start?",
        "No, I meant Lund",
        "the year before?",
        "more?",
        "ok",
        "?!",
        "Who else?",
    ]
) | st.text(max_size=60)
TURNS = st.builds(
    Turn, QUESTIONS, st.text(max_size=60), QUESTIONS, st.sampled_from([(), MASTER.cited, (Cited(Place("gone", 3, 9)),)])
)


@settings(max_examples=150, deadline=None)
@given(QUESTIONS, st.lists(TURNS, max_size=5))
def test_turns_in_any_order_can_be_leant_on(question: str, history: list[Turn]) -> None:
    found = resolve(question, history, LENT.library)
    assert found.asked == question
    assert all(0 < weight <= 1 for _, weight in (*found.query.words, *found.query.light))
    assert not {term for term, _ in found.query.words} & {term for term, _ in found.query.light}
    assert found.query.texts


class LENT:
    """Hold the library for the test by properties, which cannot take a fixture for each example."""

    library: Library


@fixture(autouse=True)
def _lend(library: Library) -> None:
    LENT.library = library
