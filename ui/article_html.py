"""An article as HTML, whole, with the quoted sentence marked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from index import Article
from index.sentences import paragraph_spans
from ui.escaping import escaped
from ui.wording import address, byline

EMPTY = (
    '<p class="fn-empty">The article behind a quote opens here. Ask something, then choose a number such as [1].</p>'
)

_WORD = re.compile(r"\S")
_PAGE = '<span class="fn-pagebreak" data-page="{0}" role="doc-pagebreak" aria-label="page {0}"></span>'


def article_html(article: Article, start: int = 0, end: int = 0) -> str:
    """Draw an article; the characters from start to end are marked, none when they are equal.

    Where a page begins stands an empty element that carries its number: no text that could be copied.
    """
    begins = _page_starts(article)
    paragraphs = "\n".join(
        f"<p>{_marked(article.text, a, b, (start, end), begins)}</p>" for a, b in paragraph_spans(article.text)
    )
    return (
        f'<article class="fn-article{" fn-paged" if article.pages else ""}" dir="auto">'
        f"<h2>{escaped(article.title)}</h2>"
        f'<p class="fn-byline">{escaped(byline(article))}{_original(article, start, end)}</p>'
        f"{paragraphs}</article>"
    )


def _page_starts(article: Article) -> dict[int, int]:
    """Give the offsets at which pages begin, in order, with their numbers; pages without text are left out."""
    starts: dict[int, int] = {}
    for number, offset in enumerate((0, *article.pages), 1):
        if article.pages and (first := _WORD.search(article.text, offset)):
            starts[first.start()] = number
    return starts


def _marked(text: str, a: int, b: int, marked: tuple[int, int], begins: dict[int, int]) -> str:
    """Draw a paragraph. Of `begins` those are taken out that stand in it, or before it."""
    start, end = marked
    here = [offset for offset in begins if offset < b]
    pages = {max(offset, a): begins.pop(offset) for offset in here}
    cuts = sorted({a, b, *pages, *(place for place in marked if a < place < b)})
    drawn = []
    inside = False
    for cut, following in zip(cuts, [*cuts[1:], b], strict=True):
        within = start <= cut < min(end, b)
        if within != inside:
            drawn.append('<mark tabindex="-1">' if within else "</mark>")
            inside = within
        if cut in pages:
            drawn.append(_PAGE.format(pages[cut]))
        drawn.append(escaped(text[cut:following]))
    return "".join(drawn) + ("</mark>" if inside else "")


def _original(article: Article, start: int, end: int) -> str:
    try:
        web = urlsplit(article.url).scheme in {"http", "https"}
    except ValueError:
        web = False
    if not web:
        return ""
    url = escaped(address(article, start, end))
    return f' · <a href="{url}" target="_blank" rel="noopener noreferrer nofollow">original</a>'
