"""Which kind of file an answer of the web is: what its Content-Type says, never a look at its bytes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from index.errors import FetchError
from index.formats.given import MAX_FILE_BYTES
from index.formats.kinds import READERS

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
_WRITTEN = frozenset({".txt", ".md", ".csv", ".tsv", ".jsonl"})
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PACKED = frozenset({".pdf", ".docx", ".epub", ".eml"})
_MOST_BYTES = 20_000_000
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


def kind_of(content_type: str, target: str, where: str) -> tuple[str, str]:
    """Give the suffix of the reader, and the encoding the server names, "" if none.

    Where the type says no more than that it is text, or bytes, the address's own suffix says which.

    Raises: FetchError, when it is of a kind that cannot be read.
    """
    named = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    suffix = PurePosixPath(target.partition("?")[0]).suffix.lower()
    told_by_suffix = READERS if named in _SAYS_NOTHING else _WRITTEN if named == "text/plain" else ()
    if suffix in told_by_suffix:
        kind = suffix
    elif named in _KINDS:
        kind = _KINDS[named]
    else:
        raise FetchError(
            f"{where} is of a kind that cannot be read ({named[:80] or 'no Content-Type'})",
            "a web page, a feed, a PDF, text, Word, a book, an e-mail, a table",
            "Save it as one of these and add the file",
        )
    return kind, charset.group(1) if charset else ""


def most_bytes(kind: str) -> int:
    """Give the largest size that is fetched."""
    return MAX_FILE_BYTES if kind in _PACKED else _MOST_BYTES
