from datetime import date
from html.parser import HTMLParser

from conftest import BAKERY, meant
from hostile import TEXTS
from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index import Article, Passage, Place
from qa import Answer, Citation
from qa.judging import Judgement, Verdict
from qa.records import Aside, Filter, Mention, Reply
from ui.answer_html import Limits, Shown, place, turn_html
from ui.escaping import UNSEEN, escaped


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.strong, self._inside = "", "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "input":
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag, "what is opened is closed, in order"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.strong += data if "strong" in self._inside else ""

    def cited(self) -> list[str | None]:
        return [attributes["data-place"] for _, attributes in self.elements if attributes.get("data-do") == "read"]


def read(page: str) -> _Read:
    reader = _Read()
    reader.feed(page)
    assert reader._inside == []
    return reader


def cited(article: Article, start: int, end: int, answer: tuple[int, int] | None = None) -> Citation:
    return Citation(1, Passage(article, 0, len(article.text)), start, end, 0.9, answer)


QUOTED = cited(BAKERY, 0, 50, (0, 10))
OURS = {
    "section", "h2", "h3", "h4", "ol", "ul", "li", "blockquote", "p", "strong", "b", "span", "cite", "small", "button",
    "div", "details", "summary", "label", "input",
}  # fmt: skip


def test_an_answer_is_quotes_with_source_date_title_and_a_number_for_the_place() -> None:
    shown = read(turn_html(Answer("Who opened?", meant("Who opened?"), (QUOTED,), ()), Shown(0, "3 passages", 0.12)))
    assert "“Rosa Quint opened a bakery on Mill Lane on Monday.”\u2060\xa0[1]" in shown.text
    assert shown.strong == "Rosa Quint", "the words that answer stand out"
    assert "Harbour Post 2 March 2021 A bakery opens on Mill Lane" in shown.text
    assert "Searched 3 passages · 0.12 s" in shown.text
    assert shown.cited() == ["0-50-bakery"]
    assert place("0-50-bakery") == Place("bakery", 0, 50)
    copied = next(attributes["data-copy"] for _, attributes in shown.elements if "data-copy" in attributes)
    assert copied == (
        "“Rosa Quint opened a bakery on Mill Lane on Monday.” — Harbour Post, “A bakery opens on Mill Lane”, 2 March 2021"
    )


def test_a_quote_that_leans_brings_the_sentence_before_it() -> None:
    start = BAKERY.text.index("She sells")
    shown = read(turn_html(Answer("What?", meant("What?"), (cited(BAKERY, start, start + 30),), ()), Shown(0)))
    assert "The sentence before: Rosa Quint opened a bakery on Mill Lane on Monday." in shown.text
    assert "“She sells nine kinds of bread.”" in shown.text


def test_not_found_says_what_helps_and_offers_to_drop_the_filter() -> None:
    found = Answer("Oats?", meant("Oats?"), (), (), 0.1, (QUOTED,), ("oats",), (Filter.DATE,))
    shown = read(turn_html(found, Shown(0, "3 passages", 0.1, Limits(date(2022, 1, 1), None, ("Oster Weekly",)))))
    assert "Not in the articles." in shown.text
    assert "No article holds the word “oats”." in shown.text
    assert "Ask again for all dates" in shown.text
    assert "Searched 3 passages from 1 January 2022 in Oster Weekly" in shown.text
    assert shown.text.index("Not in the articles.") < shown.text.index("Closest, but not an answer:")
    assert {"data-do": "without", "data-filter": "date", "class": "fn-button"} in [one for _, one in shown.elements]


def test_what_was_judged_is_shown_and_only_to_those_who_may_judge() -> None:
    found = Answer("Who?", meant("Who?"), (QUOTED,), ())
    judgement = Judgement(((Place("bakery", 0, 50), Verdict.SOURCE),), missing="the council's minutes")
    shown = read(turn_html(found, Shown(0, judgement=judgement, may_judge=True)))
    pressed = {one["data-verdict"] for _, one in shown.elements if one.get("aria-pressed") == "true"}
    assert pressed == {"wrong-source"}
    assert "Missing article noted" in shown.text
    assert not [
        one for _, one in read(turn_html(found, Shown(0, judgement=judgement))).elements if "aria-pressed" in one
    ]


@mark.parametrize("text", TEXTS)
def test_hostile_text_stays_text_wherever_it_stands(text: str) -> None:
    article = Article("a", text, f"It {text}. That {text}", source=text, url=text)
    quote = cited(article, len(text) + 5, len(article.text), (len(text) + 6, len(article.text) - 1))
    reply = Reply(Aside.MENTIONS, 1, 1, text, 1, 1, (Mention(article, 1),), ((text, 1),))
    limits = Limits(sources=(text,))
    shown_as = Shown(0, "1 passage", 0.1, limits, True, 0, text, Judgement(missing=text), may_judge=True)
    for found in (
        Answer(text, meant(text, text + "!"), (quote,), ()),
        Answer(text, meant(text), (), (), 0.1, (quote,), (text,), (Filter.SOURCE,)),
        Answer(text, meant(text), (), (), reply=reply),
    ):
        page = turn_html(found, shown_as)
        shown = read(page)
        assert {tag for tag, _ in shown.elements} <= OURS
        assert not {
            name for _, one in shown.elements for name in one if name.startswith("on") or name in {"href", "src"}
        }
        assert len(shown.cited()) == 1, "no citation can be forged"
        assert not any(sign in page for sign in ("${", "{{", "`")), "nothing for a template"
        assert not UNSEEN.search(page), "nothing turns the direction of the text"


@given(st.text())
def test_no_text_makes_markup(text: str) -> None:
    shown = read(f'<p title="{escaped(text)}">{escaped(text)}</p>')
    assert [tag for tag, _ in shown.elements] == ["p"]
    assert "".join(shown.text.split()) == "".join(UNSEEN.sub("\ufffd", text).split())


@mark.parametrize(
    "written", ["", "1-2", "1-2-../x", "a-2-x", "1-2-x y", "1-2-" + "x" * 200, "x1-2-x", "1-2-x\n", "-1-2-x"]
)
def test_what_is_no_citation_is_no_place(written: str) -> None:
    assert place(written) is None
