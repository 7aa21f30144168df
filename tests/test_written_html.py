from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa import Written
from qa.writing import DroppedSentence, Fault, WrittenSentence
from ui.written_html import written_html

ALLOWED = {"section", "p", "u", "sup", "span", "a"}


class Reader(HTMLParser):
    """Read the elements, their attributes and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


WRITTEN = Written("small", (WrittenSentence("She sells ten kinds.", (1, 3), ((10, 13),)),))


def test_doubtful_words_are_underlined_and_named_to_screen_readers() -> None:
    html = written_html(WRITTEN)
    assert '<u class="fn-doubtful" title="not in the quotes named">ten</u>' in html
    assert '<span class="fn-heard"> (not in the quotes named)</span>' in html
    assert 'aria-label="Written by a language model"' in html
    assert "Written by small from the quotes above; check it:" in html
    assert '<span class="fn-written-mark">[1]</span><span class="fn-written-mark">[3]</span>' in html


def test_marks_lead_to_quotes_where_an_address_is_known() -> None:
    read = Reader(written_html(WRITTEN, lambda number: f'#cite-{number}"'))
    assert [attrs["href"] for tag, attrs in read.elements if tag == "a"] == ['#cite-1"', '#cite-3"']


def test_it_looks_unlike_a_quote() -> None:
    html = written_html(WRITTEN)
    css = (Path(__file__).parent.parent / "ui" / "written.css").read_text("utf-8")
    assert not {"mark", "blockquote", "q"} & {tag for tag, _ in Reader(html).elements}
    classes = {name for _, attrs in Reader(html).elements for name in (attrs.get("class") or "").split()}
    assert all(f".{name}" in css for name in classes - {"fn-written-sentence"})
    assert "underline" in css


def test_sentences_that_are_left_out_are_counted_not_shown() -> None:
    html = written_html(Written("small", WRITTEN.sentences, (DroppedSentence("Cows fly.", Fault.FOREIGN),)))
    assert "Cows" not in html
    assert "1 sentence left out: shares no word with the quotes it names." in html


@given(st.text(min_size=1), st.data())
def test_whatever_is_written_is_text(text: str, data: st.DataObject) -> None:
    for part in (
        text,
        f"<script>{text}</script>",
        f'"><img src=x onerror="{text}">',
        f"![{text}](http://x) ${{{text}}}",
    ):
        start = data.draw(st.integers(0, len(part) - 1))
        end = data.draw(st.integers(start + 1, len(part)))
        html = written_html(Written(part, (WrittenSentence(part, (1,), ((start, end),)),)), lambda n: f"#{n}")
        read = Reader(html)
        assert {tag for tag, _ in read.elements} <= ALLOWED
        assert all(not name.startswith("on") for _, attrs in read.elements for name in attrs)
        assert [attrs["href"] for tag, attrs in read.elements if tag == "a"] == ["#1"]
        assert "${" not in html
        assert "{{" not in html
