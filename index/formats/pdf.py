"""PDF files into articles (pypdfium2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.given import Given
from index.formats.printed_lines import LINE_END_HYPHEN, Line, flowing_text
from index.records import Article

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 5000

_CONTROLS = re.compile("[\x00-\x1f\ud800-\udfff\uffff]")
_HYPHEN_IN_PDFIUM = "\ufffe"
_REMEDIES = {4: ("encrypted", "a PDF without a password", "Save it without one")}
_OTHER = ("damaged, or no PDF", "a whole PDF", "Get or save it again")
_LEFT_BY_PROGRAMS = ("microsoft ", "untitled", "powerpoint ", "print", "layout ")
_FILE_NAMES = (".doc", ".docx", ".indd", ".pdf", ".qxd", ".qxp", ".rtf", ".tex", ".dvi", ".ppt", ".pptx", ".txt")
_MOST_UNKNOWN = 0.3


def read(given: Given) -> Iterator[Article]:
    """Read the text of all pages as one article; the date of the file is no date of the article, and is not taken.

    Raises: ArticleError, when it is encrypted, damaged, too long, or has pictures of text in place of text.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(given.data())
    except PdfiumError as error:
        found, expected, remedy = _REMEDIES.get(error.err_code or 0, _OTHER)
        raise ArticleError(f"{given.where} is {found}", expected, remedy) from error
    with closing(document):
        if len(document) > MAX_PAGES:
            raise ArticleError(
                f"{given.where} says it has {len(document):,} pages", f"at most {MAX_PAGES:,}", "Split it"
            )
        pages = [_page_lines(document, number) for number in range(len(document))]
        title = document.get_metadata_value("Title").strip()
        author = document.get_metadata_value("Author")
    text, offsets = flowing_text(pages)
    if not text:
        raise ArticleError(
            f"{given.where} has {len(pages):,} page{'' if len(pages) == 1 else 's'} and no text, as scanned ones have",
            "a PDF with text",
            "Have its text recognised (OCR)",
        )
    if sum(map(_unknown, text)) > _MOST_UNKNOWN * len(text):
        raise ArticleError(
            f"{given.where} has fonts that do not say what letters they draw", "a PDF with text", "Save it anew"
        )
    if title.lower().startswith(_LEFT_BY_PROGRAMS) or title.lower().endswith(_FILE_NAMES):
        title = ""
    yield build(
        {"title": characters_only(title), "author": characters_only(author)},
        text,
        where=given.where,
        fallback=given.stem,
        origin=given.origin,
        dated="",
        pages=offsets,
    )


def _page_lines(document: PdfDocument, number: int) -> list[Line]:
    """Give the lines of a page in the order of the file; none for a page that is damaged."""
    from pypdfium2 import PdfiumError

    try:
        with closing(document[number]) as page:
            return list(_lines(page))
    except PdfiumError:
        return []


def _lines(page: PdfPage) -> Iterator[Line]:
    from pypdfium2.raw import FPDFText_GetCharIndexFromTextIndex as char_index

    with closing(page.get_textpage()) as text_page:
        start = 0
        for line in text_page.get_text_range().split("\r\n"):
            text = _CONTROLS.sub("", line).replace(_HYPHEN_IN_PDFIUM, LINE_END_HYPHEN)
            if text.strip():
                first = char_index(text_page.raw, start + len(line) - len(line.lstrip()))
                last = char_index(text_page.raw, start + len(line.rstrip()) - 1)
                left, bottom, _, top = text_page.get_charbox(max(first, 0), loose=True)
                _, last_bottom, right, _ = text_page.get_charbox(max(last, 0), loose=True)
                yield Line(" ".join(text.split()), left, right, bottom, last_bottom, top - bottom)
            start += len(line) + len("\r\n")


def _unknown(char: str) -> bool:
    return char == "\ufffd" or "\ue000" <= char <= "\uf8ff"
