from dataclasses import replace
from html.parser import HTMLParser

from conftest import BAKERY, REPORT
from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index import Article
from ui.article_html import article_html
from ui.escaping import UNSEEN


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.marked, self._inside = "", "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._inside:
            self.marked += data


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


@given(st.text(min_size=1), st.integers(0, 60), st.integers(0, 60))
def test_the_whole_text_is_there_and_just_the_span_is_marked(text: str, a: int, b: int) -> None:
    start, end = min(a, b, len(text)), min(max(a, b), len(text))
    shown = read(article_html(Article("a", "T", text), start, end))
    assert "".join(UNSEEN.sub("\ufffd", text).split()) in "".join(shown.text.split())
    assert "".join(shown.marked.split()) == "".join(UNSEEN.sub("\ufffd", text[start:end]).split())
    assert {tag for tag, _ in shown.tags} <= {"article", "h2", "p", "mark"}


def test_a_span_over_two_paragraphs_is_marked_in_both() -> None:
    shown = read(article_html(BAKERY, 0, len(BAKERY.text)))
    assert [tag for tag, _ in shown.tags].count("mark") == 2


@mark.parametrize(
    "text", ["<script>alert(1)</script>", "${alert(1)}", "{{value}}", "<img src=x onerror=alert(1)>", "`${x}`"]
)
def test_nothing_in_an_article_is_markup_or_a_template(text: str) -> None:
    page = article_html(Article("a", text, text, source=text), 0, len(text))
    assert not any(mark in page for mark in ("<script", "<img", "${", "{{", "`"))
    assert text in read(page).text


@mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_a_web_address_is_linked(url: str, linked: bool) -> None:
    links = [attrs for tag, attrs in read(article_html(Article("a", "T", "Text.", url=url))).tags if tag == "a"]
    assert [link["href"] for link in links] == ([url] if linked else [])
    assert all("noopener" in (link["rel"] or "") for link in links)


def test_pages_are_marked_where_they_begin_and_are_no_text() -> None:
    page = article_html(REPORT, 33, 80)
    shown = read(page)
    marks = [attrs for tag, attrs in shown.tags if tag == "span"]
    assert [mark["data-page"] for mark in marks] == ["1", "2", "4", "5"]
    assert [mark["aria-label"] for mark in marks] == ["page 1", "page 2", "page 4", "page 5"]
    assert "".join(REPORT.text.split()) in "".join(shown.text.split())
    assert shown.marked == REPORT.text[33:80]
    assert [tag for tag, _ in shown.tags].count("mark") == 1
    before = {read(part).text for part in page.split('data-page="4"')[:1]}.pop()
    assert before.endswith("It was built in 1721 "), "page 4 begins there"
    assert 'class="fn-article fn-paged"' in page
    assert "fn-page" not in article_html(BAKERY)


@given(
    st.text("ab. \n", min_size=1, max_size=40),
    st.lists(st.integers(0, 45), max_size=5),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_each_page_with_text_is_marked_once_and_nothing_is_lost(text: str, offsets: list[int], a: int, b: int) -> None:
    article = Article("a", "T", text, pages=tuple(sorted(offsets)))
    shown = read(article_html(article, min(a, b), max(a, b)))
    assert "".join(text.split()) in "".join(shown.text.split())
    assert "".join(shown.marked.split()) == "".join(text[min(a, b) : max(a, b)].split())
    words = [at for at, char in enumerate(text) if not char.isspace()]
    expected = dict.fromkeys(str(article.pages_of(at, at + 1)[0]) for at in words) if offsets else {}
    assert [attrs["data-page"] for tag, attrs in shown.tags if tag == "span"] == list(expected)


def test_the_original_of_a_pdf_opens_at_the_page() -> None:
    def link(article: Article, *span: int) -> str | None:
        return next(attrs["href"] for tag, attrs in read(article_html(article, *span)).tags if tag == "a")

    assert link(REPORT, 60, 70) == "https://oster.example/tides.pdf#page=4"
    assert link(REPORT) == "https://oster.example/tides.pdf"
    assert link(replace(REPORT, url="https://oster.example/tides.html"), 60, 70) == "https://oster.example/tides.html"
    assert link(replace(REPORT, url="https://oster.example/a.pdf#top"), 60, 70) == "https://oster.example/a.pdf#top"
    assert (
        link(replace(REPORT, url="https://oster.example/a.PDF?v=2"), 1, 2) == "https://oster.example/a.PDF?v=2#page=1"
    )
