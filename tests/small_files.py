"""Small files of each kind, made by hand for the tests, and what is read from them."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from index import Article
from index.errors import ArticleError
from index.files import read_articles

SNOW = "It snowed on the hill of Ode on Tuesday, and the roads were closed until noon."
MAYOR = "“It has never snowed in June,” said Ann Lee, the mayor, who has lived there for sixty years."

Words = tuple[float, float, float, str]
"""Where a line of a PDF stands, x and y in points, the size of its letters, and its text."""


def pdf(pages: Sequence[Sequence[Words]], *, title: str = "", count: int | None = None, encrypted: str = "") -> bytes:
    info = f"<< /Title ({title}) >>"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font, info]
    kids = []
    for lines in pages:
        shown = "".join(f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj\n" for x, y, size, text in lines)
        objects.append(f"<< /Length {len(shown) + 6} >>\nstream\nBT\n{shown}ET\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids) if count is None else count} /Kids [{' '.join(kids)}] >>"
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {encrypted} >>"
    return written + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer {trailer}\nstartxref\n{len(written)}\n%%EOF"
    ).encode("cp1252")


def pdf_page(text: str, *, top: float = 720, width: int = 70) -> list[Words]:
    """Set a text in lines of at most so many characters, a paragraph for each empty line."""
    lines: list[Words] = []
    for paragraph in text.split("\n\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append((72, top, 11, line))
                line, top = "", top - 14
            line += f" {word}" if line else word
        lines.append((72, top, 11, line))
        top -= 26
    return lines


def zipped(files: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return packed.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, *, title: str = "") -> bytes:
    """Pack the body of a Word document, as XML with the prefix w."""
    files: dict[str, str | bytes] = {
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    }
    if title:
        files["docProps/core.xml"] = f'<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></p>'
    return zipped(files)


def paragraph(text: str, *, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(chapters: dict[str, str], *, said: str = "<dc:title>Weather</dc:title>") -> bytes:
    """Pack a book of chapters, by name and inner HTML."""
    items = "".join(f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in chapters)
    order = "".join(f'<itemref idref="c{n}"/>' for n in chapters)
    return zipped(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>',
            "O/b.opf": f'<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{said}</metadata>'
            f"<manifest>{items}</manifest><spine>{order}</spine></package>",
            **{f"O/{name}.xhtml": f"<html><body>{inner}</body></html>" for name, inner in chapters.items()},
        }
    )


def page(
    *,
    head: str = "",
    body: str = f"<p>{SNOW}</p><p>{MAYOR}</p>",
    foot: str = "© 2019 Hill Gazette. All rights reserved.",
) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Snow in June</title>{head}</head><body>"
        '<nav><a href="/">Home</a><a href="/sport">Sport</a></nav><div class="ad">Buy a sledge today!</div>'
        f"<article><h1>Snow in June</h1>{body}</article>"
        f'<aside>Most read: <a href="/x">Ten ways to cook rye</a></aside><footer>{foot}</footer></body></html>'
    )


def rss(items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Hill Gazette</title><link>https://hill.example</link>{items}</channel></rss>"
    )


def mail(*parts: tuple[str, str], headers: str = "") -> bytes:
    """Write a message of parts, each its headers and its body; one part alone is the message."""
    top = f"From: Ann Lee <ann@hill.example>\r\nSubject: Snow in June\r\nDate: Tue, 9 Jun 2020 10:00:00 +0200\r\n{headers}"
    if len(parts) == 1:
        return f"{top}{parts[0][0]}\r\n\r\n{parts[0][1]}".encode()
    inner = "".join(f"--b\r\n{head}\r\n\r\n{body}\r\n" for head, body in parts)
    return f'{top}Content-Type: multipart/alternative; boundary="b"\r\n\r\n{inner}--b--\r\n'.encode()


def read(file: Path, data: bytes | str) -> list[Article | ArticleError]:
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read_articles(file))


def article(file: Path, data: bytes | str) -> Article:
    (found,) = read(file, data)
    assert isinstance(found, Article), found
    return found


def articles(file: Path, data: bytes | str) -> list[Article]:
    found = read(file, data)
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def refusal(file: Path, data: bytes | str) -> str:
    (found,) = read(file, data)
    assert isinstance(found, ArticleError), found
    assert str(file) in str(found)
    return str(found)
