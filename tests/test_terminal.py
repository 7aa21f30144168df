from dataclasses import replace
from datetime import date

from conftest import BAKERY, COPIES, FERRY, REPORT, meant
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Hit, Library, Passage
from index.records import Version
from qa import Answer, Citation, Written
from qa.language_model import LanguageModelError
from qa.records import Filter
from qa.writing import DroppedSentence, Fault, WrittenSentence
from ui.terminal import answer_text, article_line, safe, version_line, written_text
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


def test_near_copies_are_named_with_outlet_date_place_and_link(small: Library) -> None:
    also = tuple(Passage(copy, copy.text.index("Rosa"), copy.text.index("Rosa") + 50) for copy in COPIES)
    assert {one.text for one in also} == {BAKERY.text[:50]}
    one, seven = (Citation(1, Passage(BAKERY, 0, 50), 0, 50, 0.9, None, also[:n]) for n in (1, 7))
    text = answer_text(Answer("Who?", meant("Who?"), (one,), ()), small)
    assert (
        "    bakery, characters 0-50\n"
        "    also in 1 other:\n"
        "    - Paper 1, 3 March 2021, copy-1, characters 8-58, https://paper-1.example/bakery\n"
    ) in text
    text = answer_text(Answer("Who?", meant("Who?"), (), (), 0.1, (seven,)), small)
    assert "    also in 7 others:\n" in text
    assert text.count("    - Paper") == 5
    assert text.endswith("    - and 2 more")


def test_the_day_that_was_asked_about_is_said(small: Library) -> None:
    for found in (answer(BAKERY), Answer("What?", meant("What?"), (), ())):
        assert "As of" not in answer_text(found, small)
        text = answer_text(replace(found, as_of=date(2024, 5, 1)), small)
        assert text.startswith("As of 1 May 2024, in the versions of the articles that were current then.\n\n")


def test_a_version_takes_one_line() -> None:
    stored = replace(BAKERY, title="Two\nlines", version=12)
    assert version_line(Version(stored, None, date(2024, 5, 1))) == (
        "           to 2024-05-01  version 12      160 characters  bakery  Two lines"
    )
    assert version_line(Version(BAKERY, date(2021, 3, 2), None)).startswith("2021-03-02 to now         version 0")


@given(st.text())
def test_no_word_of_an_answer_drives_the_terminal(text: str) -> None:
    article = Article("a", text, "x" + text, source=text, url=text)
    passage = Passage(article, 0, len(article.text))
    citation = Citation(1, passage, 0, len(article.text), 0.9, (0, 1), (passage,))
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


def test_a_quote_of_a_paged_article_names_its_page_and_author(small: Library) -> None:
    citations = (Citation(1, Passage(REPORT, 0, 80), 0, 32, 0.9), Citation(2, Passage(REPORT, 0, 80), 33, 80, 0.9))
    shown = answer_text(Answer("What?", meant("What?"), citations, ()), small)
    assert "    Ann Lee and Ivo Brandt, Oster Weekly, no date\n    tides, p. 1, characters 0-32\n" in shown
    assert "    tides, pp. 2–4, characters 33-80\n    https://oster.example/tides.pdf#page=2\n" in shown
