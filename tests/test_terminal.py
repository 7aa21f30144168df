from conftest import BAKERY, FERRY, meant
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Hit, Library, Passage
from qa import Answer, Citation, Written
from qa.language_model import LanguageModelError
from qa.records import Filter
from qa.writing import DroppedSentence, Fault, WrittenSentence
from ui.terminal import answer_text, article_line, safe, written_text
from ui.wording import trust


def answer(*articles: Article, query: str = "") -> Answer:
    passages = [Passage(article, 0, len(article.text)) for article in articles]
    citations = tuple(
        Citation(number, passage, 0, passage.text.index(".") + 1, 0.9)
        for number, passage in enumerate(passages, start=1)
    )
    hits = tuple(Hit(passage, 1.0, rank) for rank, passage in enumerate(passages, start=1))
    return Answer("What?", meant("What?", query or "What?"), citations, hits)


def test_an_answer_shows_each_quote_with_its_number_and_place(small: Library) -> None:
    assert answer_text(answer(BAKERY, FERRY), small) == (
        "“Rosa Quint opened a bakery on Mill Lane on Monday.” [1]\n"
        "“The ferry to Oster ran two hours late on Friday, because fog lay on the water.” [2]\n"
        "\n"
        "[1] A bakery opens on Mill Lane\n"
        "    Harbour Post, 2 March 2021\n"
        "    bakery, characters 0-50\n"
        "\n"
        "[2] The ferry to Oster is late\n"
        "    Oster Weekly, 7 May 2022\n"
        "    ferry, characters 0-78\n"
        "\n" + trust(answer(BAKERY))
    )


def test_no_answer_says_so_and_how_much_was_searched(small: Library) -> None:
    text = answer_text(Answer("What?", meant("What?"), (), ()), small)
    assert text.startswith("Not in the articles. Searched 3 passages in 3 articles.")
    assert "“" not in text


def test_the_words_that_answer_are_bold_where_that_is_wanted(small: Library) -> None:
    found = Answer("Where?", meant("Where?"), (Citation(1, Passage(BAKERY, 0, 50), 0, 50, 0.9, (28, 40)),), ())
    assert f"\x1b[1m{BAKERY.text[28:40]}\x1b[22m" in answer_text(found, small, bold=True)
    assert "\x1b" not in answer_text(found, small)


def test_no_answer_names_unknown_words_filters_and_the_closest(small: Library) -> None:
    closest = (Citation(1, Passage(BAKERY, 0, 50), 0, 50, 0.1),)
    found = Answer("What?", meant("What?"), (), (), 0.1, closest, ("zither", "yurt"), (Filter.SOURCE,))
    text = answer_text(found, small)
    assert text.startswith(
        "Not in the articles. Searched 3 passages in 3 articles.\n"
        "No article holds the words “zither”, “yurt”.\n"
        "There is an answer outside the sources asked for.\n"
        "\n"
        "Closest, but not an answer:\n"
        "“Rosa Quint opened a bakery on Mill Lane on Monday.” [1]\n"
    )


@given(st.text())
def test_no_word_of_an_answer_drives_the_terminal(text: str) -> None:
    article = Article("a", text, "x" + text, source=text, url=text)
    passage = Passage(article, 0, len(article.text))
    citation = Citation(1, passage, 0, len(article.text), 0.9, (0, 1))
    with_answer = answer_text(Answer(text, meant(text, text + "?"), (citation,), ()), _Counted(), bold=True)
    without = answer_text(Answer(text, meant(text), (), (), 0.1, (citation,), (text,)), _Counted(), bold=True)
    for shown in (with_answer, without):
        left = shown.replace("\x1b[1m", "").replace("\x1b[22m", "")
        assert not any(char in left for char in "\x1b\x07\x08\r\x7f\x9b\u202e\u2066")


WRITTEN = Written(
    "small",
    (WrittenSentence("She sells ten kinds of bread.", (1, 2), ((10, 13),)), WrittenSentence("It opened.", (1,))),
    (DroppedSentence("Cows fly.", Fault.NO_QUOTE),),
)


def test_what_a_model_wrote_stands_behind_a_bar_its_doubtful_words_marked() -> None:
    assert written_text(WRITTEN) == (
        "Written by small from the quotes above; check it:\n"
        "  | She sells _ten_(?) kinds of bread. [1][2]\n"
        "  | It opened. [1]\n"
        "  (?) not in the quotes named\n"
        "  1 sentence left out: names no quote."
    )
    assert "She sells \x1b[4mten\x1b[24m(?) kinds" in written_text(WRITTEN, underline=True)


def test_a_model_that_wrote_nothing_says_why() -> None:
    error = LanguageModelError("it stalls", "a reply", "Ask again")
    assert (
        written_text(Written("small", failed=error)) == "small wrote nothing: it stalls; expected a reply. Ask again."
    )
    assert written_text(Written("small", declined=True)) == "small found no answer in the quotes above."
    nothing = Written("small", dropped=WRITTEN.dropped)
    assert written_text(nothing) == ("Nothing that small wrote is shown: no sentence of it rests on the quotes above.")


@given(st.text(min_size=1))
def test_no_word_of_a_model_drives_the_terminal(text: str) -> None:
    one = WrittenSentence(text, (1,), ((0, len(text)),))
    left = written_text(Written(text, (one,)), underline=True).replace("\x1b[4m", "").replace("\x1b[24m", "")
    assert not any(char in left for char in "\x1b\x07\x08\r\x7f\x9b\u202e\u2066")
    assert left.count("\n") <= 2 + text.count("\n"), "a written line cannot leave its bar"


class _Counted:
    def counts(self) -> tuple[int, int]:
        return 1, 1


def test_a_query_that_is_not_the_question_is_shown(small: Library) -> None:
    assert answer_text(answer(BAKERY, query="What? bread"), small).startswith("Searched as: What? bread\n\n“")


def test_an_article_takes_one_line() -> None:
    assert article_line(BAKERY) == "     2 March 2021  bakery  A bakery opens on Mill Lane (Harbour Post)"
    assert "\n" not in article_line(Article("a", "Two\nlines", "Text."))


@given(st.text())
def test_nothing_that_drives_a_terminal_is_printed(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert not any(char in shown for char in "\x1b\x07\x08\r\x7f\x9b\u202e\u2066")


def test_plain_text_is_printed_as_it_is() -> None:
    assert safe("“Naïve” – 中文\n\tindented") == "“Naïve” – 中文\n\tindented"
