"""An article as HTML, whole, with the quoted sentence marked."""

from __future__ import annotations

from urllib.parse import urlsplit

from index import Article
from index.sentences import paragraph_spans
from ui.escaping import escaped
from ui.wording import byline

EMPTY = (
    '<p class="fn-empty">The article behind a quote opens here. Ask something, then choose a number such as [1].</p>'
)


def article_html(article: Article, start: int = 0, end: int = 0) -> str:
    """Draw an article; the characters from start to end are marked, none when they are equal."""
    paragraphs = "\n".join(
        f"<p>{_marked(article.text, a, b, start, end)}</p>" for a, b in paragraph_spans(article.text)
    )
    return (
        '<article class="fn-article" dir="auto">'
        f"<h2>{escaped(article.title)}</h2>"
        f'<p class="fn-byline">{escaped(byline(article))}{_original(article)}</p>'
        f"{paragraphs}</article>"
    )


def _marked(text: str, a: int, b: int, start: int, end: int) -> str:
    first, last = max(a, start), min(b, end)
    if first >= last:
        return escaped(text[a:b])
    return escaped(text[a:first]) + f'<mark tabindex="-1">{escaped(text[first:last])}</mark>' + escaped(text[last:b])


def _original(article: Article) -> str:
    try:
        web = urlsplit(article.url).scheme in {"http", "https"}
    except ValueError:
        web = False
    if not web:
        return ""
    return f' · <a href="{escaped(article.url)}" target="_blank" rel="noopener noreferrer nofollow">original</a>'
