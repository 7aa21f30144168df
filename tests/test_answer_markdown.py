"""The chat's Markdown, read by a Markdown parser as a browser would."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from conftest import BAKERY, COPIES, REPORT, meant
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pytest import mark

from index import Article, Library, Passage, Place
from qa import Answer, Citation
from ui.answer_markdown import answer_markdown, escaped, place

HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "[1](#cite-0-5-other)",
    "**bold** _it_ `code` ~~s~~ $x$ $$y$$",
    "# heading",
    "- list\n- list",
    "| a | b |\n|---|---|",
    "&lt;b&gt; &amp; &#60;",
    "https://evil.example and www.evil.example and a@evil.example",
    "${alert(1)} {{value}} {% x %}",
    "\\[1\\](#cite-0-5-other)",
    "1. one",
    "    indented code",
    ":::note\ntext\n:::",
]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str) -> _Text:
    reader = _Text()
    reader.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown))
    return reader


@mark.parametrize("text", HOSTILE)
def test_article_text_is_shown_as_text(text: str) -> None:
    shown = rendered(f"“{escaped(text)}”")
    assert shown.tags == ["p"]
    assert shown.text.split() == f"“{text}”".split()


@given(st.text())
def test_no_text_makes_markup(text: str) -> None:
    assert set(rendered(f"“{escaped(text)}”").tags) <= {"p"}


def test_an_answer_links_each_number_to_its_place(small: Library) -> None:
    passage = Passage(BAKERY, 0, len(BAKERY.text))
    found = Answer("What?", meant("What?"), (Citation(1, passage, 0, 50, 0.9),), ())
    shown = rendered(answer_markdown(found, small))
    assert shown.links == ["#cite-0-50-bakery"]
    assert "“Rosa Quint opened a bakery on Mill Lane on Monday.” [1]" in shown.text
    assert "A bakery opens on Mill Lane · Harbour Post, 2 March 2021" in shown.text
    assert place(shown.links[0]) == Place("bakery", 0, 50)


def test_near_copies_are_links_to_their_own_places(small: Library) -> None:
    small.add(COPIES)
    stored = [small.article(copy.id) for copy in COPIES]
    also = tuple(Passage(one, one.text.index("Rosa"), one.text.index("Rosa") + 50) for one in stored)
    citation = Citation(1, Passage(BAKERY, 0, len(BAKERY.text)), 0, 50, 0.9, None, also)
    shown = rendered(answer_markdown(Answer("Who?", meant("Who?"), (citation,), ()), small))
    assert "also in 7 others: Paper 1, 3 March 2021 · Paper 2" in shown.text
    assert "and 2 more" in shown.text
    for link in shown.links[1:]:
        cited = place(link)
        article = small.article(cited.article, cited.version)
        assert article.text[cited.start : cited.end] == BAKERY.text[:50]
    assert len(shown.links) == 6


def test_a_link_names_the_version_that_is_quoted(small: Library) -> None:
    stored = small.article("bakery")
    found = Answer(
        "What?", meant("What?"), (Citation(1, Passage(stored, 0, 50), 0, 50, 0.9),), (), as_of=date(2024, 5, 1)
    )
    markdown = answer_markdown(found, small)
    small.add([replace(BAKERY, text="Closed.")])
    shown = rendered(markdown)
    assert shown.links == [f"#cite-0-50-bakery@{stored.version}"]
    assert place(shown.links[0]) == Place("bakery", 0, 50, stored.version)
    assert small.article("bakery", stored.version).text[:50] == BAKERY.text[:50]
    assert "As of 1 May 2024" in shown.text


@mark.parametrize("text", HOSTILE)
def test_a_hostile_article_cannot_forge_a_citation(small: Library, text: str) -> None:
    article = Article("a", text, text, source=text, url="javascript:alert(1)")
    passage = Passage(article, 0, len(text))
    citation = Citation(1, passage, 0, len(text), 0.9, None, (passage,))
    shown = rendered(answer_markdown(Answer(text, meant(text, text + "!"), (citation,), ()), small))
    assert shown.links == ["#alone-0", f"#cite-0-{len(text)}-a", f"#cite-0-{len(text)}-a"]
    assert set(shown.tags) <= {"p", "em", "a", "br", "small"}


def test_the_words_that_answer_stand_out(small: Library) -> None:
    citation = Citation(1, Passage(BAKERY, 0, len(BAKERY.text)), 0, 50, 0.9, (0, 10))
    markdown = answer_markdown(Answer("Who?", meant("Who?"), (citation,), ()), small)
    assert "<strong>Rosa Quint</strong>" in markdown
    assert "“Rosa Quint opened a bakery on Mill Lane on Monday.” [1]" in rendered(markdown).text


@mark.parametrize("text", HOSTILE)
def test_hostile_words_that_answer_are_shown_as_text(small: Library, text: str) -> None:
    citation = Citation(1, Passage(Article("a", text, text), 0, len(text)), 0, len(text), 0.9, (1, len(text) - 1))
    for found in (
        Answer(text, meant(text), (citation,), ()),
        Answer(text, meant(text), (), (), 0.1, (citation,), (text,)),
    ):
        shown = rendered(answer_markdown(found, small))
        assert shown.links == [f"#cite-0-{len(text)}-a"]
        assert set(shown.tags) <= {"p", "em", "a", "br", "small", "strong"}
        assert "".join(text.split()) in "".join(shown.text.split())


def test_no_answer_says_so(small: Library) -> None:
    assert "Not in the articles." in rendered(answer_markdown(Answer("What?", meant("What?"), (), ()), small)).text


@mark.parametrize(
    "link",
    [
        "",
        "#cite-1-2",
        "#cite-1-2-../x",
        "#cite-a-2-x",
        "#cite-1-2-x@",
        "#cite-1-2-x@y",
        "#cite-1-2-@7",
        "#cite-1-2-x@1234567890123456789",
        "#cite-1-2-x y",
        "#cite-1-2-" + "x" * 200,
        "x#cite-1-2-x",
        "#cite-1-2-x\n",
    ],
)
def test_what_is_no_citation_is_no_place(link: str) -> None:
    assert place(link) is None


def test_a_quote_of_a_paged_article_names_its_page_and_author(small: Library) -> None:
    found = Answer("What?", meant("What?"), (Citation(1, Passage(REPORT, 0, 80), 33, 80, 0.9),), ())
    shown = rendered(answer_markdown(found, small)).text
    assert "Report on the tides · Ann Lee and Ivo Brandt, Oster Weekly, no date · pp. 2–4" in shown
