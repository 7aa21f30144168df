"""Damaged files of every kind give articles or refusals. FOOTNOTE_FUZZ=10000 tries so many, in place of 500."""

import io
import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path
from random import Random

from pytest import mark
from small_files import MAYOR, SNOW, docx, epub, mail, page, paragraph, pdf, pdf_page, rss, zipped

from index import Article, reading_process
from index.errors import ArticleError
from index.files import KINDS, read_articles
from index.reading_worker import BROKE

TRIALS = int(os.environ.get("FOOTNOTE_FUZZ", "500"))

HEAD = (
    '<meta charset="utf-8"><meta name="author" content="Ann Lee"><meta property="article:published_time" '
    'content="2020-06-09"><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Snow", '
    '"datePublished": "2020-06-09", "author": [{"@type": "Person", "name": "Ann Lee"}]}</script>'
)
ENTRIES = (
    f"<item><title>Snow</title><link>https://x/1</link><pubDate>Tue, 09 Jun 2020 10:00:00 GMT</pubDate>"
    f"<content:encoded><![CDATA[<p>{SNOW}</p><ul><li>{MAYOR}</li></ul>]]></content:encoded></item>"
) * 2
ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Hill</title><entry><id>1</id><updated>2020-06-09T00:00:00Z'
    f'</updated><content type="xhtml"><div><p>{SNOW}</p></div></content></entry></feed>'
)
FRONT = f"---\ntitle: Snow\npublished: 2020-06-09\n---\n\n{SNOW}\n\n{MAYOR}\n"
PDF = pdf([pdf_page(f"{SNOW}\n\n{SNOW} {SNOW}"), pdf_page(SNOW)], title="Snow")
BOOK = {"one": f"<h1>Snow</h1><p>{SNOW}</p>", "two": f"<p>{MAYOR}</p>"}
TABLE = paragraph("Snow", style="Title") + f"<w:tbl><w:tr><w:tc>{paragraph(SNOW)}</w:tc></w:tr></w:tbl>"
MIXED = mail(("Content-Type: text/plain; charset=utf-8", SNOW), ("Content-Type: text/html", f"<p>{MAYOR}"))
RECORDS = "\n".join(json.dumps({"id": f"a{n}", "title": "Snow", "text": SNOW, "date": "2020-06-09"}) for n in range(3))
ROWS = f'id,title,date,text\n1,Snow,2020-06-09,"{SNOW}"\n2,Snow,,"{MAYOR}\n\n{SNOW}"\n'

SOUND: dict[str, list[bytes]] = {
    ".txt": [SNOW.encode(), MAYOR.encode("cp1252"), f"\ufeff{MAYOR}".encode("utf-16-le"), ("снег " * 9).encode("cp1251")],
    ".md": [FRONT.encode()],
    ".jsonl": [RECORDS.encode()],
    ".csv": [ROWS.encode(), ROWS.encode("utf-16")],
    ".tsv": [ROWS.replace(",", "\t").encode()],
    ".html": [page(head=HEAD).encode(), page(head=HEAD).encode("utf-16")],
    ".htm": [page().encode("cp1252")],
    ".pdf": [PDF],
    ".docx": [docx(TABLE, title="Snow")],
    ".epub": [epub(BOOK)],
    ".eml": [MIXED, mail(("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64", "PHA+SXQgc25vd2VkLg=="))],
    ".xml": [rss(ENTRIES).encode(), rss(ENTRIES).encode("utf-16")],
    ".rss": [rss(ENTRIES).encode()],
    ".atom": [ATOM.encode()],
    ".zip": [zipped({"a.txt": SNOW, "b/c.html": page(), "d.pdf": PDF, "e.csv": ROWS, "f.docx": docx(TABLE)})],
}  # fmt: skip


def damaged(data: bytes, random: Random) -> bytes:
    """Damage a file in one to four ways."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted((random.randrange(len(data) + 1), random.randrange(len(data) + 1)))
        way = random.randrange(7)
        if way == 0:
            data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        elif way == 1:
            data = data[:to]
        elif way == 2:
            data = data[:to] + data[at : at + 300] * random.randint(1, 5) + data[to:]
        elif way == 3:
            data = data[:at] + random.choice(LENGTHS) + data[at + 4 :]
        elif way == 4:
            data = data[:at] + data[to : to + 40] + data[at + 40 : to] + data[at : at + 40] + data[to + 40 :]
        elif way == 5:
            data = data[:at] + random.choice(WORDS) + data[at:]
        else:
            digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57] or [0]
            place = random.choice(digits)
            data = data[:place] + random.choice([b"0", b"9", b"99999999", b"-1"]) + data[place + 1 :]
    return data


LENGTHS = [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0", b"\0\0\0\x80"]
WORDS = [
    b"\0", b"\xed\xa0\x80", b"&#0;", b"&#xD800;", b"&#xFFFE;", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [", b"<div>" * 300,
    b"<script>", b"\x1b[31m", b"\xef\xbf\xbe", b'"', b"\r\n\r\n", b"%%EOF", b"endobj", b"\\ud800", b"\n---\n",
]  # fmt: skip


def repacked(data: bytes, random: Random) -> bytes:
    """Damage one member of a zip file and pack it again, so that the damage is inside a sound zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    name = random.choice(sorted(members))
    return zipped({**members, name: damaged(members[name], random)})


def damaged_file(suffix: str, seed: int) -> bytes:
    random = Random(f"{suffix}{seed}")
    sound = random.choice(SOUND[suffix])
    if sound.startswith(b"PK") and random.random() < 0.7:
        return repacked(sound, random)
    return damaged(sound, random)


@mark.parametrize("suffix", SOUND)
def test_a_damaged_file_gives_articles_or_errors(tmp_path: Path, suffix: str) -> None:
    used = set()
    for seed in range(-(-TRIALS // len(SOUND))):
        file = tmp_path / f"{seed}{suffix}"  # what fails names its seed
        file.write_bytes(damaged_file(suffix, seed))
        for found in read_articles(file):
            check(found, file)
        file.unlink()
        used |= reading_process._running
    assert len(used) <= 1, "the process died, if only by chance"


def check(one: object, file: Path) -> None:
    if isinstance(one, ArticleError):
        assert not isinstance(one, reading_process._Died), one
        assert BROKE not in str(one), one
        assert str(file) in str(one)
        return
    assert isinstance(one, Article)
    for text in (one.id, one.title, one.text, one.source, one.url, one.author, one.origin):
        assert "\0" not in text
        text.encode()
    assert one.text == one.text.strip() != ""
    assert one.title
    assert bool(one.published) == bool(one.published_from)
    assert all(a <= b for a, b in pairwise([0, *one.pages, len(one.text)]))


def test_every_kind_is_tried_and_read_when_it_is_sound(tmp_path: Path) -> None:
    assert set(SOUND) == set(KINDS)
    for suffix, files in SOUND.items():
        for number, data in enumerate(files):
            file = tmp_path / f"{number}{suffix}"
            file.write_bytes(data)
            found = list(read_articles(file))
            assert found
            assert all(isinstance(one, Article) for one in found), found
