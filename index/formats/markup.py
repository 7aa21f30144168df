"""XML and pieces of HTML, read without network, entities or bombs (lxml)."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Any

from index.errors import ArticleError

_XML_NAMES = frozenset("amp lt gt quot apos".split())
_ENTITY = re.compile(rb"&(?:([A-Za-z][A-Za-z0-9]{0,30});|(?!#))")
_UNSEEN = frozenset("head script style template noscript svg math object iframe select textarea button nav".split())
_CELLS = frozenset("td th".split())
_BLOCKS = frozenset(
    (
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead "
        "tr ul"
    ).split()
)
_HEADINGS = frozenset("h1 h2 h3".split())


def xml_tree(data: bytes, where: str) -> Any:
    """Parse XML; names of HTML characters and lone ampersands are borne, any other mistake is not.

    The parser's own recovery is left off: after a mistake it drops characters without a word.

    Raises: ArticleError, when it is not XML, or declares entities of its own.
    """
    from lxml import etree

    def parsed(data: bytes) -> Any:
        parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities="internal", remove_comments=True)
        return etree.fromstring(data, parser)

    data = data.lstrip()
    if b"<!ENTITY" in data or "<!ENTITY".encode("utf-16-le") in data or "<!ENTITY".encode("utf-16-be") in data:
        raise ArticleError(f"{where} declares entities of its own", "XML that stands alone", "Leave it out")
    try:
        try:
            return parsed(data)
        except etree.XMLSyntaxError:
            return parsed(_ENTITY.sub(_as_number, data))
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise ArticleError(f"{where} is not XML ({problem})", "well-formed XML", "Save it again") from error


def local_name(node: Any) -> str:
    """Give a node's name without its namespace; "" for what is no element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def html_text(html: str) -> tuple[str, str]:
    """Give the heading (the first, else the title) and the text of HTML, its paragraphs parted by empty lines.

    Everything that is seen is kept: pages of which only the article is wanted are for `index.formats.html`.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return "", ""
    if root is None:
        return "", ""
    heading = next((text for node in root.iter(*_HEADINGS) if (text := _flat(node))), "")
    return heading or next(map(_flat, root.iter("title")), ""), element_text(root)


def texts_at(html: str, *paths: str) -> list[list[str]]:
    """Give, for each XPath, the text of each element there, in one line; nothing where HTML cannot be parsed."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    return [[_flat(node) for node in root.xpath(path)] if root is not None else [] for path in paths]


def element_text(root: Any) -> str:
    """Give the text of an element that holds HTML elements, its paragraphs parted by empty lines."""
    from lxml import etree

    paragraphs: list[list[str]] = [[]]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        name = local_name(node).lower()
        starts = event == "start"
        if starts and name in _UNSEEN:
            walk.skip_subtree()
            continue
        if name in _BLOCKS:
            paragraphs.append([])
        elif starts and name == "br":
            paragraphs[-1].append("\n")
        elif starts and name in _CELLS:
            paragraphs[-1].append("\t")
        inside = node.text if starts else node.tail if node is not root else ""
        paragraphs[-1].append(re.sub(r"\s+", " ", inside or ""))
    tidy = (re.sub(r" *([\t\n]) *", r"\1", re.sub(" +", " ", "".join(pieces))).strip() for pieces in paragraphs)
    return "\n\n".join(paragraph for paragraph in tidy if paragraph)


def _flat(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _as_number(match: re.Match[bytes]) -> bytes:
    name = (match.group(1) or b"").decode()
    if name in _XML_NAMES:
        return match.group()
    if name in name2codepoint:
        return b"&#%d;" % name2codepoint[name]
    return b"&amp;" + match.group()[1:]
