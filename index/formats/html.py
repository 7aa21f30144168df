"""Web pages into articles: the article of the page, without what stands around it (trafilatura)."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from datetime import date

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.encodings import decoded, decoded_as
from index.formats.given import Given
from index.formats.markup import texts_at
from index.formats.page_rules import (
    AROUND,
    ARTICLES,
    BYLINES,
    HEADINGS,
    NOT_FREE,
    PASSWORDS,
    TITLES,
    better_title,
    byline,
    is_wall,
)
from index.records import Article

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WRITTEN_AS_A_DATE = {"original_date": True, "extensive_search": False}
"""A date counts where the page says that it is one; anywhere else it is often another: a copyright's, a war's."""

_SHORT = 1_500
_notices = logging.getLogger("footnote")

_JSON_LD = re.compile(r'"date\w*"\s*:\s*"[^"]{0,40}"', re.IGNORECASE)
_META = re.compile(r"<meta\s[^>]{0,1000}>", re.IGNORECASE)
_MODIFIED = re.compile("modif|updated", re.IGNORECASE)
_TIME = re.compile(r"<time\b[^>]{0,1000}>", re.IGNORECASE)


def read(given: Given) -> Iterator[Article]:
    """Read the article of a page; its date is said to come from the surest place of the page where it stands.

    Raises: ArticleError, when the page holds no article.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    html = characters_only(_html(given))
    page = bare_extraction(
        html,
        with_metadata=True,
        include_comments=False,
        include_formatting=False,
        date_extraction_params=_WRITTEN_AS_A_DATE,
        prune_xpath=AROUND,
    )
    text = characters_only(page.text or "") if isinstance(page, Document) else ""
    titles, headings, bylines, passwords, articles = texts_at(html, TITLES, HEADINGS, BYLINES, PASSWORDS, ARTICLES)
    if (
        not isinstance(page, Document)
        or not text.strip()
        or is_wall(text, password=bool(passwords), article=bool(articles), fetched=given.fetched is not None)
    ):
        raise _no_article(given)
    if NOT_FREE.search(html) and len(text) < _SHORT:
        _notices.warning("%s is not free to read; %d characters of it were there", given.where, len(text))
    fields = {
        "title": better_title(page.title or "", page.sitename or "", titles, headings),
        "author": (page.author or "").replace("; ", ", ") or byline(bylines),
        "source": page.sitename or "",
        "url": page.url or "",
        "published": page.date or "",
    }
    yield build(
        {field: characters_only(value) for field, value in fields.items()},
        re.sub(r"[ \t]*\n+", "\n\n", text),
        where=given.where,
        fallback=given.stem,
        origin=given.origin,
        dated=_dated(fields["published"], html, fields["url"]),
    )


def _no_article(given: Given) -> ArticleError:
    problem = f"{given.where} holds no article that could be told from the page around it"
    if given.fetched:
        return ArticleError(
            f"{problem}; perhaps it asks to log in, or is drawn by a program",
            "a page with an article",
            "Open it in a browser; if it shows one there, save the page and add the file",
        )
    return ArticleError(problem, "a page with an article", "Save the article's text in a file of its own")


def _html(given: Given) -> str:
    data = given.data()
    in_page = _CHARSET.search(data, 0, _HEAD_BYTES)
    names = (given.charset, in_page.group(1).decode() if in_page else "")
    declared = next((name for name in names if name and decoded_as(name, data) is not None), "")
    if declared and not data.startswith(_UTF_16):
        data = data.replace(b"\0", b"")
    return decoded(data, given.where, declared)


def _dated(published: str, html: str, url: str) -> str:
    """Name the surest place of a page where a date stands."""
    if not published:
        return ""
    day = date.fromisoformat(published)
    written = re.compile(day.strftime(r"(?<!\d)%Y[-/]?%m[-/]?%d(?!\d{3})"))
    for label, places in (("JSON-LD", _JSON_LD), ("meta tag", _META), ("time tag", _TIME)):
        found = [place.group() for place in places.finditer(html) if written.search(place.group())]
        if found:
            return f"{label}, modified" if all(_MODIFIED.search(place) for place in found) else label
    if re.search(rf"/{day.year}[/-]?0?{day.month}[/-]?(?:0?{day.day})?(?!\d)", url):
        return "url"
    return "page text"
