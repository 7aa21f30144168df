"""The article behind a quote, for the page."""

from __future__ import annotations

from typing import Any

from index import Library
from index.errors import ArticleError
from ui.answer_html import place
from ui.article_html import article_html
from ui.authority import may_change
from ui.wording import byline


def read(data: Any, library: Library, request: Any) -> dict[str, Any]:
    """Give an article, whole, with the place marked that a citation names.

    Raises: ArticleError, when it is no place, or its article is gone.
    """
    written = data.get("place") if isinstance(data, dict) else None
    cited = place(written) if isinstance(written, str) else None
    article = library.article(cited.article, cited.version) if cited else None
    if cited is None or article is None:
        raise ArticleError(
            "this article is no longer in the library", "one that it holds", "Ask again to see what it holds now"
        )
    return {
        "html": article_html(article, cited.start, cited.end),
        "id": article.id,
        "title": article.title,
        "byline": byline(article),
        "removable": may_change(request),
    }
