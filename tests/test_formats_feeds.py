from datetime import date
from pathlib import Path

from pytest import mark
from small_files import MAYOR, SNOW, article, articles, read, refusal, rss

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Hill Gazette</title>{}</feed>"""


def test_an_entry_brings_its_whole_content_when_it_has_it(tmp_path: Path) -> None:
    file = tmp_path / "a.rss"
    item = (
        "<item><title>Snow &amp;amp; ice</title><link>https://hill.example/1</link><guid>hill-1</guid>"
        "<pubDate>Tue, 09 Jun 2020 10:00:00 GMT</pubDate><dc:creator>Ann Lee</dc:creator>"
        "<media:title>A picture</media:title><description>It snowed…</description>"
        f"<content:encoded><![CDATA[<p>{SNOW}</p><p>{MAYOR}</p>]]></content:encoded></item>"
    )
    found = article(file, rss(item))
    assert (found.title, found.text) == ("Snow & ice", f"{SNOW}\n\n{MAYOR}")
    assert (found.author, found.source, found.url) == ("Ann Lee", "Hill Gazette", "https://hill.example/1")
    assert (found.published, found.published_from) == (date(2020, 6, 9), "feed's pubDate")
    assert found.origin == f"{file.resolve()}#hill-1"


def test_a_teaser_is_taken_with_what_it_has(tmp_path: Path) -> None:
    found = article(
        tmp_path / "a.xml", rss("<item><description>Rain&nbsp;&amp; &lt;b&gt;snow&lt;/b&gt;.</description></item>")
    )
    assert (found.title, found.text, found.published) == ("Rain & snow.", "Rain & snow.", None)


def test_atom_entries_hold_text_html_or_elements(tmp_path: Path) -> None:
    entry = (
        "<entry><title>{0}</title><link rel='self' href='x'/><link href='https://hill.example/{0}'/><id>{0}</id>"
        "<updated>2020-06-10T00:00:00Z</updated><published>2020-06-09T00:00:00Z</published>"
        "<author><name>Ann Lee</name></author>{1}</entry>"
    )
    found = articles(
        tmp_path / "a.atom",
        ATOM.format(
            entry.format("one", "<content>3 &lt; 4, and so on.</content>")
            + entry.format("two", f"<content type='html'>&lt;p&gt;{SNOW}&lt;/p&gt;</content>")
            + entry.format("three", f"<content type='xhtml'><div xmlns='u'><p>{SNOW}</p><p>{MAYOR}</p></div></content>")
            + entry.format("four", "<content type='text'>a &lt;p> b</content>")
        ),
    )
    assert [one.text for one in found] == ["3 < 4, and so on.", SNOW, f"{SNOW}\n\n{MAYOR}", "a <p> b"]
    assert {(one.author, one.source, one.published) for one in found} == {("Ann Lee", "Hill Gazette", date(2020, 6, 9))}
    assert found[0].url == "https://hill.example/one"


def test_an_entry_without_text_is_an_error_in_its_place(tmp_path: Path) -> None:
    error, found = read(
        tmp_path / "a.rss", rss(f"<item><title>x</title></item><item><description>{SNOW}</description></item>")
    )
    assert "entry 1 holds no text" in str(error)
    assert getattr(found, "text", "") == SNOW


def test_a_lone_ampersand_is_borne(tmp_path: Path) -> None:
    assert (
        article(tmp_path / "a.rss", rss("<item><description>Lee & Sons &eacute;</description></item>")).text
        == "Lee & Sons é"
    )


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@mark.parametrize(
    ("data", "words"),
    [
        (f'<!DOCTYPE x [<!ENTITY a0 "lol">{BOMB}]><rss>&a9;</rss>'.encode(), "declares entities"),
        (f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{BOMB}]><rss>&a9;</rss>'.encode("utf-16"), "declares entities"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "declares entities"),
        (b"", "is not XML"),
        (b"It snowed.", "is not XML"),
        (b"<rss><item></rss>", "is not XML"),
        (b"<a>" * 100_000, "is not XML"),
        (b"<urlset/>", "XML of another kind (<urlset>)"),
        (b"<rss/>", "holds no entry"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_feed_or_a_bomb_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / "a.xml", data)
