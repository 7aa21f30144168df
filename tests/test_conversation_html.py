from html.parser import HTMLParser

from conftest import meant
from hostile import TEXTS
from pytest import mark

from index import Article, Library, Passage
from qa import Answer, Citation
from qa.conversations import keep, new_id, reopen
from ui.conversation_html import conversation_html


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@mark.parametrize("text", ["plain words", *TEXTS])
def test_a_conversation_is_one_page_with_its_sources_and_text_stays_text(small: Library, text: str) -> None:
    text = text.replace("\0", "")
    article = Article("evil", text, f"It grows: {text}", source=text, url="https://evil.example/")
    small.add([article])
    id, quote = new_id(), Citation(1, Passage(article, 0, len(article.text)), 0, len(article.text), 0.9, (0, 2))
    keep(Answer(text, meant(text), (quote,), ()), id, small)
    keep(Answer("Why?", meant("Why?"), (), ()), id, small)
    seen = _Seen()
    seen.feed(conversation_html(reopen(id, small)))
    known = "html head meta title style body main h1 h2 p b blockquote strong sup ol li small"
    assert seen.tags <= set(known.split())
    assert "Not in the articles." in seen.text
    assert "(evil, characters 0-" in seen.text
