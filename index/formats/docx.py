"""Word documents (.docx) into articles: a zip of XML, its paragraphs taken in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.given import Given
from index.formats.markup import local_name, xml_tree
from index.formats.zipped import Zipped
from index.records import Article

_DOCUMENT = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TITLE_STYLES = frozenset({"Title", "Titel", "Titre"})
_SECOND_COPIES = frozenset({"Fallback", "del", "moveFrom"})
"""What the document holds twice, or no longer holds: text boxes for old programs, tracked deletions."""


def read(given: Given) -> Iterator[Article]:
    """Read a document's paragraphs and table rows; footnotes, headers and comments are left out.

    Raises: ArticleError, when it is damaged, encrypted or empty.
    """
    with given.open() as stream:
        if stream.read(len(_OLE)) == _OLE:
            raise ArticleError(
                f"{given.where} is encrypted, or an old .doc", "a .docx without a password", "Save it as one"
            )
    with closing(Zipped(given)) as file:
        body = xml_tree(file.data(_DOCUMENT), given.where)
        named = {member.filename for member in file.members}
        properties = xml_tree(file.data(_PROPERTIES), given.where) if _PROPERTIES in named else ()
    title = next((node.text or "" for node in properties if local_name(node) == "title"), "")
    paragraphs: list[str] = []
    for node in _blocks(body):
        text = _text(node).strip()
        if text:
            paragraphs.append(text)
            title = title.strip() or (text if _style(node) in _TITLE_STYLES else "")
    yield build(
        {"title": characters_only(title)},
        characters_only("\n\n".join(paragraphs)),
        where=given.where,
        fallback=given.stem,
        origin=given.origin,
        dated="",
    )


def _blocks(node: Any) -> Iterator[Any]:
    """Give the outermost paragraphs and table rows, in order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        name = local_name(node)
        if name in {"p", "tr"}:
            yield node
        elif name not in _SECOND_COPIES:
            waiting.extend(reversed(node))


def _text(block: Any) -> str:
    """Give a block's text; a paragraph inside it stands on a line of its own, a cell of a row after a tab."""
    pieces: list[str] = []
    waiting = [block]
    while waiting:
        node = waiting.pop()
        name = local_name(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name in _MARKS:
            pieces.append(_MARKS[name])
        elif name not in _SECOND_COPIES:
            if name == "tc":
                pieces.append("\t")
            elif name == "p" and pieces and not pieces[-1].endswith(("\t", "\n")):
                pieces.append("\n")
            waiting.extend(reversed(node))
    return "".join(pieces)


def _style(paragraph: Any) -> str:
    for node in paragraph.iter():
        if local_name(node) == "pStyle":
            return next((value for name, value in node.attrib.items() if name.endswith("val")), "")
    return ""
