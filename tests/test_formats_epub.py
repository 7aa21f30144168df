from datetime import date
from pathlib import Path

from pytest import mark
from small_files import MAYOR, SNOW, articles, epub, read, refusal, zipped

SAID = (
    "<dc:title>Weather of Ode</dc:title><dc:creator>Ann Lee</dc:creator><dc:publisher>Hill Press</dc:publisher>"
    "<dc:date>2020-06-09</dc:date>"
)


def test_each_chapter_is_an_article_with_the_title_of_its_book(tmp_path: Path) -> None:
    file = tmp_path / "a.epub"
    one, two = articles(file, epub({"one": f"<h1>Snow</h1><p>{SNOW}</p>", "two": f"<p>{MAYOR}</p>"}, said=SAID))
    assert (one.title, one.text) == ("Weather of Ode: Snow", f"Snow\n\n{SNOW}")
    assert (two.title, two.text) == ("Weather of Ode", MAYOR)
    assert (one.author, one.source, one.published) == ("Ann Lee", "Hill Press", date(2020, 6, 9))
    assert one.origin == f"{file.resolve()}!O/one.xhtml"


def test_a_year_alone_is_no_date(tmp_path: Path) -> None:
    (one,) = articles(tmp_path / "a.epub", epub({"one": f"<p>{SNOW}</p>"}, said="<dc:date>2020</dc:date>"))
    assert one.published is None


def test_a_chapter_that_is_missing_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    book = epub({"one": f"<p>{SNOW}</p>", "two": f"<p>{MAYOR}</p>"}).replace(b"O/one.xhtml", b"O/off.xhtml")
    error, two = read(tmp_path / "a.epub", book)
    assert "lacks 'O/one.xhtml'" in str(error)
    assert getattr(two, "text", "") == MAYOR


@mark.parametrize(
    ("data", "words"),
    [
        (zipped({"a.txt": SNOW}), "lacks 'META-INF/container.xml'"),
        (zipped({"META-INF/container.xml": "<container/>"}), "names no package file"),
        (epub({"one": "<p> </p>"}), "holds no text"),
        (epub({}), "holds no text"),
        (b"PK", "is damaged"),
    ],
)
def test_a_file_that_is_no_book_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / "a.epub", data)
